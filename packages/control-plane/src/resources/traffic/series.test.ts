import { describe, expect, test } from 'vitest'
import { type EdgeSeries, trafficSeries } from './series.ts'

const minute = 60_000
const noon = Date.UTC(2026, 0, 1, 12)

/** One edge; `at` in minutes before or after noon. */
const edge = (
  points: readonly { readonly at: number; readonly bytes?: number; readonly open?: number }[],
  { open = 0, until = 24 * 60 }: { readonly open?: number; readonly until?: number } = {},
): EdgeSeries => ({
  minutes: points.map(({ at, bytes = 0, open: connections = 0 }) => ({
    at: noon + at * minute,
    bytesFromClient: bytes,
    bytesFromMember: 2 * bytes,
    connections,
    newConnections: 1,
    refused: 1,
  })),
  open,
  until: noon + until * minute,
})

const series = (edges: readonly EdgeSeries[], minutes: number, now = noon + 30_000) =>
  trafficSeries(edges, { now, minutes })

test('an endpoint through which nothing flowed has points of zero', () => {
  const nothing = { bytesFromClient: 0, bytesFromMember: 0, connections: 0, newConnections: 0, refused: 0 }
  expect(series([], 2)).toEqual({
    granularity: 'PT1M',
    points: [
      { from: '2026-01-01T11:59:00.000Z', ...nothing },
      { from: '2026-01-01T12:00:00.000Z', ...nothing },
    ],
  })
})

describe('steps', () => {
  test.each([
    { minutes: 1, granularity: 'PT1M', count: 1, first: '2026-01-01T12:00:00.000Z' },
    { minutes: 60, granularity: 'PT1M', count: 60, first: '2026-01-01T11:01:00.000Z' },
    { minutes: 61, granularity: 'PT15M', count: 5, first: '2026-01-01T11:00:00.000Z' },
    { minutes: 1440, granularity: 'PT15M', count: 96, first: '2025-12-31T12:15:00.000Z' },
  ])('$minutes minutes: $count points of $granularity', ({ minutes, granularity, count, first }) => {
    const { points, ...rest } = series([], minutes)
    expect([rest, points.length, points[0]?.from]).toEqual([{ granularity }, count, first])
    expect(points.at(-1)?.from).toBe('2026-01-01T12:00:00.000Z')
  })

  test('a longer step adds its minutes up, and has what was open at its end', () => {
    const { points } = series(
      [
        edge([
          { at: -15, bytes: 1, open: 9 },
          { at: -1, bytes: 2, open: 3 },
          { at: 0, bytes: 4, open: 5 },
        ]),
      ],
      120,
    )
    expect(points.slice(-2)).toEqual([
      expect.objectContaining({
        bytesFromClient: 3,
        bytesFromMember: 6,
        connections: 3,
        newConnections: 2,
        refused: 2,
      }),
      expect.objectContaining({
        bytesFromClient: 4,
        bytesFromMember: 8,
        connections: 5,
        newConnections: 1,
        refused: 1,
      }),
    ])
  })
})

const open = (edges: readonly EdgeSeries[], minutes = 4): readonly number[] =>
  series(edges, minutes).points.map(({ connections }) => connections)

describe('connections', () => {
  test('stay open through minutes in which nothing moved', () => {
    expect(open([edge([{ at: -2, open: 3 }])])).toEqual([0, 3, 3, 3])
  })

  test('were open already when the period began', () => {
    expect(open([edge([{ at: -200, open: 3 }])])).toEqual([3, 3, 3, 3])
  })

  test('of all edges are added up', () => {
    expect(open([edge([{ at: -3, open: 3 }]), edge([{ at: -1, open: 4 }])])).toEqual([3, 3, 7, 7])
  })

  test('of an edge that fell silent end with it', () => {
    expect(open([edge([{ at: -3, open: 3 }], { until: -2 })])).toEqual([3, 3, 0, 0])
  })

  test('of an edge that was removed are known as far as it told', () => {
    expect(open([edge([{ at: -3, open: 3 }], { until: Number.NEGATIVE_INFINITY })])).toEqual([3, 0, 0, 0])
  })

  test('that have been quiet for longer than anything is kept are open still', () => {
    expect(open([edge([], { open: 2 })])).toEqual([2, 2, 2, 2])
  })
})
