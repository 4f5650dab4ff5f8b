// What is told to the control plane of a gateway's counters: totals of each endpoint, and only those that moved since they
// were last accepted. They are totals, so that a report which was lost or came twice does no harm. What is served no more, such
// as a standard listener that was closed, is told once as having nothing open.

import { type EndpointTraffic, mostTraffic, type TrafficReport } from '@postern/contract/edge-traffic'
import type { Gateway } from './gateway.ts'

export interface TrafficTeller {
  /** What is to be told now; null where the control plane knows it all. */
  readonly next: () => TrafficReport | null
  readonly accepted: (report: TrafficReport) => void
}

/** `run` is a name of this start of the edge that no other one has. */
export function createTrafficTeller(gateway: Pick<Gateway, 'counts' | 'refusals'>, run: string): TrafficTeller {
  let told: ReadonlyMap<string, EndpointTraffic> = new Map()
  /** The first report says that the run began, and so that all connections of the one before are over. */
  let begun = false
  let n = 0
  /** The number of the report that told it last, by endpoint. */
  const toldAt = new Map<string, number>()
  const lastTold = ({ endpointId }: EndpointTraffic): number => toldAt.get(endpointId) ?? 0
  return {
    next() {
      const now = totals(gateway)
      const there = new Set(now.map(({ endpointId }) => endpointId))
      const closed = [...told.values()].filter(
        ({ endpointId, connections }) => connections > 0 && !there.has(endpointId),
      )
      const endpoints = [
        ...now.filter((total) => !same(total, told.get(total.endpointId))),
        ...closed.map((total) => ({ ...total, connections: 0 })),
      ]
      if (begun && endpoints.length === 0) return null
      n += 1
      // Whoever has waited longest goes first: the rest is told with the next one.
      const waited = endpoints.toSorted((one, other) => lastTold(one) - lastTold(other))
      return { run, n, endpoints: waited.slice(0, mostTraffic) }
    },
    accepted({ n: accepted, endpoints }) {
      begun = true
      for (const { endpointId } of endpoints) toldAt.set(endpointId, accepted)
      const there = new Set(totals(gateway).map(({ endpointId }) => endpointId))
      const newest = new Map([...told, ...endpoints.map((endpoint) => [endpoint.endpointId, endpoint] as const)])
      told = new Map([...newest].filter(([endpointId, { connections }]) => there.has(endpointId) || connections > 0))
      for (const endpointId of toldAt.keys()) if (!told.has(endpointId)) toldAt.delete(endpointId)
    },
  }
}

type Totals = { -readonly [Name in keyof EndpointTraffic]: EndpointTraffic[Name] }

function totals(gateway: Pick<Gateway, 'counts' | 'refusals'>): readonly EndpointTraffic[] {
  const all = new Map<string, Totals>()
  const of = (endpointId: string): Totals => {
    const known = all.get(endpointId)
    if (known !== undefined) return known
    const made = { endpointId, bytesFromClient: 0, bytesFromMember: 0, connections: 0, newConnections: 0, refused: 0 }
    all.set(endpointId, made)
    return made
  }
  for (const { endpointId, bytesFromClients, bytesFromMembers, open, started } of gateway.counts()) {
    if (endpointId === null) continue
    const total = of(endpointId)
    total.bytesFromClient += bytesFromClients
    total.bytesFromMember += bytesFromMembers
    total.connections += open
    total.newConnections += started
  }
  for (const { endpointId, count, what } of gateway.refusals())
    if (endpointId !== null && what === 'connection') of(endpointId).refused += count
  return [...all.values()]
}

const same = (now: EndpointTraffic, before: EndpointTraffic | undefined): boolean =>
  before !== undefined && (Object.keys(now) as (keyof EndpointTraffic)[]).every((name) => now[name] === before[name])
