// The description that a cluster's row keeps: what the caller asked for, completed with Atlas's defaults, in one form
// whichever dialect it came in (body.ts) and whichever it is shown in (view.ts).

import { type CloudProvider, cloudProviders } from '@postern/contract/cloud'
import { clusterTypes } from '@postern/contract/cluster'
import { z } from 'zod'
import { noProcessArgs, processArgsSchema } from './process-args.ts'

const nodeCount = z.int().min(0)

const autoScalingSchema = z.object({
  compute: z.boolean(),
  scaleDown: z.boolean(),
  diskGB: z.boolean(),
  minInstanceSize: z.string().nullable().default(null),
  maxInstanceSize: z.string().nullable().default(null),
})

const hardware = { instanceSize: z.string(), diskIOPS: z.int().nullable(), ebsVolumeType: z.string().nullable() }

const regionSchema = z.object({
  /** TENANT for the shared tiers, FLEX for Flex clusters; then `backingProvider` says whose region it is. */
  providerName: z.enum([...cloudProviders, 'TENANT', 'FLEX']),
  backingProvider: z.enum(cloudProviders),
  /** Atlas's spelling. */
  regionName: z.string(),
  priority: z.int(),
  ...hardware,
  electableNodes: nodeCount,
  readOnlyNodes: nodeCount,
  analyticsNodes: nodeCount,
  autoScaling: autoScalingSchema,
  /** Of analytics nodes; null where they are like the others. */
  analyticsHardware: z.object(hardware).nullable().default(null),
  /** Null where nothing was said of it. */
  analyticsAutoScaling: autoScalingSchema.nullable().default(null),
})

/** One shard; a replica set is one. Shards of one zone share its ids. */
const replicationSpecSchema = z.object({
  id: z.string(),
  /** Atlas shows another id for the same thing in versions before 2024-08-05. */
  zoneWideId: z.string(),
  zoneId: z.string(),
  zoneName: z.string(),
  regions: z.array(regionSchema).min(1),
})

const keyValues = z.array(z.object({ key: z.string(), value: z.string() }))

const specSchema = z.object({
  clusterType: z.enum(clusterTypes),
  replicationSpecs: z.array(replicationSpecSchema).min(1),
  diskSizeGB: z.number(),
  mongoDBMajorVersion: z.string(),
  backupEnabled: z.boolean(),
  configServerManagementMode: z.string().default('ATLAS_MANAGED'),
  biConnector: z.object({ enabled: z.boolean(), readPreference: z.string() }),
  diskWarmingMode: z.string(),
  encryptionAtRestProvider: z.string(),
  globalClusterSelfManagedSharding: z.boolean(),
  labels: keyValues,
  tags: keyValues,
  paused: z.boolean(),
  pitEnabled: z.boolean(),
  redactClientLogData: z.boolean(),
  retainBackups: z.boolean(),
  /** Null where nothing was said of it: Atlas shows its default of no cluster then (recorded). */
  replicaSetScalingStrategy: z.string().nullable().default(null),
  rootCertType: z.string(),
  useAwsTimeBasedSnapshotCopyForFastInitialSync: z.boolean(),
  versionReleaseSystem: z.string(),
  advancedConfiguration: z.object({
    customOpensslCipherConfigTls12: z.array(z.string()),
    customOpensslCipherConfigTls13: z.array(z.string()),
    minimumEnabledTlsProtocol: z.string(),
    tlsCipherConfigMode: z.string(),
  }),
  /** How its shards scale: Atlas says so of every cluster, by the version in which it was described last. */
  autoScalingMode: z.enum(['CLUSTER_WIDE_SCALING', 'INDEPENDENT_SHARD_SCALING']).default('CLUSTER_WIDE_SCALING'),
  processArgs: processArgsSchema.default(noProcessArgs),
})

export type RegionSpec = z.output<typeof regionSchema>
export type ReplicationSpec = z.output<typeof replicationSpecSchema>
export type ClusterSpec = z.output<typeof specSchema>

/** What is said of a cluster of which nobody can say otherwise: of a Flex one, and of a deployment of somebody's own. */
export const fixedSettings = {
  biConnector: { enabled: false, readPreference: 'secondary' },
  configServerManagementMode: 'ATLAS_MANAGED',
  diskWarmingMode: 'FULLY_WARMED',
  encryptionAtRestProvider: 'NONE',
  globalClusterSelfManagedSharding: false,
  labels: [],
  paused: false,
  pitEnabled: false,
  redactClientLogData: false,
  replicaSetScalingStrategy: null,
  retainBackups: false,
  rootCertType: 'ISRGROOTX1',
  useAwsTimeBasedSnapshotCopyForFastInitialSync: false,
  versionReleaseSystem: 'LTS',
  advancedConfiguration: {
    customOpensslCipherConfigTls12: [],
    customOpensslCipherConfigTls13: [],
    minimumEnabledTlsProtocol: 'TLS1_2',
    tlsCipherConfigMode: 'DEFAULT',
  },
  autoScalingMode: 'CLUSTER_WIDE_SCALING',
  processArgs: noProcessArgs,
} satisfies Partial<ClusterSpec>

export const noAutoScaling = {
  compute: false,
  scaleDown: false,
  diskGB: false,
  minInstanceSize: null,
  maxInstanceSize: null,
} satisfies RegionSpec['autoScaling']

/** The same of one of its regions. */
export const fixedRegion = {
  priority: 7,
  diskIOPS: null,
  ebsVolumeType: null,
  readOnlyNodes: 0,
  analyticsNodes: 0,
  autoScaling: noAutoScaling,
  analyticsHardware: null,
  analyticsAutoScaling: null,
} satisfies Partial<RegionSpec>

/** Parses the `spec` column. Throws ZodError on a row that this program never wrote. */
export const parseSpec = (column: unknown): ClusterSpec => specSchema.parse(column)

export interface Place {
  readonly provider: CloudProvider
  /** Atlas's spelling. */
  readonly region: string
}

/**
 * Where each member stands, shard by shard, in the order of the region configs: electable, then read-only, then
 * analytics nodes. Of a sharded cluster each of them is a router, as Atlas runs one on every node.
 */
export const memberPlaces = (spec: Pick<ClusterSpec, 'replicationSpecs'>): readonly Place[] =>
  spec.replicationSpecs.flatMap(({ regions }) =>
    regions.flatMap(({ backingProvider, regionName, electableNodes, readOnlyNodes, analyticsNodes }) =>
      Array.from({ length: electableNodes + readOnlyNodes + analyticsNodes }, () => ({
        provider: backingProvider,
        region: regionName,
      })),
    ),
  )

/** The cluster's tier: `M10`. All region configs of a cluster have the same one here. */
export const tierOf = (spec: ClusterSpec): string => spec.replicationSpecs[0]?.regions[0]?.instanceSize ?? 'M10'

/** A Flex cluster has an API of its own. */
export const isFlex = (spec: ClusterSpec): boolean => spec.replicationSpecs[0]?.regions[0]?.providerName === 'FLEX'

/** `8.0.4` to `8.0`; a version that was not told counts as the newest. */
export const majorOf = (version: string | null): string => /^\d+\.\d+/.exec(version ?? '')?.[0] ?? '8.0'
