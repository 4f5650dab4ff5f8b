import { cloudProviders, regions } from '@postern/contract/cloud'
import { expect, test } from 'vitest'
import { placeWords, regionWords } from './region.ts'

test.each([
  { provider: 'AWS', region: 'US_EAST_1', words: 'N. Virginia (us-east-1)' },
  { provider: 'AZURE', region: 'US_EAST_2', words: 'Virginia (eastus2)' },
  { provider: 'GCP', region: 'WESTERN_EUROPE', words: 'Belgium (europe-west1)' },
  { provider: 'AWS', region: 'MOON_1', words: 'MOON_1' },
] as const)('$region of $provider is called $words', ({ provider, region, words }) => {
  expect(regionWords(provider, region)).toBe(words)
})

test('with its cloud', () => {
  expect(placeWords('GCP', 'CENTRAL_US')).toBe('Google Cloud / Iowa (us-central1)')
})

test.each(cloudProviders)('no two regions of %s are called the same', (provider) => {
  const all = Object.keys(regions[provider]).map((region) => regionWords(provider, region))
  expect(new Set(all).size).toBe(all.length)
})
