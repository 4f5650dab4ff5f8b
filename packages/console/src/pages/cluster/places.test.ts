import { expect, it } from 'vitest'
import { placesOf } from './places.ts'

it('names each provider and region once, in the cluster’s own order', () => {
  const region = (providerName: string, regionName: string) => ({ providerName, regionName })
  const replicationSpecs = [
    { regionConfigs: [region('AWS', 'US_EAST_1'), region('AZURE', 'US_EAST_2')] },
    { regionConfigs: [region('AWS', 'US_EAST_1')] },
  ]
  expect(placesOf({ replicationSpecs })).toEqual({ providers: ['AWS', 'AZURE'], regions: ['US_EAST_1', 'US_EAST_2'] })
})

it('knows nothing of a cluster that says nothing', () => {
  expect(placesOf({})).toEqual({ providers: [], regions: [] })
})
