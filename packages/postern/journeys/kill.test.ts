// Twenty kills of the control plane at random moments; `npm run kill -- --times 200` makes more.

import { expect, test } from 'vitest'
import { kills } from '../src/kill/kills.ts'

// A small generator, so that a failing run can be tried again with the same moments.
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

test('after each of twenty kills every acknowledged wish is there and reaches its end', {
  timeout: 300_000,
}, async () => {
  const report = await kills({ times: 20, random: seeded(20), tell: () => {} })
  expect(report.violations).toEqual([])
  expect(report.kills).toBe(20)
  expect(report.busy).toBeGreaterThanOrEqual(10)
})
