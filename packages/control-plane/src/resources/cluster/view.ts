// A cluster as the API shows it, in the dialect of the asked version; keys in the recorded order. Pure.

import type { ClusterState } from '@postern/contract/cluster'
import type { ClusterReply, ConnectionStrings } from '@postern/contract/schemas/cluster'
import { isShared, providerSettings, regionsByName, shardSpec, zoneSpec, zonesOf } from './region-view.ts'
import { type ClusterSpec, memberPlaces } from './spec.ts'

export interface ShownCluster {
  readonly id: string
  readonly groupId: string
  readonly name: string
  readonly created: Date
  readonly state: ClusterState
  readonly spec: ClusterSpec
  /** `8.0.4` as the deployment says; null until it has answered. */
  readonly mongoDBVersion: string | null
  readonly terminationProtection: boolean
  readonly connectionStrings: ConnectionStrings
  readonly link: (path: string) => string
  /** `/api/atlas/v2` or the legacy `/api/atlas/v1.0`, whichever was asked. */
  readonly api: string
}

const shardSpecsSince = '2024-08-05'
const oldest = '2023-01-01'

/** The description in `version`'s dialect: 2023-01-01, 2023-02-01, or 2024-08-05 and later. */
export const clusterView = (cluster: ShownCluster, version: string): ClusterReply => {
  if (version >= shardSpecsSince) return perShard(cluster)
  return version === '' || version <= oldest ? legacy(cluster) : perZone(cluster)
}

const sharedCluster = (spec: ClusterSpec): boolean =>
  spec.replicationSpecs.every(({ regions }) => regions.every(isShared))

const timestamp = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z')

const links = (cluster: ShownCluster): ClusterReply['links'] => {
  const self = `${cluster.api}/groups/${cluster.groupId}/clusters/${cluster.name}`
  return [
    { href: cluster.link(self), rel: 'self' },
    { href: cluster.link(`${self}/backup/restoreJobs`), rel: 'https://cloud.mongodb.com/restoreJobs' },
    { href: cluster.link(`${self}/backup/snapshots`), rel: 'https://cloud.mongodb.com/snapshots' },
  ]
}

const versionOf = ({ mongoDBVersion, spec }: ShownCluster): string => mongoDBVersion ?? `${spec.mongoDBMajorVersion}.0`

/** 2024-08-05: a spec per shard, disks beside node counts, and what is in effect beside what was asked for. */
const perShard = (cluster: ShownCluster): ClusterReply => {
  const { spec } = cluster
  return {
    adaptiveCapacity: null,
    ...advanced(spec),
    backupEnabled: spec.backupEnabled,
    biConnector: spec.biConnector,
    clusterType: spec.clusterType,
    ...configServers(spec),
    connectionStrings: cluster.connectionStrings,
    createDate: timestamp(cluster.created),
    diskWarmingMode: spec.diskWarmingMode,
    effectiveDatabaseEdition: 'CORE',
    effectiveReplicationSpecs: spec.replicationSpecs.map((each) => shardSpec(spec, each, false)),
    encryptionAtRestProvider: spec.encryptionAtRestProvider,
    featureCompatibilityVersion: spec.mongoDBMajorVersion,
    globalClusterSelfManagedSharding: spec.globalClusterSelfManagedSharding,
    groupId: cluster.groupId,
    id: cluster.id,
    internalClusterRole: 'NONE',
    labels: spec.labels,
    links: links(cluster),
    mongoDBMajorVersion: spec.mongoDBMajorVersion,
    mongoDBVersion: versionOf(cluster),
    name: cluster.name,
    paused: spec.paused,
    pitEnabled: spec.pitEnabled,
    redactClientLogData: spec.redactClientLogData,
    ...scalingStrategy(spec),
    replicationSpecs: spec.replicationSpecs.map((each) => shardSpec(spec, each, true)),
    retainBackups: spec.retainBackups,
    rootCertType: spec.rootCertType,
    stateName: cluster.state,
    tags: spec.tags,
    terminationProtectionEnabled: cluster.terminationProtection,
    useAwsTimeBasedSnapshotCopyForFastInitialSync: spec.useAwsTimeBasedSnapshotCopyForFastInitialSync,
    versionReleaseSystem: spec.versionReleaseSystem,
  }
}

/** 2023-02-01: a spec per zone with `numShards`, and one disk size for all. */
const perZone = (cluster: ShownCluster): ClusterReply => {
  const { spec } = cluster
  return {
    ...advanced(spec),
    backupEnabled: spec.backupEnabled,
    biConnector: spec.biConnector,
    clusterType: spec.clusterType,
    ...configServers(spec),
    connectionStrings: cluster.connectionStrings,
    createDate: timestamp(cluster.created),
    diskSizeGB: spec.diskSizeGB,
    diskWarmingMode: spec.diskWarmingMode,
    encryptionAtRestProvider: spec.encryptionAtRestProvider,
    globalClusterSelfManagedSharding: spec.globalClusterSelfManagedSharding,
    groupId: cluster.groupId,
    id: cluster.id,
    labels: spec.labels,
    links: links(cluster),
    mongoDBMajorVersion: spec.mongoDBMajorVersion,
    mongoDBVersion: versionOf(cluster),
    name: cluster.name,
    paused: spec.paused,
    pitEnabled: spec.pitEnabled,
    ...scalingStrategy(spec),
    replicationSpecs: zonesOf(spec.replicationSpecs).map(zoneSpec),
    rootCertType: spec.rootCertType,
    stateName: cluster.state,
    tags: spec.tags,
    terminationProtectionEnabled: cluster.terminationProtection,
    versionReleaseSystem: spec.versionReleaseSystem,
  }
}

/** 2023-01-01 and v1.0: provider settings, node counts by region name, and the strings once more under old names. */
const legacy = (cluster: ShownCluster): ClusterReply => {
  const { spec } = cluster
  const first = spec.replicationSpecs[0]?.regions[0]
  const zones = zonesOf(spec.replicationSpecs)
  const uri = cluster.connectionStrings.standard
  return {
    autoScaling: {
      compute: {
        enabled: first?.autoScaling.compute ?? false,
        scaleDownEnabled: first?.autoScaling.scaleDown ?? false,
      },
      diskGBEnabled: first?.autoScaling.diskGB ?? false,
    },
    backupEnabled: spec.backupEnabled,
    biConnector: spec.biConnector,
    clusterType: spec.clusterType,
    ...configServers(spec),
    connectionStrings: cluster.connectionStrings,
    createDate: timestamp(cluster.created),
    diskSizeGB: spec.diskSizeGB,
    diskWarmingMode: spec.diskWarmingMode,
    encryptionAtRestProvider: spec.encryptionAtRestProvider,
    globalClusterSelfManagedSharding: spec.globalClusterSelfManagedSharding,
    groupId: cluster.groupId,
    id: cluster.id,
    labels: spec.labels,
    links: links(cluster),
    mongoDBMajorVersion: spec.mongoDBMajorVersion,
    mongoDBVersion: versionOf(cluster),
    ...(uri !== undefined && {
      mongoURI: uri.replace(/\/\?.*$/, ''),
      mongoURIUpdated: timestamp(cluster.created),
      mongoURIWithOptions: uri,
    }),
    name: cluster.name,
    numShards: zones[0]?.numShards ?? 1,
    paused: spec.paused,
    pitEnabled: spec.pitEnabled,
    providerBackupEnabled: spec.backupEnabled,
    ...(first !== undefined && { providerSettings: providerSettings(first) }),
    replicationFactor: memberPlaces({ replicationSpecs: spec.replicationSpecs.slice(0, 1) }).length,
    replicationSpec: regionsByName(spec.replicationSpecs[0]),
    replicationSpecs: zones.map(({ first: each, numShards }) => ({
      id: each.zoneWideId,
      numShards,
      regionsConfig: regionsByName(each),
      zoneName: each.zoneName,
    })),
    rootCertType: spec.rootCertType,
    ...(cluster.connectionStrings.standardSrv !== undefined && { srvAddress: cluster.connectionStrings.standardSrv }),
    stateName: cluster.state,
    tags: spec.tags,
    terminationProtectionEnabled: cluster.terminationProtection,
    versionReleaseSystem: spec.versionReleaseSystem,
  }
}

const advanced = (spec: ClusterSpec): object =>
  sharedCluster(spec) ? {} : { advancedConfiguration: spec.advancedConfiguration }

const scalingStrategy = ({ replicaSetScalingStrategy }: ClusterSpec): object =>
  replicaSetScalingStrategy === null ? {} : { replicaSetScalingStrategy }

/** Recorded of sharded clusters only. */
const configServers = ({ clusterType, configServerManagementMode: mode }: ClusterSpec): object =>
  clusterType === 'REPLICASET'
    ? {}
    : { configServerManagementMode: mode, configServerType: mode === 'FIXED_TO_DEDICATED' ? 'DEDICATED' : 'EMBEDDED' }
