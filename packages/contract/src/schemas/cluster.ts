// Clusters and their connection strings. One body takes all three dialects of the Atlas API (2023-01-01: provider
// settings and node counts by region name; 2023-02-01: region configs with `numShards`; 2024-08-05 and later: one
// replication spec per shard, disk size beside the node count); which fields a version wants is judged where the spec
// is made (control-plane resources/cluster/spec.ts). Fields that only the server sets are accepted and ignored, because
// clients send back what they read.

import { z } from 'zod'
import { ciphersTls12, ciphersTls13 } from './process-args.ts'

const readOnly = z.unknown().optional()
const keyValues = z.array(z.strictObject({ key: z.string().min(1).max(255), value: z.string().min(1).max(255) }))

/** The contract has them in capitals, what was recorded has not. */
const readPreference = z.string().regex(/^(primary|secondary|analytics)$/i, 'must be primary, secondary or analytics')
const volumeType = z.enum(['STANDARD', 'PROVISIONED', 'HIGH_PERFORMANCE'])

const hardware = z.looseObject({
  instanceSize: z.string().optional(),
  nodeCount: z.int().min(0).max(50).optional(),
  diskSizeGB: z.number().positive().optional(),
  diskIOPS: z.int().positive().optional(),
  ebsVolumeType: volumeType.optional(),
})

const sizeBounds = { minInstanceSize: z.string().nullish(), maxInstanceSize: z.string().nullish() }

const autoScaling = z.looseObject({
  compute: z
    .looseObject({ enabled: z.boolean().optional(), scaleDownEnabled: z.boolean().optional(), ...sizeBounds })
    .optional(),
  diskGB: z.looseObject({ enabled: z.boolean().optional() }).optional(),
})

const regionConfig = z.looseObject({
  providerName: z.string(),
  backingProviderName: z.string().optional(),
  regionName: z.string(),
  priority: z.int().min(0).max(7).optional(),
  electableSpecs: hardware.optional(),
  readOnlySpecs: hardware.optional(),
  analyticsSpecs: hardware.optional(),
  autoScaling: autoScaling.optional(),
  analyticsAutoScaling: autoScaling.optional(),
})

/** 2023-01-01: what stands under one region's name. */
const legacyRegion = z.strictObject({
  electableNodes: z.int().min(0).max(50).optional(),
  readOnlyNodes: z.int().min(0).max(50).optional(),
  analyticsNodes: z.int().min(0).max(50).optional(),
  priority: z.int().min(0).max(7).optional(),
})

const replicationSpec = z.strictObject({
  id: readOnly,
  zoneId: readOnly,
  zoneName: z.string().min(1).max(255).optional(),
  numShards: z.int().min(1).max(50).optional(),
  regionConfigs: z.array(regionConfig).min(1).optional(),
  regionsConfig: z.record(z.string(), legacyRegion).optional(),
})

/** What a change may say: whatever it leaves out stays as it is. */
const clusterPatch = z.strictObject({
  name: z.string().optional(),
  clusterType: z.enum(['REPLICASET', 'SHARDED', 'GEOSHARDED']).optional(),
  replicationSpecs: z.array(replicationSpec).max(100).optional(),
  backupEnabled: z.boolean().optional(),
  configServerManagementMode: z.enum(['ATLAS_MANAGED', 'FIXED_TO_DEDICATED']).optional(),
  biConnector: z.looseObject({ enabled: z.boolean().optional(), readPreference: readPreference.optional() }).optional(),
  diskSizeGB: z.number().positive().optional(),
  diskWarmingMode: z.enum(['FULLY_WARMED', 'VISIBLE_EARLIER', 'ENHANCED_FULLY_WARMED']).optional(),
  encryptionAtRestProvider: z.enum(['NONE', 'AWS', 'AZURE', 'GCP']).optional(),
  globalClusterSelfManagedSharding: z.boolean().optional(),
  labels: keyValues.optional(),
  tags: keyValues.optional(),
  mongoDBMajorVersion: z.string().optional(),
  paused: z.boolean().optional(),
  pitEnabled: z.boolean().optional(),
  redactClientLogData: z.boolean().optional(),
  retainBackups: z.boolean().optional(),
  replicaSetScalingStrategy: z.enum(['SEQUENTIAL', 'WORKLOAD_TYPE', 'NODE_TYPE']).optional(),
  rootCertType: z.enum(['ISRGROOTX1']).optional(),
  terminationProtectionEnabled: z.boolean().optional(),
  versionReleaseSystem: z.enum(['LTS', 'CONTINUOUS']).optional(),
  useAwsTimeBasedSnapshotCopyForFastInitialSync: z.boolean().optional(),
  advancedConfiguration: z
    .looseObject({
      minimumEnabledTlsProtocol: z.enum(['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3']).optional(),
      tlsCipherConfigMode: z.enum(['CUSTOM', 'DEFAULT']).optional(),
      customOpensslCipherConfigTls12: ciphersTls12.optional(),
      customOpensslCipherConfigTls13: ciphersTls13.optional(),
    })
    .optional(),

  // 2023-01-01 only
  autoScaling: z
    .looseObject({
      compute: z.looseObject({ enabled: z.boolean().optional(), scaleDownEnabled: z.boolean().optional() }).optional(),
      diskGBEnabled: z.boolean().optional(),
    })
    .optional(),
  numShards: z.int().min(1).max(50).optional(),
  providerBackupEnabled: z.boolean().optional(),
  providerSettings: z
    .looseObject({
      providerName: z.string().optional(),
      backingProviderName: z.string().optional(),
      instanceSizeName: z.string().optional(),
      regionName: z.string().optional(),
      diskIOPS: z.int().positive().optional(),
      volumeType: volumeType.optional(),
      autoScaling: z.looseObject({ compute: z.looseObject(sizeBounds).optional() }).optional(),
    })
    .optional(),
  replicationFactor: z.union([z.literal(3), z.literal(5), z.literal(7)]).optional(),
  replicationSpec: z.record(z.string(), legacyRegion).optional(),

  // Accepted and without effect here
  acceptDataRisksAndForceReplicaSetReconfig: readOnly,
  mongoDBEmployeeAccessGrant: readOnly,

  // Set by the server
  adaptiveCapacity: readOnly,
  configServerType: readOnly,
  connectionStrings: readOnly,
  createDate: readOnly,
  effectiveDatabaseEdition: readOnly,
  effectiveReplicationSpecs: readOnly,
  featureCompatibilityVersion: readOnly,
  featureCompatibilityVersionExpirationDate: readOnly,
  groupId: readOnly,
  id: readOnly,
  internalClusterRole: readOnly,
  links: readOnly,
  mongoDBVersion: readOnly,
  mongoURI: readOnly,
  mongoURIUpdated: readOnly,
  mongoURIWithOptions: readOnly,
  srvAddress: readOnly,
  stateName: readOnly,
})

/** What a new cluster must and may say, completed with Atlas's defaults. */
const clusterBody = clusterPatch.extend({
  name: z.string(),
  clusterType: clusterPatch.shape.clusterType.unwrap().default('REPLICASET'),
  backupEnabled: z.boolean().default(false),
  diskWarmingMode: clusterPatch.shape.diskWarmingMode.unwrap().default('FULLY_WARMED'),
  encryptionAtRestProvider: clusterPatch.shape.encryptionAtRestProvider.unwrap().default('NONE'),
  globalClusterSelfManagedSharding: z.boolean().default(false),
  labels: keyValues.default([]),
  paused: z.boolean().default(false),
  pitEnabled: z.boolean().default(false),
  redactClientLogData: z.boolean().default(false),
  retainBackups: z.boolean().default(false),
  rootCertType: clusterPatch.shape.rootCertType.unwrap().default('ISRGROOTX1'),
  terminationProtectionEnabled: z.boolean().default(false),
  useAwsTimeBasedSnapshotCopyForFastInitialSync: z.boolean().default(false),
  versionReleaseSystem: clusterPatch.shape.versionReleaseSystem.unwrap().default('LTS'),
})

export const connectionStringsSchema = z.object({
  awsPrivateLink: z.record(z.string(), z.string()).optional(),
  awsPrivateLinkSrv: z.record(z.string(), z.string()).optional(),
  privateEndpoint: z
    .array(
      z.object({
        connectionString: z.string(),
        endpoints: z.array(
          z.object({ endpointId: z.string(), providerName: z.enum(['AWS', 'AZURE', 'GCP']), region: z.string() }),
        ),
        srvConnectionString: z.string().optional(),
        srvShardOptimizedConnectionString: z.string().optional(),
        type: z.enum(['MONGOD', 'MONGOS']),
      }),
    )
    .optional(),
  standard: z.string().optional(),
  standardSrv: z.string().optional(),
})

/** What every version answers alike; the rest of a description depends on the version. */
const clusterReply = z.looseObject({
  clusterType: z.enum(['REPLICASET', 'SHARDED', 'GEOSHARDED']),
  connectionStrings: connectionStringsSchema,
  createDate: z.string(),
  groupId: z.string(),
  id: z.string(),
  links: z.array(z.object({ href: z.string(), rel: z.string() })),
  mongoDBMajorVersion: z.string(),
  mongoDBVersion: z.string(),
  name: z.string(),
  stateName: z.enum(['CREATING', 'IDLE', 'UPDATING', 'REPAIRING', 'DELETING']),
  terminationProtectionEnabled: z.boolean(),
})

const flag = z.enum(['true', 'false']).optional()

export const clusterSchemas = {
  listGroupClusters: {
    query: z.object({ includeDeletedWithRetainedBackups: flag }),
    reply: z.object({
      links: z.array(z.object({ href: z.string(), rel: z.string() })),
      results: z.array(clusterReply),
      totalCount: z.int(),
    }),
  },
  createGroupCluster: { body: clusterBody, reply: clusterReply },
  getGroupCluster: { reply: clusterReply },
  updateGroupCluster: { body: clusterPatch, reply: clusterReply },
  deleteGroupCluster: { query: z.object({ retainBackups: flag }), reply: z.object({}) },
  listGroupClusterMembers: {
    reply: z.object({
      results: z.array(
        z.object({
          id: z.string(),
          /** `host:port` as the deployment spells it. */
          hostPort: z.string(),
          providerName: z.enum(['AWS', 'AZURE', 'GCP']),
          regionName: z.string(),
          /** What the member last said of itself; `unknown`: not reachable from here, or in no state to serve. */
          role: z.string(),
          healthy: z.boolean(),
          /** Whether connection strings name it. */
          listed: z.boolean(),
        }),
      ),
      totalCount: z.number().int(),
      /** Why the deployment as a whole does not answer; null where it does. */
      errorMessage: z.string().nullable(),
    }),
  },
  getGroupClusterConnectionStrings: {
    reply: z.object({
      /** Null when `ready`; else why there are no private strings yet. */
      reason: z.string().nullable(),
      ready: z.boolean(),
      standard: z.string().nullable(),
      /** Per provider, the regions of the cluster that have no AVAILABLE endpoint. */
      missing: z.array(z.object({ provider: z.enum(['AWS', 'AZURE', 'GCP']), regions: z.array(z.string()) })),
      endpoints: z.array(
        z.object({
          endpointId: z.string(),
          provider: z.enum(['AWS', 'AZURE', 'GCP']),
          region: z.string(),
          form: z.enum(['address', 'name']),
          /** The one to hand to an application: `standard` where addresses are advertised, `srv` where names are. */
          recommended: z.string(),
          standard: z.string(),
          srv: z.string(),
          /** To the routers of a sharded cluster, for drivers in load balanced mode; null where there is none. */
          loadBalanced: z.object({ standard: z.string(), srv: z.string() }).nullable(),
          direct: z.array(z.object({ member: z.string(), connectionString: z.string() })),
          /** Every host name of this endpoint in our DNS. */
          names: z.array(z.string()),
        }),
      ),
    }),
  },
} as const

export type ClusterBody = z.output<typeof clusterBody>
export type ClusterPatch = z.output<typeof clusterPatch>
export type ConnectionStrings = z.output<typeof connectionStringsSchema>
export type ClusterReply = z.output<typeof clusterReply>
export type EndpointConnectionStrings = z.output<(typeof clusterSchemas)['getGroupClusterConnectionStrings']['reply']>
