import { expect, test } from 'vitest'
import { type Point, periodOf, rowsOf, sumsOf } from './traffic-figures.ts'

const point = (from: string, over: Partial<Point> = {}): Point => ({
  from,
  bytesFromClient: 0,
  bytesFromMember: 0,
  connections: 0,
  newConnections: 0,
  refused: 0,
  ...over,
})
const traffic = (...points: readonly Point[]) => ({ granularity: 'PT1M' as const, points: [...points] })

test('bytes, new ones and refusals are added up, and what is open is what the last point says', () => {
  const points = [
    point('a', { bytesFromClient: 1, bytesFromMember: 10, connections: 7, newConnections: 7, refused: 1 }),
    point('b', { bytesFromClient: 2, bytesFromMember: 20, connections: 4, newConnections: 1, refused: 2 }),
  ]
  expect(sumsOf(traffic(...points))).toEqual({
    bytesFromClient: 3,
    bytesFromMember: 30,
    newConnections: 8,
    refused: 3,
    connections: 4,
    quiet: false,
  })
})

test.each([
  { says: 'nothing at all', over: {}, quiet: true },
  { says: 'somebody who is connected and says nothing', over: { connections: 1 }, quiet: false },
  { says: 'somebody who was turned away', over: { refused: 1 }, quiet: false },
])('$says: quiet is $quiet', ({ over, quiet }) => {
  expect(sumsOf(traffic(point('a'), point('b', over), point('c'))).quiet).toBe(quiet)
})

test('rows are the newest first, without those in which nothing was', () => {
  const points = [point('a', { refused: 1 }), point('b'), point('c', { connections: 1 })]
  expect(rowsOf(traffic(...points)).map(({ from }) => from)).toEqual(['c', 'a'])
})

test.each([
  [undefined, 'PT1H'],
  ['PT24H', 'PT24H'],
  ['P9Y', 'PT1H'],
])('%s in the URL is %s', (text, period) => {
  expect(periodOf(text)).toBe(period)
})
