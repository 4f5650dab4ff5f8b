import { randomBytes } from 'node:crypto'
import { clusterSchemas } from '@postern/contract/schemas/cluster'
import { describe, expect, test } from 'vitest'
import { specFromBody } from './body.ts'
import { type ClusterSpec, memberPlaces } from './spec.ts'
import { deploymentAfter, differs, specAfter } from './update.ts'

const ids = { objectId: () => randomBytes(12).toString('hex') }
const region = (more: object = {}) => ({
  providerName: 'AWS',
  regionName: 'US_EAST_1',
  priority: 7,
  electableSpecs: { instanceSize: 'M10', nodeCount: 3 },
  autoScaling: { compute: { enabled: true, maxInstanceSize: 'M30' }, diskGB: { enabled: true } },
  ...more,
})
const body = clusterSchemas.createGroupCluster.body
const patchOf = (patch: object) => clusterSchemas.updateGroupCluster.body.parse(patch)
const made = specFromBody(
  body.parse({
    name: 'Cluster0',
    replicationSpecs: [{ regionConfigs: [region()] }],
    diskSizeGB: 20,
    tags: [{ key: 'env', value: 'test' }],
    backupEnabled: true,
  }),
  { ids, version: '2023-02-01' },
)
const after = (patch: object, { spec = made, version = '2024-08-05' } = {}): ClusterSpec =>
  specAfter(patchOf(patch), { name: 'Cluster0', spec, version, ids })
const firstRegion = (spec: ClusterSpec) => spec.replicationSpecs[0]?.regions[0]

describe('what a change leaves out stays', () => {
  test.each([
    { says: 'nothing at all', patch: {}, expected: {} },
    { says: 'another flag', patch: { pitEnabled: true }, expected: { pitEnabled: true } },
    { says: 'paused', patch: { paused: true }, expected: { paused: true } },
    { says: 'no tags any more', patch: { tags: [] }, expected: { tags: [] } },
    { says: 'a larger disk, 2023-02-01', patch: { diskSizeGB: 80 }, expected: { diskSizeGB: 80 } },
    { says: 'the next major version', patch: { mongoDBMajorVersion: '9.0' }, expected: { mongoDBMajorVersion: '9.0' } },
    {
      says: 'one TLS setting',
      patch: { advancedConfiguration: { minimumEnabledTlsProtocol: 'TLS1_3', somethingNew: 1 } },
      expected: { advancedConfiguration: { ...made.advancedConfiguration, minimumEnabledTlsProtocol: 'TLS1_3' } },
    },
    { says: 'what only the server sets', patch: { stateName: 'IDLE', id: 'x', connectionStrings: {} }, expected: {} },
    { says: 'its own name', patch: { name: 'Cluster0' }, expected: {} },
  ])('$says', ({ patch, expected }) => expect(after(patch)).toEqual({ ...made, ...expected }))
})

describe('replication specs', () => {
  test('another tier and number of nodes; ids, auto-scaling and disks stay', () => {
    const { autoScaling: _, ...bare } = region()
    const spec = after({
      replicationSpecs: [{ regionConfigs: [{ ...bare, electableSpecs: { instanceSize: 'M20', nodeCount: 5 } }] }],
    })
    expect(spec.replicationSpecs[0]?.id).toBe(made.replicationSpecs[0]?.id)
    expect(firstRegion(spec)).toEqual({ ...firstRegion(made), instanceSize: 'M20', electableNodes: 5 })
    expect(spec.diskSizeGB).toBe(20)
  })
  test('a disk size beside the node count, as newer versions say it', () => {
    const electableSpecs = { instanceSize: 'M10', nodeCount: 3, diskSizeGB: 60 }
    expect(after({ replicationSpecs: [{ regionConfigs: [region({ electableSpecs })] }] }).diskSizeGB).toBe(60)
  })
  test('a further region', () => {
    const west = region({ regionName: 'US_WEST_2', priority: 6, electableSpecs: { instanceSize: 'M10', nodeCount: 2 } })
    const spec = after({ replicationSpecs: [{ regionConfigs: [region(), west] }] })
    expect(memberPlaces(spec).map((place) => place.region)).toEqual([
      ...['US_EAST_1', 'US_EAST_1', 'US_EAST_1'],
      ...['US_WEST_2', 'US_WEST_2'],
    ])
  })
  test.each([
    {
      says: 'described per shard: shards scale by themselves',
      version: '2024-10-23',
      mode: 'INDEPENDENT_SHARD_SCALING',
    },
    { says: 'described per zone: as before', version: '2023-02-01', mode: 'CLUSTER_WIDE_SCALING' },
  ])('$says', ({ version, mode }) => {
    expect(after({ replicationSpecs: [{ regionConfigs: [region()] }] }, { version }).autoScalingMode).toBe(mode)
  })
})

describe('the oldest dialect', () => {
  const version = '2023-01-01'
  test.each([
    {
      says: 'another tier: region and counts stay',
      patch: { providerSettings: { instanceSizeName: 'M30' } },
      expected: { instanceSize: 'M30', electableNodes: 3, regionName: 'US_EAST_1' },
    },
    { says: 'another factor', patch: { replicationFactor: 5 }, expected: { instanceSize: 'M10', electableNodes: 5 } },
    {
      says: 'counts by region',
      patch: { replicationSpec: { US_EAST_1: { electableNodes: 1, priority: 7 } } },
      expected: { electableNodes: 1 },
    },
    {
      says: 'another region',
      patch: { providerSettings: { providerName: 'AWS', regionName: 'EU_WEST_1' } },
      expected: { regionName: 'EU_WEST_1', electableNodes: 3 },
    },
    {
      says: 'counts inside replication specs',
      patch: { replicationSpecs: [{ numShards: 1, regionsConfig: { US_EAST_1: { electableNodes: 5, priority: 7 } } }] },
      expected: { electableNodes: 5 },
    },
    { says: 'nothing about regions', patch: { diskSizeGB: 30 }, expected: firstRegion(made) ?? {} },
  ])('$says', ({ patch, expected }) => expect(firstRegion(after(patch, { version }))).toMatchObject(expected))
})

describe('what cannot be is refused', () => {
  const shared = specFromBody(
    body.parse({
      name: 'Free',
      replicationSpecs: [
        {
          regionConfigs: [
            region({ providerName: 'TENANT', backingProviderName: 'AWS', electableSpecs: { instanceSize: 'M0' } }),
          ],
        },
      ],
    }),
    { ids, version: '2024-08-05' },
  )
  test.each([
    { says: 'another name', patch: { name: 'Other' }, code: 'INVALID_ATTRIBUTE' },
    { says: 'another type', patch: { clusterType: 'SHARDED' }, code: 'INVALID_ATTRIBUTE' },
    { says: "an owner's key", patch: { encryptionAtRestProvider: 'AWS' }, code: 'INVALID_ATTRIBUTE' },
    { says: 'an older version', patch: { mongoDBMajorVersion: '7.0' }, code: 'INVALID_ATTRIBUTE' },
    { says: 'a version that is none', patch: { mongoDBMajorVersion: 'new' }, code: 'MONGODB_VERSION_INVALID' },
    {
      says: 'eight nodes',
      patch: {
        replicationSpecs: [{ regionConfigs: [region({ electableSpecs: { instanceSize: 'M10', nodeCount: 8 } })] }],
      },
      code: 'INVALID_ATTRIBUTE',
    },
    {
      says: 'no node',
      patch: {
        replicationSpecs: [{ regionConfigs: [region({ electableSpecs: { instanceSize: 'M10', nodeCount: 0 } })] }],
      },
      code: 'INVALID_ATTRIBUTE',
    },
    {
      says: 'a shared tier made of a dedicated one',
      patch: {
        replicationSpecs: [
          {
            regionConfigs: [
              region({ providerName: 'TENANT', backingProviderName: 'AWS', electableSpecs: { instanceSize: 'M0' } }),
            ],
          },
        ],
      },
      code: 'INVALID_ATTRIBUTE',
    },
    { says: 'a shared tier paused', patch: { paused: true }, spec: { ...shared }, code: 'INVALID_ATTRIBUTE' },
  ])('$says', ({ patch, code, spec = made }) => {
    expect(() => after(patch, { spec })).toThrow(expect.objectContaining({ code }))
  })
})

describe('a registered deployment', () => {
  test('has tags and labels of ours', () => {
    const tags = [{ key: 'a', value: 'b' }]
    const spec = deploymentAfter(patchOf({ tags, labels: tags, terminationProtectionEnabled: true }), {
      name: 'Cluster0',
      spec: made,
    })
    expect(spec).toEqual({ ...made, tags, labels: tags })
  })
  test.each([{ paused: true }, { backupEnabled: false }, { replicationSpecs: [] }])('%o is its own', (patch) => {
    expect(() => deploymentAfter(patchOf(patch), { name: 'Cluster0', spec: made })).toThrow(
      expect.objectContaining({
        code: 'POSTERN_DEPLOYMENT_NOT_MANAGED',
        parameters: ['Cluster0', Object.keys(patch)[0]],
      }),
    )
  })
})

test('tags, labels and a pause make no difference to members; all else does', () => {
  expect(differs(made, after({ tags: [], labels: [{ key: 'a', value: 'b' }], paused: true }))).toBe(false)
  expect(differs(made, after({ pitEnabled: true }))).toBe(true)
})
