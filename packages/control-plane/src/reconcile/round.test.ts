import { expect, test } from 'vitest'
import { createRound } from './round.ts'

const round = (ids: readonly string[]) =>
  createRound(async (after, limit) => ids.filter((id) => id > after).slice(0, limit), 3)

test.each([
  { says: 'none', ids: [], rounds: [[], []] },
  {
    says: 'fewer than a round: all, each time',
    ids: ['a', 'b'],
    rounds: [
      ['a', 'b'],
      ['a', 'b'],
    ],
  },
  {
    says: 'more: the next few, and from the first again',
    ids: ['a', 'b', 'c', 'd'],
    rounds: [['a', 'b', 'c'], ['d'], ['a', 'b', 'c']],
  },
  { says: 'as many as two rounds', ids: ['a', 'b', 'c'], rounds: [['a', 'b', 'c'], [], ['a', 'b', 'c']] },
])('$says', async ({ ids, rounds }) => {
  const next = round(ids)
  for (const wanted of rounds) expect(await next()).toEqual(wanted)
})
