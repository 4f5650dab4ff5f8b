// A create request in any of Atlas's three dialects to the one description that we keep (spec.ts). Pure but for fresh
// ids. Whatever cannot be made is refused here, before anything is stored, and the refusal names the field.

import { atlasRegion, type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import { clusterNameLength, clusterNamePattern, instanceSizes } from '@postern/contract/cluster'
import { AtlasError } from '@postern/contract/errors'
import type { ClusterBody } from '@postern/contract/schemas/cluster'
import type { Ids } from '../../parts.ts'
import type { ClusterSpec, RegionSpec, ReplicationSpec } from './spec.ts'
import { memberPlaces } from './spec.ts'

/** As many members as a replica set may have votes (MongoDB manual, "Replica Set Members"). */
const mostMembers = 7
const defaultMajorVersion = '8.0'

/** Storage that a tier comes with, in GB; tiers that are not listed come with 40. */
const tierDisk: Readonly<Record<string, number>> = {
  M0: 0.5,
  M2: 2,
  M5: 5,
  M10: 10,
  M20: 20,
  M30: 40,
  M40: 80,
  M50: 160,
}

/** A refusal that names the field, as Atlas's `badRequestDetail` does. */
export const invalidField = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })

/** Throws CLUSTER_NAME_INVALID unless Atlas would take the name. */
export const checkClusterName = (clusterName: string): void => {
  const problem =
    clusterName.length > clusterNameLength
      ? `it is longer than ${clusterNameLength} characters`
      : clusterNamePattern.test(clusterName)
        ? null
        : 'it must begin with a letter or digit and hold only letters, digits and hyphens'
  if (problem === null) return
  throw new AtlasError(
    'CLUSTER_NAME_INVALID',
    { clusterName, problem },
    { fields: [{ field: 'name', description: problem }] },
  )
}

/**
 * The description to keep for a cluster that is made on an engine of this server, which makes replica sets of one to
 * seven members. Throws AtlasError: CLUSTER_NAME_INVALID, CLUSTER_TYPE_UNSUPPORTED, MISSING_ATTRIBUTE,
 * CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API, INVALID_ATTRIBUTE.
 */
export const specFromBody = (body: ClusterBody, ids: Pick<Ids, 'objectId'>): ClusterSpec => {
  checkClusterName(body.name)
  if (body.clusterType !== 'REPLICASET') refuseType(body.clusterType, 'clusters made here are replica sets')
  if ((body.numShards ?? 1) > 1) refuseType('SHARDED', 'numShards must be 1, clusters made here are replica sets')
  if (body.paused) throw invalidField('paused', 'a cluster cannot be created paused')
  if (body.encryptionAtRestProvider !== 'NONE') {
    throw invalidField('encryptionAtRestProvider', 'only NONE: this server holds no customer keys')
  }
  const replicationSpecs = readReplicationSpecs(body, ids)
  const spec: ClusterSpec = {
    ...settings(body),
    clusterType: 'REPLICASET',
    replicationSpecs,
    diskSizeGB: diskSize(body, replicationSpecs),
    mongoDBMajorVersion: majorVersion(body.mongoDBMajorVersion),
  }
  const members = memberPlaces(spec).length
  if (members < 1 || members > mostMembers) {
    throw invalidField('replicationSpecs', `${members} nodes: clusters made here have 1 to ${mostMembers}`)
  }
  return spec
}

const refuseType = (clusterType: string, problem: string): never => {
  throw new AtlasError(
    'CLUSTER_TYPE_UNSUPPORTED',
    { clusterType, problem: `${problem}; register a sharded deployment of your own instead` },
    { fields: [{ field: 'clusterType', description: problem }] },
  )
}

const settings = (
  body: ClusterBody,
): Omit<ClusterSpec, 'clusterType' | 'replicationSpecs' | 'diskSizeGB' | 'mongoDBMajorVersion'> => ({
  backupEnabled: body.backupEnabled,
  biConnector: {
    enabled: body.biConnector?.enabled ?? false,
    readPreference: body.biConnector?.readPreference ?? 'secondary',
  },
  diskWarmingMode: body.diskWarmingMode,
  encryptionAtRestProvider: body.encryptionAtRestProvider,
  globalClusterSelfManagedSharding: body.globalClusterSelfManagedSharding,
  labels: body.labels,
  tags: body.tags ?? [],
  paused: false,
  pitEnabled: body.pitEnabled,
  redactClientLogData: body.redactClientLogData,
  retainBackups: body.retainBackups,
  rootCertType: body.rootCertType,
  useAwsTimeBasedSnapshotCopyForFastInitialSync: body.useAwsTimeBasedSnapshotCopyForFastInitialSync,
  versionReleaseSystem: body.versionReleaseSystem,
  advancedConfiguration: {
    customOpensslCipherConfigTls12: body.advancedConfiguration?.customOpensslCipherConfigTls12 ?? [],
    customOpensslCipherConfigTls13: body.advancedConfiguration?.customOpensslCipherConfigTls13 ?? [],
    minimumEnabledTlsProtocol: body.advancedConfiguration?.minimumEnabledTlsProtocol ?? 'TLS1_2',
    tlsCipherConfigMode: body.advancedConfiguration?.tlsCipherConfigMode ?? 'DEFAULT',
  },
})

const majorVersion = (text: string | undefined): string => {
  if (text === undefined) return defaultMajorVersion
  if (!/^\d{1,2}(\.\d)?$/.test(text)) throw invalidField('mongoDBMajorVersion', 'must look like 8.0')
  return text.includes('.') ? text : `${text}.0`
}

const diskSize = (body: ClusterBody, specs: readonly ReplicationSpec[]): number => {
  const asked =
    body.diskSizeGB ??
    body.replicationSpecs
      ?.flatMap(({ regionConfigs }) => regionConfigs ?? [])
      .map(({ electableSpecs, readOnlySpecs }) => electableSpecs?.diskSizeGB ?? readOnlySpecs?.diskSizeGB)
      .find((size) => size !== undefined)
  return asked ?? tierDisk[specs[0]?.regions[0]?.instanceSize ?? ''] ?? 40
}

const readReplicationSpecs = (body: ClusterBody, ids: Pick<Ids, 'objectId'>): ReplicationSpec[] => {
  const given = body.replicationSpecs ?? []
  if (given.length > 1) refuseType('SHARDED', 'more than one replicationSpecs element means shards')
  const [only] = given
  if ((only?.numShards ?? 1) > 1) refuseType('SHARDED', 'numShards must be 1')
  const regions = only?.regionConfigs !== undefined ? regionConfigs(body.name, only.regionConfigs) : legacyRegions(body)
  const tiers = new Set(regions.map(({ instanceSize }) => instanceSize))
  if (tiers.size > 1) throw invalidField('instanceSize', 'must be the same in every region')
  return [
    {
      id: ids.objectId(),
      zoneWideId: ids.objectId(),
      zoneId: ids.objectId(),
      zoneName: only?.zoneName ?? 'Zone 1',
      regions,
    },
  ]
}

type RegionConfigs = NonNullable<NonNullable<ClusterBody['replicationSpecs']>[number]['regionConfigs']>

const regionConfigs = (clusterName: string, configs: RegionConfigs): RegionSpec[] =>
  configs.map((config, index) => {
    const at = `replicationSpecs[0].regionConfigs[${index}]`
    if (config.providerName === 'FLEX') throw new AtlasError('CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API', { clusterName })
    const place = readPlace(config, at)
    const shown = config.electableSpecs ?? config.readOnlySpecs ?? config.analyticsSpecs
    const instanceSize = readSize(place.providerName, shown?.instanceSize, `${at}.electableSpecs.instanceSize`)
    const shared = place.providerName === 'TENANT'
    return {
      ...place,
      priority: config.priority ?? Math.max(7 - index, 0),
      instanceSize,
      ...disks(place.providerName, shown?.diskIOPS, shown?.ebsVolumeType),
      electableNodes: shared ? 3 : (config.electableSpecs?.nodeCount ?? 0),
      readOnlyNodes: config.readOnlySpecs?.nodeCount ?? 0,
      analyticsNodes: config.analyticsSpecs?.nodeCount ?? 0,
      autoScaling: {
        compute: config.autoScaling?.compute?.enabled ?? false,
        scaleDown: config.autoScaling?.compute?.scaleDownEnabled ?? false,
        diskGB: config.autoScaling?.diskGB?.enabled ?? false,
      },
    }
  })

/** 2023-01-01: one provider and tier for all, and node counts by region name. */
const legacyRegions = (body: ClusterBody): RegionSpec[] => {
  const provider = body.providerSettings
  if (provider === undefined) {
    const attribute = 'replicationSpecs'
    throw new AtlasError(
      'MISSING_ATTRIBUTE',
      { attribute },
      { fields: [{ field: attribute, description: 'is missing' }] },
    )
  }
  const counts = body.replicationSpecs?.[0]?.regionsConfig ??
    body.replicationSpec ?? {
      [provider.regionName ?? '']: { electableNodes: body.replicationFactor ?? 3, priority: 7 },
    }
  return Object.entries(counts).map(([regionName, count]) => {
    const place = readPlace({ ...provider, regionName }, 'providerSettings')
    return {
      ...place,
      priority: count.priority ?? 7,
      instanceSize: readSize(place.providerName, provider.instanceSizeName, 'providerSettings.instanceSizeName'),
      ...disks(place.providerName, provider.diskIOPS, provider.volumeType),
      electableNodes: place.providerName === 'TENANT' ? 3 : (count.electableNodes ?? 0),
      readOnlyNodes: count.readOnlyNodes ?? 0,
      analyticsNodes: count.analyticsNodes ?? 0,
      autoScaling: { compute: false, scaleDown: false, diskGB: body.autoScaling?.diskGBEnabled ?? false },
    }
  })
}

interface GivenPlace {
  readonly providerName: string
  readonly backingProviderName?: string | undefined
  readonly regionName: string
}

/** Throws INVALID_ATTRIBUTE that names the provider's or the region's field under `at`. */
const readPlace = (
  given: GivenPlace,
  at: string,
): Pick<RegionSpec, 'providerName' | 'backingProvider' | 'regionName'> => {
  const providerName = readProvider(given.providerName, `${at}.providerName`)
  const backingProvider =
    providerName === 'TENANT' ? backing(given.backingProviderName, `${at}.backingProviderName`) : providerName
  const regionName = atlasRegion(backingProvider, given.regionName)
  if (regionName === undefined) {
    throw invalidField(`${at}.regionName`, `${backingProvider} has no region ${given.regionName || '""'}`)
  }
  return { providerName, backingProvider, regionName }
}

const readProvider = (text: string, field: string): CloudProvider | 'TENANT' => {
  if (text === 'TENANT' || isCloudProvider(text)) return text
  throw invalidField(field, 'must be AWS, AZURE, GCP or TENANT')
}

const backing = (text: string | undefined, field: string): CloudProvider => {
  if (text !== undefined && isCloudProvider(text)) return text
  throw invalidField(field, 'must be AWS, AZURE or GCP')
}

const readSize = (provider: CloudProvider | 'TENANT', text: string | undefined, field: string): string => {
  if (text === undefined) {
    throw new AtlasError('MISSING_ATTRIBUTE', { attribute: field }, { fields: [{ field, description: 'is missing' }] })
  }
  if (instanceSizes[provider].has(text)) return text
  throw invalidField(field, `${provider} has no tier ${text}`)
}

const disks = (
  provider: CloudProvider | 'TENANT',
  iops: number | undefined,
  volume: string | undefined,
): Pick<RegionSpec, 'diskIOPS' | 'ebsVolumeType'> => ({
  diskIOPS: provider === 'AWS' ? (iops ?? 3000) : provider === 'AZURE' ? (iops ?? 120) : null,
  ebsVolumeType: provider === 'AWS' ? (volume ?? 'STANDARD') : null,
})
