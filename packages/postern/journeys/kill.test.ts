// The control plane is killed in each phase of a journey; `npm run kill -- --times 200` does it at random moments.

import { expect, test } from 'vitest'
import { inEachPhase, kills } from '../src/kill/kills.ts'
import { builtBin } from './built-bin.ts'

// A small generator, so that a failing run can be tried again with the same moments.
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

test('killed in whichever phase, every acknowledged wish is there and reaches its end', {
  timeout: 300_000,
}, async () => {
  const report = await kills({ moments: inEachPhase, random: seeded(20), tell: () => {}, bin: await builtBin() })
  expect(report.violations).toEqual([])
  expect(report.kills).toBe(inEachPhase.length)
  // A request may be answered just before; what it wished is unfinished then.
  expect(report.busy).toBe(report.kills)
})
