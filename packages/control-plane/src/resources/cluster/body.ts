// A create request in any of Atlas's three dialects to the one description that we keep (spec.ts). Pure but for fresh
// ids. Whatever cannot be made is refused here, before anything is stored, and the refusal names the field.

import { clusterNameLength, clusterNamePattern } from '@postern/contract/cluster'
import { AtlasError } from '@postern/contract/errors'
import type { ClusterBody, ClusterPatch } from '@postern/contract/schemas/cluster'
import type { Ids } from '../../parts.ts'
import { noProcessArgs } from './process-args.ts'
import { invalidField } from './refusals.ts'
import { checkShards, readShards } from './shards.ts'
import type { ClusterSpec, RegionSpec } from './spec.ts'

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

/** Throws CLUSTER_NAME_INVALID or CLUSTER_NAME_TOO_LONG unless Atlas would take the name. */
export const checkClusterName = (clusterName: string): void => {
  if (clusterName.length > clusterNameLength) {
    const description = `is longer than ${clusterNameLength} characters`
    throw new AtlasError(
      'CLUSTER_NAME_TOO_LONG',
      { clusterName, limit: clusterNameLength },
      { fields: [{ field: 'name', description }] },
    )
  }
  if (clusterNamePattern.test(clusterName)) return
  const description = 'must begin with a letter or digit and hold only letters, digits and hyphens'
  throw new AtlasError('CLUSTER_NAME_INVALID', { clusterName }, { fields: [{ field: 'name', description }] })
}

/**
 * The description to keep for a cluster that is made on an engine of this server. Throws AtlasError:
 * CLUSTER_NAME_INVALID, CLUSTER_NAME_TOO_LONG, MISSING_ATTRIBUTE, CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API,
 * MONGODB_VERSION_INVALID, INVALID_ATTRIBUTE.
 */
export const specFromBody = (
  body: ClusterBody,
  { ids, version }: { readonly ids: Pick<Ids, 'objectId'>; readonly version: string },
): ClusterSpec => {
  checkClusterName(body.name)
  if (body.paused) throw invalidField('paused', 'a cluster cannot be created paused')
  checkKeys(body.encryptionAtRestProvider)
  const replicationSpecs = readShards(body, ids)
  const spec: ClusterSpec = {
    ...settings(body),
    clusterType: body.clusterType,
    replicationSpecs,
    diskSizeGB: diskSize(body, replicationSpecs[0]?.regions ?? []),
    mongoDBMajorVersion: majorVersion(body.mongoDBMajorVersion),
    autoScalingMode: scalingModeOf(version),
    processArgs: noProcessArgs,
  }
  checkShards(spec)
  return spec
}

/** Throws INVALID_ATTRIBUTE: there is nowhere here that a customer's own key could be used. */
export const checkKeys = (provider: string | undefined): void => {
  if (provider === undefined || provider === 'NONE') return
  throw invalidField('encryptionAtRestProvider', 'only NONE: this server holds no customer keys')
}

/** Versions since this one describe each shard by itself; a cluster described so scales shard by shard (recorded). */
const shardsSince = '2024-08-05'

export const scalingModeOf = (version: string): ClusterSpec['autoScalingMode'] =>
  version >= shardsSince ? 'INDEPENDENT_SHARD_SCALING' : 'CLUSTER_WIDE_SCALING'

export const majorVersion = (version: string | undefined): string => {
  if (version === undefined) return defaultMajorVersion
  if (/^\d{1,2}(\.\d)?$/.test(version)) return version.includes('.') ? version : `${version}.0`
  const fields = [{ field: 'mongoDBMajorVersion', description: 'must look like 8.0' }]
  throw new AtlasError('MONGODB_VERSION_INVALID', { version }, { fields })
}

/** The size that a body asks for, wherever its version says it. */
export const askedDiskSize = (body: Pick<ClusterPatch, 'diskSizeGB' | 'replicationSpecs'>): number | undefined =>
  body.diskSizeGB ??
  body.replicationSpecs
    ?.flatMap(({ regionConfigs }) => regionConfigs ?? [])
    .map(({ electableSpecs, readOnlySpecs }) => electableSpecs?.diskSizeGB ?? readOnlySpecs?.diskSizeGB)
    .find((size) => size !== undefined)

const diskSize = (body: ClusterBody, [first]: readonly RegionSpec[]): number =>
  askedDiskSize(body) ?? tierDisk[first?.instanceSize ?? ''] ?? 40

type Settings = Omit<
  ClusterSpec,
  'clusterType' | 'replicationSpecs' | 'diskSizeGB' | 'mongoDBMajorVersion' | 'autoScalingMode' | 'processArgs'
>

const settings = (body: ClusterBody): Settings => ({
  backupEnabled: body.backupEnabled || (body.providerBackupEnabled ?? false),
  configServerManagementMode: body.configServerManagementMode ?? 'ATLAS_MANAGED',
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
  replicaSetScalingStrategy: body.replicaSetScalingStrategy ?? null,
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
