// A cluster on the sandbox as anybody would make it, and the wait for it.

import type { Client } from '@postern/contract/client'
import { until } from '../up/wait.ts'

export interface ClusterShape {
  readonly regionName?: string
  /** More than none: a sharded cluster. */
  readonly shards?: number
}

/** Three members on AWS in one region, IDLE; three for each shard where there are shards. */
export async function createCluster(
  client: Client,
  { groupId, clusterName }: { readonly groupId: string; readonly clusterName: string },
  { regionName = 'EU_WEST_1', shards = 0 }: ClusterShape = {},
): Promise<void> {
  const params = { groupId, clusterName }
  const electableSpecs = { instanceSize: 'M10', nodeCount: 3 } as const
  await client.call('createGroupCluster', {
    params,
    body: {
      name: clusterName,
      clusterType: shards > 0 ? 'SHARDED' : 'REPLICASET',
      replicationSpecs: Array.from({ length: Math.max(shards, 1) }, () => ({
        regionConfigs: [{ providerName: 'AWS', regionName, priority: 7, electableSpecs }],
      })),
    },
  })
  await until(`cluster ${clusterName} becoming IDLE`, 30_000, async () => {
    const { body } = await client.call('getGroupCluster', { params })
    return body.stateName === 'IDLE' ? true : undefined
  })
}
