import { describe, expect, test } from 'vitest'
import { type FeedFault, feedFaults } from './faults.ts'
import { tellFeeds } from './story.ts'

const seeds = 1000

test(`${seeds} stories of several control planes and gateways over a bad network come to a good end`, () => {
  const wrong = Array.from({ length: seeds }, (_, seed) => tellFeeds(seed)).filter(
    ({ violation }) => violation !== null,
  )
  // Failures show which to run again.
  expect(wrong).toEqual([])
})

test('a seed tells the same story again', () => {
  expect(tellFeeds(5)).toEqual(tellFeeds(5))
  expect(tellFeeds(5).told.snapshots).toBeGreaterThan(0)
})

describe(`a planted fault is found within ${seeds} seeds, and by nothing but itself`, () => {
  const planted: readonly (readonly [string, FeedFault])[] = Object.entries(feedFaults)
  test.each(planted)('%s', (_, fault) => {
    const found = Array.from({ length: seeds }, (_, seed) => seed).find(
      (seed) => tellFeeds(seed, fault).violation !== null,
    )
    expect(found).toBeDefined()
    expect(tellFeeds(found ?? -1).violation).toBeNull()
  })
})
