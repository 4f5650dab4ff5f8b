// The points of an endpoint, or of a standard listener, as they are shown: those of all edges added up, in steps without gaps. Pure. An edge writes a minute
// only when something moved, so what was open stays open through the minutes after it, for as long as the edge was there.

import type { TrafficView } from '@postern/contract/schemas/connection'
import { minuteMs, minuteOf } from './record.ts'

interface MinuteCounts {
  readonly bytesFromClient: number
  readonly bytesFromMember: number
  readonly connections: number
  readonly newConnections: number
  readonly refused: number
}

/** One edge's minutes of one endpoint, of the time that is kept. */
export interface EdgeSeries {
  /** Oldest first; `at` is when each begins, in milliseconds since 1970. */
  readonly minutes: readonly (MinuteCounts & { readonly at: number })[]
  /** What it has open as far as it said. */
  readonly open: number
  /** Until when it was heard of. */
  readonly until: number
}

/** Points of a longer period are as long as this. */
const coarseMinutes = 15
const finestPeriodMinutes = 60

export const trafficSeries = (
  edges: readonly EdgeSeries[],
  { now, minutes }: { readonly now: number; readonly minutes: number },
): TrafficView => {
  const coarse = minutes > finestPeriodMinutes
  const step = (coarse ? coarseMinutes : 1) * minuteMs
  const count = Math.ceil((minutes * minuteMs) / step)
  const last = Math.floor(now / step) * step
  const points = Array.from({ length: count }, (_, at) => {
    const from = last - (count - 1 - at) * step
    const end = Math.min(from + step, minuteOf(now) + minuteMs)
    const shares = edges.map((edge) => shareOf(edge, { from, end }))
    const sum = (of: keyof MinuteCounts): number => shares.reduce((total, share) => total + share[of], 0)
    return {
      from: new Date(from).toISOString(),
      bytesFromClient: sum('bytesFromClient'),
      bytesFromMember: sum('bytesFromMember'),
      connections: sum('connections'),
      newConnections: sum('newConnections'),
      refused: sum('refused'),
    }
  })
  return { granularity: coarse ? 'PT15M' : 'PT1M', points }
}

const shareOf = (
  { minutes, open, until }: EdgeSeries,
  { from, end }: { readonly from: number; readonly end: number },
): MinuteCounts => {
  const within = minutes.filter(({ at }) => at >= from && at < end)
  const sum = (of: 'bytesFromClient' | 'bytesFromMember' | 'newConnections' | 'refused'): number =>
    within.reduce((total, minute) => total + minute[of], 0)
  const lastMinute = end - minuteMs
  const before = minutes.findLast(({ at }) => at < end)
  // None is kept: nothing has moved for as long as that.
  const stays = minutes.length === 0 ? open : (before?.connections ?? 0)
  return {
    bytesFromClient: sum('bytesFromClient'),
    bytesFromMember: sum('bytesFromMember'),
    newConnections: sum('newConnections'),
    refused: sum('refused'),
    connections: lastMinute <= Math.max(minuteOf(until), before?.at ?? 0) ? stays : 0,
  }
}
