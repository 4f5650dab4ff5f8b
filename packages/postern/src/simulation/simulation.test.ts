import { createTestStore, type TestStore } from '@postern/control-plane/store/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, faults } from './faults.ts'
import { runSeeds } from './run-seeds.ts'
import { simulate } from './simulate.ts'

const seeds = 80
const seedsOfFaults = 130

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

test(`${seeds} stories of wishes, crashes and a bad network all come to a good end`, { timeout: 300_000 }, async () => {
  const lines: string[] = []
  await runSeeds(open, { seeds, from: 0, say: (line) => lines.push(line) })
  // One line: no seed has one of its own. Failures show which to run again.
  expect(lines).toEqual([expect.stringMatching(new RegExp(`^${seeds} seeds from 0: 0 failed; `))])
})

test('a seed tells the same story again, whatever was told before it', async () => {
  const first = await simulate(open.store, 3)
  await simulate(open.store, 4)
  expect(await simulate(open.store, 3)).toEqual(first)
  expect(first.told.turns).toBeGreaterThan(10)
})

describe(`a planted fault is found within ${seedsOfFaults} seeds, and again by the seed that found it`, () => {
  const planted: readonly (readonly [string, Fault])[] = Object.entries(faults)
  test.each(planted)('%s', { timeout: 300_000 }, async (_, fault) => {
    let found: number | null = null
    for (let seed = 0; seed < seedsOfFaults && found === null; seed++)
      if ((await simulate(open.store, seed, fault)).violation !== null) found = seed
    expect(found).not.toBeNull()
    const again = await simulate(open.store, found ?? -1, fault)
    expect(again.violation).toEqual(expect.any(String))
    // The fault alone is to blame: without it the same seed ends well.
    expect((await simulate(open.store, found ?? -1)).violation).toBeNull()
  })
})
