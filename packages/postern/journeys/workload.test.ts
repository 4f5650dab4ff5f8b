// Members added, removed, moved, renamed and re-elected under the official driver's retryable load, directly and through an
// endpoint at once. Longer by hand: `npm run workload -- --changes 50`.

import { expect, test } from 'vitest'
import { runWorkload } from './workload/workload.ts'

test('a client through an endpoint sees no error while members come, go and move, and loses no write', async () => {
  let seed = 1
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const { changes, outcomes } = await runWorkload({ times: 2, random, tell: () => {} })
  expect(changes).toEqual({ added: 2, removed: 2, moved: 2, renamed: 2, 're-elected': 2 })
  const [direct, endpoint] = outcomes
  expect([direct?.lost, endpoint?.lost]).toEqual([0, 0])
  expect(endpoint?.errors).toEqual([])
  expect(endpoint?.reads).toBeGreaterThan(0)
})
