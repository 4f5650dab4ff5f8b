// The body of `clusters create` from its flags: one region, as the Atlas CLI makes it without a file.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'

const types = ['REPLICASET', 'SHARDED', 'GEOSHARDED'] as const
const tenantTiers = new Set(['M0', 'M2', 'M5'])

export const newClusterFlags: readonly Flag[] = [
  { name: 'provider', kind: 'text', required: true, usage: 'Cloud provider: AWS, AZURE or GCP.' },
  { name: 'region', kind: 'text', required: true, usage: 'Region of the provider, for instance US_EAST_1.' },
  { name: 'tier', kind: 'text', default: 'M10', usage: 'Tier of every member; M0 never gets private endpoints.' },
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
  {
    name: 'enableTerminationProtection',
    kind: 'switch',
    usage: 'Refuses to delete the cluster until this is turned off.',
  },
]

/** Throws UsageError for a type that there is not. */
export function newCluster(context: Context): BodyInputOf<'createGroupCluster'> {
  const typed = context.text('type').toUpperCase()
  const clusterType = types.find((type) => type === typed)
  if (clusterType === undefined) throw new UsageError(`invalid type "${typed}"; accepted values: ${types.join(', ')}`)
  const mdbVersion = context.optional('mdbVersion')
  const spec = { zoneName: 'Zone 1', regionConfigs: [regionConfig(context)] }
  return {
    name: context.arg('name'),
    clusterType,
    terminationProtectionEnabled: context.isOn('enableTerminationProtection'),
    ...(mdbVersion === undefined ? {} : { mongoDBMajorVersion: mdbVersion }),
    replicationSpecs: Array.from({ length: context.number('shards') ?? 1 }, () => spec),
  }
}

function regionConfig(context: Context) {
  const provider = context.text('provider').toUpperCase()
  const instanceSize = context.text('tier').toUpperCase()
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
  return { providerName: provider, regionName, priority: 7, electableSpecs: { instanceSize, nodeCount } }
}
