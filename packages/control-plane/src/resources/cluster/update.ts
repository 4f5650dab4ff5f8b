// A change of a cluster in any of Atlas's dialects, as the description that is kept afterwards. Pure. What a change
// leaves out stays; a list of replication specs replaces the old one as a whole, as Atlas does it.

import { isDeepStrictEqual } from 'node:util'
import { AtlasError } from '@postern/contract/errors'
import type { ClusterPatch } from '@postern/contract/schemas/cluster'
import type { Ids } from '../../parts.ts'
import { askedDiskSize, checkKeys, majorVersion, scalingModeOf } from './body.ts'
import { isSharedTier } from './connection-strings.ts'
import { changedTls } from './process-args.ts'
import { invalidField } from './refusals.ts'
import { readRegions } from './regions.ts'
import { changedShards, checkShards } from './shards.ts'
import { type ClusterSpec, type RegionSpec, tierOf } from './spec.ts'

export interface Changed {
  readonly name: string
  readonly spec: ClusterSpec
  /** Media-type version that the change came in. */
  readonly version: string
  readonly ids: Pick<Ids, 'objectId'>
}

/**
 * The description of a cluster that was made here, after the change. Throws AtlasError: INVALID_ATTRIBUTE,
 * MISSING_ATTRIBUTE, MONGODB_VERSION_INVALID, CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API.
 */
export const specAfter = (patch: ClusterPatch, { name, spec, version, ids }: Changed): ClusterSpec => {
  checkName(patch, name)
  checkType(patch, spec)
  checkKeys(patch.encryptionAtRestProvider)
  const before = spec.replicationSpecs
  const regionsForAll = () => regionsAfter(patch, { name, before: before[0]?.regions ?? [] })
  const describesShards = (patch.replicationSpecs?.length ?? 0) > 0 && version >= '2024-08-05'
  const after: ClusterSpec = {
    ...spec,
    ...plainSettings(patch, spec),
    advancedConfiguration: changedTls(spec.advancedConfiguration, patch.advancedConfiguration ?? {}),
    replicationSpecs: saysShards(patch) ? changedShards(patch, { name, before, ids, regionsForAll }) : before,
    diskSizeGB: askedDiskSize(patch) ?? spec.diskSizeGB,
    mongoDBMajorVersion: versionAfter(patch.mongoDBMajorVersion, spec.mongoDBMajorVersion),
    autoScalingMode: describesShards ? scalingModeOf(version) : spec.autoScalingMode,
  }
  checkTier(spec, after)
  checkShards(after)
  return after
}

/**
 * The description of a registered deployment after the change: tags and labels are ours, all else is the deployment's
 * own. Throws POSTERN_DEPLOYMENT_NOT_MANAGED that names the first field beyond, INVALID_ATTRIBUTE for another name.
 */
export const deploymentAfter = (patch: ClusterPatch, { name, spec }: Omit<Changed, 'version' | 'ids'>): ClusterSpec => {
  checkName(patch, name)
  const beyond = Object.entries(patch).find(([field, value]) => value !== undefined && !ofDeployments.has(field))
  if (beyond) throw new AtlasError('POSTERN_DEPLOYMENT_NOT_MANAGED', { clusterName: name, attribute: beyond[0] })
  return { ...spec, tags: patch.tags ?? spec.tags, labels: patch.labels ?? spec.labels }
}

const ofDeployments: ReadonlySet<string> = new Set(['name', 'tags', 'labels', 'terminationProtectionEnabled'])

/** True when the two differ in more than what is only written down: tags, labels, and whether the cluster is paused. */
export const differs = (one: ClusterSpec, other: ClusterSpec): boolean =>
  !isDeepStrictEqual({ ...one, tags: [], labels: [], paused: false }, { ...other, tags: [], labels: [], paused: false })

/** True when what is only written down differs: tags and labels. */
export const notesDiffer = (one: ClusterSpec, other: ClusterSpec): boolean =>
  !isDeepStrictEqual([one.tags, one.labels], [other.tags, other.labels])

const checkName = (patch: ClusterPatch, name: string): void => {
  if (patch.name !== undefined && patch.name !== name) throw invalidField('name', 'a cluster cannot be renamed')
}

const checkType = ({ clusterType }: ClusterPatch, spec: ClusterSpec): void => {
  if (clusterType === undefined || clusterType === spec.clusterType) return
  throw invalidField('clusterType', `a ${spec.clusterType} cluster cannot become ${clusterType} here; make a new one`)
}

/** Every field in which one of the dialects tells of shards or of their regions. */
const saysShards = (patch: ClusterPatch): boolean =>
  [
    patch.replicationSpecs,
    patch.numShards,
    patch.providerSettings,
    patch.replicationSpec,
    patch.replicationFactor,
    patch.autoScaling,
  ].some((each) => each !== undefined)

/** Shared tiers have no way up or down here, and nothing that could be paused. */
const checkTier = (before: ClusterSpec, after: ClusterSpec): void => {
  if (isSharedTier(tierOf(before)) !== isSharedTier(tierOf(after))) {
    throw invalidField('instanceSize', `a ${tierOf(before)} cluster cannot become ${tierOf(after)}; make a new one`)
  }
  if (after.paused && isSharedTier(tierOf(after))) {
    throw invalidField('paused', `a ${tierOf(after)} cluster cannot be paused`)
  }
}

/** Up is allowed, as in Atlas; down is not. */
const versionAfter = (asked: string | undefined, current: string): string => {
  if (asked === undefined) return current
  const next = majorVersion(asked)
  if (next.localeCompare(current, 'en', { numeric: true }) >= 0) return next
  throw invalidField('mongoDBMajorVersion', `cannot go back from ${current} to ${next}`)
}

interface Regions {
  readonly name: string
  readonly before: readonly RegionSpec[]
}

const regionsAfter = (patch: ClusterPatch, { name, before }: Regions): RegionSpec[] => {
  const given = patch.replicationSpecs?.[0]
  const { providerSettings, replicationSpec, replicationFactor, autoScaling } = patch
  const said = [given?.regionsConfig, providerSettings, replicationSpec, replicationFactor, autoScaling]
  const first = before[0]
  if (first === undefined || said.every((each) => each === undefined)) return [...before]
  const moves = providerSettings?.regionName !== undefined && providerSettings.regionName !== first.regionName
  const counts = replicationSpec ?? (replicationFactor === undefined && !moves ? countsOf(before) : undefined)
  return readRegions(
    {
      ...patch,
      name,
      ...(counts && { replicationSpec: counts }),
      providerSettings: {
        providerName: first.providerName,
        backingProviderName: first.backingProvider,
        instanceSizeName: first.instanceSize,
        regionName: first.regionName,
        ...definedOnly(providerSettings),
      },
    },
    { before },
  )
}

const countsOf = (regions: readonly RegionSpec[]): NonNullable<ClusterPatch['replicationSpec']> =>
  Object.fromEntries(
    regions.map(({ regionName, electableNodes, readOnlyNodes, analyticsNodes, priority }) => [
      regionName,
      { electableNodes, readOnlyNodes, analyticsNodes, priority },
    ]),
  )

const definedOnly = <Fields extends object>(fields: Fields | undefined): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined)) as Partial<Fields>

const plainSettings = (patch: ClusterPatch, spec: ClusterSpec): Partial<ClusterSpec> => ({
  backupEnabled: patch.backupEnabled ?? patch.providerBackupEnabled ?? spec.backupEnabled,
  configServerManagementMode: patch.configServerManagementMode ?? spec.configServerManagementMode,
  biConnector: {
    enabled: patch.biConnector?.enabled ?? spec.biConnector.enabled,
    readPreference: patch.biConnector?.readPreference ?? spec.biConnector.readPreference,
  },
  diskWarmingMode: patch.diskWarmingMode ?? spec.diskWarmingMode,
  globalClusterSelfManagedSharding: patch.globalClusterSelfManagedSharding ?? spec.globalClusterSelfManagedSharding,
  labels: patch.labels ?? spec.labels,
  tags: patch.tags ?? spec.tags,
  paused: patch.paused ?? spec.paused,
  pitEnabled: patch.pitEnabled ?? spec.pitEnabled,
  redactClientLogData: patch.redactClientLogData ?? spec.redactClientLogData,
  replicaSetScalingStrategy: patch.replicaSetScalingStrategy ?? spec.replicaSetScalingStrategy,
  retainBackups: patch.retainBackups ?? spec.retainBackups,
  useAwsTimeBasedSnapshotCopyForFastInitialSync:
    patch.useAwsTimeBasedSnapshotCopyForFastInitialSync ?? spec.useAwsTimeBasedSnapshotCopyForFastInitialSync,
  versionReleaseSystem: patch.versionReleaseSystem ?? spec.versionReleaseSystem,
})
