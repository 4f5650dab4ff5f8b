import { expect, test } from 'vitest'
import { blockersOf } from './blockers.ts'

test('each that stands in the way is named', () => {
  const services = [{ cloudProvider: 'AWS', regionName: 'EU_WEST_1', id: '65f1a2b3c4d5e6f7a8b9c0d1' }] as const
  expect(blockersOf({ clusters: [{ name: 'Cluster0' }], services })).toEqual([
    'Cluster Cluster0',
    'Endpoint service AWS / Ireland (eu-west-1), 65f1a2b3c4d5e6f7a8b9c0d1',
  ])
  expect(blockersOf({ clusters: [], services: [] })).toEqual([])
})
