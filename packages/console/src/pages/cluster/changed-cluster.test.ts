import { expect, test } from 'vitest'
import { changedCluster, editOf } from './changed-cluster.ts'
import type { ShownCluster } from './shown-cluster.ts'

const hardware = (instanceSize: string, nodeCount: number) => ({ instanceSize, nodeCount })
const cluster: ShownCluster = {
  name: 'Shop',
  flex: false,
  registered: false,
  hiddenUnknown: null,
  state: 'IDLE',
  paused: false,
  tier: 'M10',
  providers: ['AWS'],
  regions: ['US_EAST_1', 'US_WEST_2'],
  nodes: 6,
  shards: 1,
  type: 'Replica set',
  version: '8.0.4',
  majorVersion: '8.0',
  created: '2026-11-30T07:52:19Z',
  terminationProtection: false,
  standard: undefined,
  replicationSpecs: [
    {
      regionConfigs: [
        { regionName: 'US_EAST_1', electableSpecs: hardware('M10', 3), analyticsSpecs: hardware('M40', 1) },
        { regionName: 'US_WEST_2', electableSpecs: hardware('M10', 2) },
      ],
    },
  ],
}

test('nothing otherwise, nothing asked', () => {
  expect(changedCluster(cluster, editOf(cluster))).toBeUndefined()
})

test('termination protection alone leaves the nodes alone', () => {
  expect(changedCluster(cluster, { ...editOf(cluster), terminationProtection: true })).toEqual({
    terminationProtectionEnabled: true,
  })
})

test('another tier is that of every region; analytics nodes of another keep theirs', () => {
  expect(changedCluster(cluster, { ...editOf(cluster), tier: 'M30' })?.replicationSpecs).toEqual([
    {
      regionConfigs: [
        { regionName: 'US_EAST_1', electableSpecs: hardware('M30', 3), analyticsSpecs: hardware('M40', 1) },
        { regionName: 'US_WEST_2', electableSpecs: hardware('M30', 2) },
      ],
    },
  ])
})

test('another number of nodes is that of the preferred region', () => {
  const after = changedCluster(cluster, { ...editOf(cluster), nodes: 5, version: '8.2' })
  expect(after?.mongoDBMajorVersion).toBe('8.2')
  expect(after?.replicationSpecs?.[0]?.regionConfigs?.map(({ electableSpecs }) => electableSpecs?.nodeCount)).toEqual([
    5, 2,
  ])
})
