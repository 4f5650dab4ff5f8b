import { randomBytes } from 'node:crypto'
import { clusterSchemas } from '@postern/contract/schemas/cluster'
import { describe, expect, test } from 'vitest'
import { specFromBody } from './body.ts'
import { type ClusterSpec, memberPlaces } from './spec.ts'
import { specAfter } from './update.ts'
import { clusterView, type ShownCluster } from './view.ts'

const ids = { objectId: () => randomBytes(12).toString('hex') }
const region = (regionName = 'US_EAST_1', nodeCount = 3) => ({
  providerName: 'AWS',
  regionName,
  priority: 7,
  electableSpecs: { instanceSize: 'M10', nodeCount },
})
const provider = { providerSettings: { providerName: 'AWS', instanceSizeName: 'M10', regionName: 'US_EAST_1' } }
const counts = { US_EAST_1: { electableNodes: 3, priority: 7 } }
const made = (body: object, version: string): ClusterSpec =>
  specFromBody(clusterSchemas.createGroupCluster.body.parse({ name: 'Cluster0', clusterType: 'SHARDED', ...body }), {
    ids,
    version,
  })
const after = (patch: object, spec: ClusterSpec, version: string): ClusterSpec =>
  specAfter(clusterSchemas.updateGroupCluster.body.parse(patch), { name: 'Cluster0', spec, version, ids })
const two = made({ replicationSpecs: [{ regionConfigs: [region()] }, { regionConfigs: [region()] }] }, '2024-08-05')
const idsOf = ({ replicationSpecs }: ClusterSpec) => replicationSpecs.map(({ id }) => id)

describe('two shards of three nodes, said in', () => {
  test.each([
    {
      version: '2024-08-05',
      body: { replicationSpecs: [{ regionConfigs: [region()] }, { regionConfigs: [region()] }] },
    },
    { version: '2023-02-01', body: { replicationSpecs: [{ numShards: 2, regionConfigs: [region()] }] } },
    { version: '2023-01-01', body: { ...provider, replicationSpecs: [{ numShards: 2, regionsConfig: counts }] } },
    { version: '2023-01-01', body: { ...provider, numShards: 2, replicationSpec: counts } },
  ])('$version: two specs with ids of their own in one zone, and six nodes', ({ version, body }) => {
    const spec = made(body, version)
    expect(spec.clusterType).toBe('SHARDED')
    expect(new Set(idsOf(spec)).size).toBe(2)
    expect(new Set(spec.replicationSpecs.map(({ zoneId, zoneWideId }) => `${zoneId} ${zoneWideId}`)).size).toBe(1)
    expect(memberPlaces(spec)).toHaveLength(6)
  })
})

describe('two shards are shown in', () => {
  const shown: ShownCluster = {
    id: 'c',
    groupId: 'g',
    name: 'Cluster0',
    created: new Date(0),
    state: 'IDLE',
    spec: two,
    mongoDBVersion: '8.0.4',
    terminationProtection: false,
    connectionStrings: {},
    link: (path) => path,
    api: '/api/atlas/v2',
  }
  const [first, second] = two.replicationSpecs
  test.each([
    {
      version: '2024-08-05',
      expected: { replicationSpecs: [{ id: first?.id }, { id: second?.id }] },
    },
    { version: '2023-02-01', expected: { replicationSpecs: [{ id: first?.zoneWideId, numShards: 2 }] } },
    {
      version: '2023-01-01',
      expected: {
        numShards: 2,
        replicationFactor: 3,
        replicationSpecs: [{ id: first?.zoneWideId, numShards: 2, regionsConfig: counts }],
      },
    },
  ])('$version', ({ version, expected }) => {
    const servers = { configServerManagementMode: 'ATLAS_MANAGED', configServerType: 'EMBEDDED' }
    expect(clusterView(shown, version)).toMatchObject({ clusterType: 'SHARDED', ...servers, ...expected })
  })
})

describe('a change keeps the ids of shards that stay', () => {
  const [first = '', second = ''] = idsOf(two)
  const zone = two.replicationSpecs[0]?.zoneWideId
  test.each([
    {
      says: 'a third shard, without ids',
      version: '2024-08-05',
      patch: { replicationSpecs: [1, 2, 3].map(() => ({ regionConfigs: [region()] })) },
      kept: [first, second],
      shards: 3,
    },
    {
      says: 'the first shard goes, named by its id',
      version: '2024-08-05',
      patch: { replicationSpecs: [{ id: second, regionConfigs: [region()] }] },
      kept: [second],
      shards: 1,
    },
    {
      says: 'in another order, named by their ids',
      version: '2024-08-05',
      patch: { replicationSpecs: [second, first].map((id) => ({ id, regionConfigs: [region()] })) },
      kept: [second, first],
      shards: 2,
    },
    {
      says: 'three by the number of the zone',
      version: '2023-02-01',
      patch: { replicationSpecs: [{ id: zone, numShards: 3, regionConfigs: [region()] }] },
      kept: [first, second],
      shards: 3,
    },
    {
      says: 'four in the oldest words',
      version: '2023-01-01',
      patch: { numShards: 4 },
      kept: [first, second],
      shards: 4,
    },
    {
      says: 'nothing about shards',
      version: '2024-08-05',
      patch: { pitEnabled: true },
      kept: [first, second],
      shards: 2,
    },
  ])('$says', ({ version, patch, kept, shards }) => {
    const spec = after(patch, two, version)
    expect(idsOf(spec).slice(0, kept.length)).toEqual(kept)
    expect(new Set(idsOf(spec)).size).toBe(shards)
    expect(new Set(spec.replicationSpecs.map(({ zoneId }) => zoneId)).size).toBe(1)
  })

  test('shards may differ: five nodes in the second', () => {
    const patch = {
      replicationSpecs: [
        { id: first, regionConfigs: [region()] },
        { id: second, regionConfigs: [region('US_EAST_1', 5)] },
      ],
    }
    expect(memberPlaces(after(patch, two, '2024-08-05'))).toHaveLength(8)
  })

  test('a cluster of several zones keeps each', () => {
    const zones = ['Europe', 'America'].map((zoneName) => ({ zoneName, regionConfigs: [region()] }))
    const spec = made({ clusterType: 'GEOSHARDED', replicationSpecs: zones }, '2024-08-05')
    const next = after({ replicationSpecs: [...zones, zones[1]] }, spec, '2024-08-05')
    expect(next.replicationSpecs.map(({ zoneName }) => zoneName)).toEqual(['Europe', 'America', 'America'])
    expect(idsOf(next).slice(0, 2)).toEqual(idsOf(spec))
    expect(next.replicationSpecs[2]?.zoneId).toBe(spec.replicationSpecs[1]?.zoneId)
  })
})
