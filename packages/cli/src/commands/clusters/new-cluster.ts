// The body of `clusters create` from its flags: one region, as the Atlas CLI makes it without a file.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { tag, tagsOf } from '../tags.ts'

const types = ['REPLICASET', 'SHARDED', 'GEOSHARDED'] as const
const tenantTiers = new Set(['M0', 'M2', 'M5'])

export const newClusterFlags: readonly Flag[] = [
  { name: 'provider', kind: 'text', usage: 'Cloud provider: AWS, AZURE or GCP.' },
  { name: 'region', short: 'r', kind: 'text', usage: 'Region of the provider, for instance US_EAST_1.' },
  {
    name: 'tier',
    kind: 'text',
    default: 'M10',
    usage: 'Tier of every member, or FLEX; M0 and FLEX never get private endpoints.',
  },
  {
    name: 'members',
    short: 'm',
    kind: 'number',
    default: '3',
    usage: 'Number of members of the replica set or shard.',
  },
  { name: 'type', kind: 'text', default: 'REPLICASET', usage: `Type of the cluster: ${types.join(', ')}.` },
  { name: 'shards', short: 's', kind: 'number', default: '1', usage: 'Number of shards.' },
  { name: 'mdbVersion', kind: 'text', usage: 'MongoDB major version.' },
  { name: 'diskSizeGB', kind: 'number', usage: 'Size of the disk of every member, in gigabytes.' },
  { name: 'backup', kind: 'switch', usage: 'Sets that backups are wanted; Postern makes none.' },
  { name: 'biConnector', kind: 'switch', usage: 'Sets that the BI Connector is wanted; Postern runs none.' },
  tag,
  {
    name: 'enableTerminationProtection',
    kind: 'switch',
    usage: 'Refuses to delete the cluster until this is turned off.',
  },
]

const tierOf = (context: Context): string => context.text('tier').toUpperCase()

export const isFlex = (context: Context): boolean => tierOf(context) === 'FLEX'

export function newFlexCluster(context: Context, name: string): BodyInputOf<'createGroupFlexCluster'> {
  const tags = tagsOf(context)
  return {
    name,
    providerSettings: {
      backingProviderName: context.text('provider').toUpperCase(),
      regionName: context.text('region'),
    },
    terminationProtectionEnabled: context.isOn('enableTerminationProtection'),
    ...(tags === undefined ? {} : { tags }),
  }
}

/** Throws UsageError for a type that there is not. */
export function newCluster(context: Context, name: string): BodyInputOf<'createGroupCluster'> {
  const typed = context.text('type').toUpperCase()
  const clusterType = types.find((type) => type === typed)
  if (clusterType === undefined) throw new UsageError(`invalid type "${typed}"; accepted values: ${types.join(', ')}`)
  const mdbVersion = context.optional('mdbVersion')
  const tags = tagsOf(context)
  const spec = { zoneName: 'Zone 1', regionConfigs: [regionConfig(context)] }
  return {
    name,
    clusterType,
    terminationProtectionEnabled: context.isOn('enableTerminationProtection'),
    ...(context.isOn('backup') ? { backupEnabled: true, pitEnabled: true } : {}),
    ...(context.isOn('biConnector') ? { biConnector: { enabled: true } } : {}),
    ...(mdbVersion === undefined ? {} : { mongoDBMajorVersion: mdbVersion }),
    ...(tags === undefined ? {} : { tags }),
    replicationSpecs: Array.from({ length: context.number('shards') ?? 1 }, () => spec),
  }
}

function regionConfig(context: Context) {
  const provider = context.text('provider').toUpperCase()
  const instanceSize = tierOf(context)
  const regionName = context.text('region')
  if (tenantTiers.has(instanceSize)) {
    return {
      providerName: 'TENANT',
      backingProviderName: provider,
      regionName,
      priority: 7,
      electableSpecs: { instanceSize },
    }
  }
  const nodeCount = context.number('members') ?? 3
  const diskSizeGB = context.number('diskSizeGB')
  return {
    providerName: provider,
    regionName,
    priority: 7,
    electableSpecs: { instanceSize, nodeCount, ...(diskSizeGB === undefined ? {} : { diskSizeGB }) },
  }
}
