// Members added, removed, moved, renamed and re-elected under the official driver's retryable load, directly and through an
// endpoint at once. Longer by hand: `npm run workload -- --changes 50`.

import { expect, test } from 'vitest'
import { notDirect, runWorkload } from './workload/workload.ts'

test('a client through an endpoint sees no error while members come, go and move, and loses no write', async () => {
  let seed = 1
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const { changes, outcomes } = await runWorkload({ times: 1, random, tell: () => {} })
  expect(changes).toEqual({ added: 1, removed: 1, moved: 1, renamed: 1, 're-elected': 1 })
  const [direct, endpoint] = outcomes
  expect([direct?.lost, endpoint?.lost]).toEqual([0, 0])
  expect(notDirect(endpoint?.errors ?? [])).toEqual([])
  expect(endpoint?.reads).toBeGreaterThan(0)
})
