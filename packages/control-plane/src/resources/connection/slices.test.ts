import { expect, test } from 'vitest'
import { slicesOf } from './slices.ts'

const counts = new Map([
  ['a', 3],
  ['b', 0],
  ['c', 4],
])

test.each([
  { says: 'the first page ends within the first edge', offset: 0, limit: 2, slices: [['a', 0, 2]] },
  {
    says: 'a page goes over edges, and over one that has none',
    offset: 2,
    limit: 3,
    slices: [
      ['a', 2, 1],
      ['c', 0, 2],
    ],
  },
  { says: 'a page begins where an edge begins', offset: 3, limit: 2, slices: [['c', 0, 2]] },
  { says: 'the last page is short', offset: 5, limit: 5, slices: [['c', 2, 2]] },
  { says: 'beyond the end there is nothing', offset: 7, limit: 5, slices: [] },
])('$says', ({ offset, limit, slices }) => {
  const found = [...slicesOf(counts, { offset, limit })].map(([edge, slice]) => [edge, slice.from, slice.limit])
  expect(found).toEqual(slices)
})

test.each([1, 2, 3, 500])('pages of %i show everything once, in order', (limit) => {
  const seen: string[] = []
  for (let offset = 0; offset < 10; offset += limit)
    for (const [edge, slice] of slicesOf(counts, { offset, limit }))
      for (let at = 0; at < slice.limit; at++) seen.push(`${edge}${slice.from + at}`)
  expect(seen).toEqual(['a0', 'a1', 'a2', 'c0', 'c1', 'c2', 'c3'])
})
