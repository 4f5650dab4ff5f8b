import { randomBytes } from 'node:crypto'
import { clusterSchemas } from '@postern/contract/schemas/cluster'
import { describe, expect, test } from 'vitest'
import { checkAtlasShape } from './atlas-shape.ts'
import { specFromBody } from './body.ts'

const ids = { objectId: () => randomBytes(12).toString('hex') }
const region = (regionName: string, nodeCount: number, priority: number, more: object = {}) => ({
  providerName: 'AWS',
  regionName,
  priority,
  electableSpecs: { instanceSize: 'M10', nodeCount, ...more },
})
const check = (...regionConfigs: object[]) => {
  const body = clusterSchemas.createGroupCluster.body.parse({ name: 'C', replicationSpecs: [{ regionConfigs }] })
  checkAtlasShape(specFromBody(body, { ids, version: '2024-10-23' }))
}
const readers = { providerName: 'AWS', regionName: 'EU_WEST_1', readOnlySpecs: { instanceSize: 'M10', nodeCount: 2 } }
const shared = { instanceSize: 'M0' }
const free = { providerName: 'TENANT', backingProviderName: 'AWS', regionName: 'US_EAST_1', electableSpecs: shared }

describe('Atlas deploys', () => {
  test.each([
    { says: 'three nodes in one region', regions: [region('US_EAST_1', 3, 7)] },
    { says: 'five over two regions', regions: [region('US_EAST_1', 3, 7), region('US_WEST_2', 2, 6)] },
    { says: 'in any order', regions: [region('US_WEST_2', 1, 6), region('US_EAST_1', 2, 7)] },
    { says: 'readers beside them, of whatever priority', regions: [region('US_EAST_1', 3, 7), readers] },
    { says: 'a shared tier, which has no nodes to count', regions: [free] },
  ])('$says', ({ regions }) => expect(() => check(...regions)).not.toThrow())
})

describe('Atlas deploys no', () => {
  test.each([
    { says: 'single node', regions: [region('US_EAST_1', 1, 7)], field: 'replicationSpecs' },
    { says: 'even number', regions: [region('US_EAST_1', 2, 7), region('US_WEST_2', 2, 6)], field: 'replicationSpecs' },
    { says: 'highest priority but 7', regions: [region('US_EAST_1', 3, 5)], field: 'replicationSpecs' },
    {
      says: 'two regions of one priority',
      regions: [region('US_EAST_1', 2, 7), region('US_WEST_2', 1, 7)],
      field: 'replicationSpecs',
    },
    { says: 'disk below 10 GB', regions: [region('US_EAST_1', 3, 7, { diskSizeGB: 9 })], field: 'diskSizeGB' },
    { says: 'disk above 4096 GB', regions: [region('US_EAST_1', 3, 7, { diskSizeGB: 4097 })], field: 'diskSizeGB' },
  ])('$says', ({ regions, field }) => {
    expect(() => check(...regions)).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ field })] }))
  })
})
