// Regions in every spelling: one table, read both ways, and held against the regions that Atlas's contract names.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { atlasRegion, type CloudProvider, cloudProviders, cloudRegion, regions } from './cloud.ts'

const every = cloudProviders.flatMap((provider) =>
  Object.entries(regions[provider]).map(([atlas, cloud]) => ({ provider, atlas, cloud })),
)

describe.each(cloudProviders)('%s', (provider) => {
  const own = every.filter((each) => each.provider === provider)

  test('every region is found by both of its spellings, in any case, with any separator, and comes back', () => {
    for (const { atlas, cloud } of own) {
      const spellings = [atlas, cloud, atlas.toLowerCase(), cloud.toUpperCase(), atlas.replaceAll('_', '-')]
      const spaced = [atlas.replaceAll('_', ' '), cloud.replaceAll('-', '_'), cloud.replaceAll('-', '')]
      for (const text of [...spellings, ...spaced]) expect([text, atlasRegion(provider, text)]).toEqual([text, atlas])
      expect(cloudRegion(provider, atlas)).toBe(cloud)
    }
  })

  test('no two regions share a spelling of the cloud', () => {
    expect(new Set(own.map(({ cloud }) => cloud)).size).toBe(own.length)
  })
})

test.each([
  { provider: 'AWS', text: 'eu-west-1', region: 'EU_WEST_1' },
  { provider: 'AZURE', text: 'East US 2', region: 'US_EAST_2' },
  { provider: 'AZURE', text: 'southeastasia', region: 'ASIA_SOUTH_EAST' },
  { provider: 'GCP', text: 'asia-northeast1', region: 'NORTHEASTERN_ASIA_PACIFIC' },
  { provider: 'GCP', text: 'us-central1', region: 'CENTRAL_US' },
  { provider: 'GCP', text: 'us-east4', region: 'US_EAST_4' },
  { provider: 'AWS', text: 'eastus', region: undefined },
  { provider: 'AZURE', text: 'us-east-1', region: undefined },
  { provider: 'GCP', text: 'us-east-1', region: 'EASTERN_US' },
  { provider: 'AWS', text: '', region: undefined },
  { provider: 'AWS', text: 'constructor', region: undefined },
] as const)('$provider "$text" is $region', ({ provider, text, region }) => {
  expect(atlasRegion(provider, text)).toBe(region)
})

test('a region that nobody has is a mistake of ours', () => {
  expect(() => cloudRegion('AWS', 'MARS_1')).toThrow(RangeError)
})

/** No place of its own: a template for all regions, and Google Cloud's Assured Workloads in the same ones. */
const noPlace = /^GLOBAL$|_AW$/

test("Atlas's contract names no region that is not in the table", () => {
  const { components } = JSON.parse(
    readFileSync(new URL('../../../fixtures/contract-facts.json', import.meta.url), 'utf8'),
  ) as { readonly components: { readonly schemas: Readonly<Record<string, unknown>> } }
  const named = (['AWS', 'AZURE', 'GCP'] as const).flatMap((provider) =>
    enumsOf(components.schemas[settingsOf[provider]])
      .filter((list) => list.some((region) => Object.hasOwn(regions[provider], region)))
      .flat()
      .map((region) => [provider, region] as const),
  )
  expect(named.length).toBeGreaterThan(120)
  const unknown = named.filter(
    ([provider, region]) => !Object.hasOwn(regions[provider], region) && !noPlace.test(region),
  )
  expect(unknown).toEqual([])
})

const settingsOf = {
  AWS: 'AWSCloudProviderSettings',
  AZURE: 'AzureCloudProviderSettings',
  GCP: 'CloudGCPProviderSettings',
} as const satisfies Record<CloudProvider, string>

const enumsOf = (schema: unknown): readonly (readonly string[])[] => {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'enum' in schema && Array.isArray(schema.enum) ? [schema.enum as readonly string[]] : []
  return [...own, ...Object.values(schema).flatMap(enumsOf)]
}
