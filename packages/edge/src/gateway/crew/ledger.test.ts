import { expect, test } from 'vitest'
import { createTally } from '../tally.ts'
import { connection } from '../testing/connection.ts'
import { restsAfter } from './ledger.ts'

test.each([
  { told: 3_999, rests: 0 },
  { told: 4_000, rests: 1 },
  { told: 30_000, rests: 7 },
])('after $told counts a worker rests for $rests beats', ({ told, rests }) => {
  const tally = createTally()
  tally.keep({ endpointIds: new Set(), names: told })
  for (let n = 0; n < told; n++)
    tally.over(connection({ endpointId: `endpoint-${n}` }), { side: 'client', code: 'closed', reason: '' })
  expect(restsAfter({ counts: tally.counts([]), refusals: [] })).toBe(rests)
})
