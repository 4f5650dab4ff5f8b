// The body of a new cluster from what its form says: one region, as most clusters have. Tiers without private endpoints
// have one shape each that the API knows.

import type { CloudProvider } from '@postern/contract/cloud'
import type { BodyInputOf } from '@postern/contract/schemas/operations'

export interface NewCluster {
  readonly name: string
  readonly provider: CloudProvider
  readonly region: string
  readonly tier: string
  readonly type: 'REPLICASET' | 'SHARDED'
  readonly nodes: number
  readonly shards: number
  readonly terminationProtection: boolean
}

export const isFlex = ({ tier }: Pick<NewCluster, 'tier'>): boolean => tier === 'FLEX'

/** Tiers whose nodes Atlas chooses, of one replica set. */
export const isTenant = (tier: string): boolean => ['M0', 'M2', 'M5', 'FLEX'].includes(tier)

export const flexBody = (wish: NewCluster): BodyInputOf<'createGroupFlexCluster'> => ({
  name: wish.name,
  providerSettings: { backingProviderName: wish.provider, regionName: wish.region },
  terminationProtectionEnabled: wish.terminationProtection,
})

export function clusterBody(wish: NewCluster): BodyInputOf<'createGroupCluster'> {
  const tenant = isTenant(wish.tier)
  const regionConfig = tenant
    ? { providerName: 'TENANT', backingProviderName: wish.provider, electableSpecs: { instanceSize: wish.tier } }
    : { providerName: wish.provider, electableSpecs: { instanceSize: wish.tier, nodeCount: wish.nodes } }
  const spec = { regionConfigs: [{ ...regionConfig, regionName: wish.region, priority: 7 }] }
  const clusterType = tenant ? 'REPLICASET' : wish.type
  return {
    name: wish.name,
    clusterType,
    terminationProtectionEnabled: wish.terminationProtection,
    replicationSpecs: Array.from({ length: clusterType === 'SHARDED' ? wish.shards : 1 }, () => spec),
  }
}
