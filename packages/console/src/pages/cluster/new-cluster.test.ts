import { expect, test } from 'vitest'
import { clusterBody, flexBody, type NewCluster } from './new-cluster.ts'

const wish: NewCluster = {
  name: 'Shop',
  provider: 'AZURE',
  region: 'EUROPE_WEST',
  tier: 'M30',
  type: 'REPLICASET',
  nodes: 5,
  shards: 2,
  terminationProtection: true,
}

test('a replica set of so many nodes in its region', () => {
  expect(clusterBody(wish)).toEqual({
    name: 'Shop',
    clusterType: 'REPLICASET',
    terminationProtectionEnabled: true,
    replicationSpecs: [
      {
        regionConfigs: [
          {
            providerName: 'AZURE',
            regionName: 'EUROPE_WEST',
            priority: 7,
            electableSpecs: { instanceSize: 'M30', nodeCount: 5 },
          },
        ],
      },
    ],
  })
})

test('a sharded cluster has a description for each shard', () => {
  expect(clusterBody({ ...wish, type: 'SHARDED' }).replicationSpecs).toHaveLength(2)
})

test('a shared tier stands behind a tenant, is a replica set, and has as many nodes as it has', () => {
  const body = clusterBody({ ...wish, tier: 'M0', type: 'SHARDED' })
  expect(body.clusterType).toBe('REPLICASET')
  expect(body.replicationSpecs?.[0]?.regionConfigs).toEqual([
    {
      providerName: 'TENANT',
      backingProviderName: 'AZURE',
      regionName: 'EUROPE_WEST',
      priority: 7,
      electableSpecs: { instanceSize: 'M0' },
    },
  ])
})

test('a Flex cluster has a body of its own', () => {
  expect(flexBody(wish)).toEqual({
    name: 'Shop',
    providerSettings: { backingProviderName: 'AZURE', regionName: 'EUROPE_WEST' },
    terminationProtectionEnabled: true,
  })
})
