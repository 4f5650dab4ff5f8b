// What is told of a cluster's nodes and of their scaling is kept, in whichever dialect it is told, and what no cloud has
// is refused by the field's name.

import { randomBytes } from 'node:crypto'
import { AtlasError } from '@postern/contract/errors'
import { clusterSchemas } from '@postern/contract/schemas/cluster'
import { describe, expect, test } from 'vitest'
import { specFromBody } from './body.ts'
import type { ClusterSpec } from './spec.ts'
import { specAfter } from './update.ts'
import { clusterView } from './view.ts'

const ids = { objectId: () => randomBytes(12).toString('hex') }
const scaling = (maxInstanceSize: string) => ({
  compute: { enabled: true, maxInstanceSize, minInstanceSize: 'M10', scaleDownEnabled: true },
  diskGB: { enabled: true },
})
const region = (more: object = {}) => ({
  providerName: 'AWS',
  regionName: 'US_EAST_1',
  electableSpecs: { instanceSize: 'M30', nodeCount: 3 },
  ...more,
})
const make = (body: object, version = '2024-10-23'): ClusterSpec =>
  specFromBody(clusterSchemas.createGroupCluster.body.parse({ name: 'C', ...body }), { ids, version })
const change = (spec: ClusterSpec, patch: object, version = '2024-10-23'): ClusterSpec =>
  specAfter(clusterSchemas.updateGroupCluster.body.parse(patch), { name: 'C', spec, version, ids })
const ofRegion = (more: object) => make({ replicationSpecs: [{ regionConfigs: [region(more)] }] })
const shown = (spec: ClusterSpec, version = '2024-08-05') =>
  clusterView(
    {
      id: 'a'.repeat(24),
      groupId: 'b'.repeat(24),
      name: 'C',
      created: new Date(0),
      state: 'IDLE',
      spec,
      mongoDBVersion: null,
      terminationProtection: false,
      connectionStrings: {},
      link: (path) => path,
      api: '/api/atlas/v2',
    },
    version,
  )
const shownRegion = (spec: ClusterSpec, version?: string) =>
  (shown(spec, version).replicationSpecs as { regionConfigs: object[] }[])[0]?.regionConfigs[0]

describe('analytics nodes', () => {
  const told = { analyticsSpecs: { instanceSize: 'M40', nodeCount: 1 }, analyticsAutoScaling: scaling('M60') }

  test.each(['2023-02-01', '2024-08-05'])('have a tier and a scaling of their own in %s', (version) => {
    expect(shownRegion(ofRegion(told), version)).toMatchObject({
      analyticsAutoScaling: scaling('M60'),
      analyticsSpecs: { instanceSize: 'M40', nodeCount: 1 },
      electableSpecs: { instanceSize: 'M30', nodeCount: 3 },
      readOnlySpecs: { instanceSize: 'M30', nodeCount: 0 },
    })
  })
  test('keep them when a change says nothing of them', () => {
    const after = change(ofRegion(told), {
      replicationSpecs: [{ regionConfigs: [region({ electableSpecs: { instanceSize: 'M50', nodeCount: 3 } })] }],
    })
    expect(shownRegion(after)).toMatchObject({
      analyticsAutoScaling: scaling('M60'),
      analyticsSpecs: { instanceSize: 'M40' },
      electableSpecs: { instanceSize: 'M50' },
    })
  })
  test('are like all others, and show no scaling, where nothing is said', () => {
    expect(shownRegion(ofRegion({}))).toMatchObject({ analyticsSpecs: { instanceSize: 'M30', nodeCount: 0 } })
    expect(shownRegion(ofRegion({}))).not.toHaveProperty('analyticsAutoScaling')
    const alike = { analyticsSpecs: { instanceSize: 'M30', nodeCount: 0 } }
    expect(ofRegion(alike).replicationSpecs[0]?.regions).toEqual(ofRegion({}).replicationSpecs[0]?.regions)
  })
})

describe('the oldest dialect', () => {
  const legacy = {
    providerBackupEnabled: true,
    autoScaling: { compute: { enabled: true, scaleDownEnabled: true }, diskGBEnabled: true },
    providerSettings: {
      providerName: 'AWS',
      regionName: 'US_EAST_1',
      instanceSizeName: 'M30',
      autoScaling: { compute: { minInstanceSize: 'M10', maxInstanceSize: 'M50' } },
    },
  }
  test('tells scaling and backup, and means the same as the newest', () => {
    const made = make(legacy, '2023-01-01')
    expect(shown(made, '2023-01-01')).toMatchObject(legacy)
    expect(shown(made)).toMatchObject({ backupEnabled: true })
    expect(shownRegion(made)).toMatchObject({ autoScaling: scaling('M50') })
  })
  test('leaves scaling as it is where a change says nothing of it', () => {
    const made = ofRegion({ autoScaling: scaling('M50'), analyticsAutoScaling: scaling('M60') })
    const after = change(made, { providerSettings: { providerName: 'AWS', instanceSizeName: 'M40' } }, '2023-01-01')
    expect(shownRegion(after)).toMatchObject({
      electableSpecs: { instanceSize: 'M40' },
      autoScaling: scaling('M50'),
      analyticsAutoScaling: scaling('M60'),
    })
  })
})

test.each(['analytics', 'SECONDARY', 'nearest'])('a BI connector that reads from %s', (readPreference) => {
  const parsed = clusterSchemas.updateGroupCluster.body.safeParse({ biConnector: { readPreference } })
  expect(parsed.success).toBe(readPreference !== 'nearest')
})

test('a region is told once in each replication spec', () => {
  const twice = () => make({ replicationSpecs: [{ regionConfigs: [region(), region({ priority: 6 })] }] })
  const field = 'replicationSpecs[0].regionConfigs'
  expect(twice).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ field })] }))
})

test('how replica sets scale and who manages config servers is kept; the first is shown only where it was told', () => {
  const sharded = { clusterType: 'SHARDED', replicationSpecs: [{ regionConfigs: [region()] }] }
  const told = { replicaSetScalingStrategy: 'SEQUENTIAL', configServerManagementMode: 'FIXED_TO_DEDICATED' }
  expect(shown(make({ ...sharded, ...told }))).toMatchObject({ ...told, configServerType: 'DEDICATED' })
  expect(shown(change(make(sharded), told))).toMatchObject(told)
  expect(shown(change(make({ ...sharded, ...told }), { pitEnabled: true }))).toMatchObject(told)
  expect(shown(make(sharded))).not.toHaveProperty('replicaSetScalingStrategy')
  expect(shown(make(sharded))).toMatchObject({
    configServerManagementMode: 'ATLAS_MANAGED',
    configServerType: 'EMBEDDED',
  })
})

describe('refuses, and names the field', () => {
  const at = 'replicationSpecs[0].regionConfigs[0]'
  test.each([
    {
      says: 'a largest size that its cloud does not have',
      more: { autoScaling: scaling('M90') },
      field: `${at}.autoScaling.compute.maxInstanceSize`,
    },
    {
      says: 'the same of analytics nodes',
      more: { analyticsAutoScaling: scaling('XXL') },
      field: `${at}.analyticsAutoScaling.compute.maxInstanceSize`,
    },
    {
      says: 'a tier of analytics nodes that its cloud does not have',
      more: { analyticsSpecs: { instanceSize: 'M90', nodeCount: 1 } },
      field: `${at}.analyticsSpecs.instanceSize`,
    },
    {
      says: 'read-only nodes of another tier than the electable ones',
      more: { readOnlySpecs: { instanceSize: 'M40', nodeCount: 1 } },
      field: `${at}.readOnlySpecs.instanceSize`,
    },
  ])('$says', ({ more, field }) => {
    const refusal = () => ofRegion(more)
    expect(refusal).toThrow(AtlasError)
    expect(refusal).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ field })] }))
  })
})
