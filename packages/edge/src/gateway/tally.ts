// What a gateway has counted since it started, by endpoint and member; for metrics and summaries. Memory is bounded: what
// was counted for endpoints that are gone, or beyond the capacity, goes on under one count without a name, so that the
// sums never fall.

import type { GatewayEndpoint, GatewayListener } from '@postern/contract/snapshot'
import type { ConnectionEnd, Side } from './join/join.ts'
import { countRefused, keepingNames, type RefusalCount, type Refusals, type Refused } from './refusals.ts'
import type { GatewayStats, JoinedConnection } from './register.ts'

export interface Count {
  /** All three null: of endpoints that are gone, or beyond the capacity. */
  readonly endpointId: string | null
  readonly cloudEndpointId: string | null
  readonly member: string | null
  /** Joined and not over yet. */
  open: number
  /** Joined ever. */
  started: number
  operations: number
  hellos: number
  bytesFromClients: number
  bytesFromMembers: number
  /** Over, by who was the reason: closed in good order, or not. */
  readonly closed: Record<Side, number>
  readonly cut: Record<Side, number>
  /** First hellos that were answered within `handshakeBucketsMs` of the same position; the last one: later than all. */
  readonly handshakes: number[]
  handshakeMs: number
}

export const handshakeBucketsMs = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000] as const

/** Names that are kept at least, however little is served. */
const leastCapacity = 2_000

interface Served {
  readonly endpoints: readonly Pick<GatewayEndpoint, 'id' | 'serviceId'>[]
  readonly listeners: readonly Pick<GatewayListener, 'serviceId' | 'balances'>[]
}

/** One for each member that a client reaches through an endpoint, and one more for each endpoint and each service. */
export const namesFor = ({ endpoints, listeners }: Served): number => {
  const members = new Map<string, number>()
  for (const { serviceId, balances } of listeners)
    members.set(serviceId, (members.get(serviceId) ?? 0) + (balances?.length ?? 1))
  return endpoints.reduce((sum, { serviceId }) => sum + 1 + (members.get(serviceId) ?? 0), members.size)
}

export interface Kept {
  readonly endpointIds: ReadonlySet<string>
  readonly serviceIds?: ReadonlySet<string>
  readonly names?: number
}

/** Whoever has a name in a snapshot. */
export const keptOf = (body: Served): Required<Kept> => ({
  endpointIds: new Set(body.endpoints.map(({ id }) => id)),
  serviceIds: new Set(body.listeners.map(({ serviceId }) => serviceId)),
  names: namesFor(body),
})

const none: ReadonlySet<string> = new Set()

export function createTally() {
  let capacity = leastCapacity
  let past = new Map<string, Count>()
  let refusals: Refusals = new Map()

  return {
    /** A joined connection is over. */
    over(last: JoinedConnection, end: ConnectionEnd): void {
      const count = countIn(past, last, capacity)
      add(count, last)
      count[end.code === 'closed' ? 'closed' : 'cut'][end.side]++
    },

    refused(refused: Refused): void {
      countRefused(refusals, refused, capacity)
    },

    /** From now on only these have counts of their own, of which there may be `names` (2000 are always kept). */
    keep({ endpointIds, serviceIds = none, names = leastCapacity }: Kept): void {
      capacity = Math.max(leastCapacity, names)
      const isKept = ({ endpointId }: Named): boolean => endpointId === null || endpointIds.has(endpointId)
      const before = [...past.values()]
      past = new Map()
      for (const count of before) merge(countIn(past, isKept(count) ? count : nobody, capacity), count)
      refusals = keepingNames(refusals.values(), { endpointIds, serviceIds }, capacity)
    },

    /** Those that are over together with those that are `live`. */
    counts(live: Iterable<JoinedConnection>): readonly Count[] {
      const now = new Map([...past].map(([key, count]) => [key, copyOf(count)]))
      for (const connection of live) {
        const count = countIn(now, connection, capacity)
        count.open++
        add(count, connection)
      }
      return [...now.values()]
    },

    refusals: (): readonly Readonly<RefusalCount>[] => [...refusals.values()],
  }
}

/** Several counts of an endpoint and member as one. Who has a name keeps it, however many there are: counts never fall. */
export const sumOfCounts = (all: readonly Readonly<Count>[]): readonly Count[] => {
  const sums = new Map<string, Count>()
  for (const count of all) merge(countIn(sums, count, Number.POSITIVE_INFINITY), count)
  return [...sums.values()]
}

/** What a gateway is asked for at large. */
export function statsOf({ counts, refusals, accepted, open, join }: Counted): GatewayStats {
  const sum = (of: (count: Readonly<Count>) => number): number => counts.reduce((total, count) => total + of(count), 0)
  const ended = (side: Side): number => sum(({ closed, cut }) => closed[side] + cut[side])
  const refused: Record<string, number> = {}
  for (const { code, count, what } of refusals) if (what === 'connection') refused[code] = (refused[code] ?? 0) + count
  return {
    accepted,
    admitted: sum(({ started }) => started),
    refused,
    ended: { client: ended('client'), gateway: ended('gateway'), member: ended('member') },
    open,
    hellos: sum(({ hellos }) => hellos),
    bytesFromClients: sum(({ bytesFromClients }) => bytesFromClients),
    bytesFromMembers: sum(({ bytesFromMembers }) => bytesFromMembers),
    join,
  }
}

interface Counted extends Pick<GatewayStats, 'accepted' | 'open' | 'join'> {
  readonly counts: readonly Readonly<Count>[]
  readonly refusals: readonly Readonly<RefusalCount>[]
}

interface Named {
  readonly endpointId: string | null
  readonly cloudEndpointId: string | null
  readonly member: string | null
}

const nobody: Named = { endpointId: null, cloudEndpointId: null, member: null }

function countIn(counts: Map<string, Count>, named: Named, most: number): Count {
  const key = named.endpointId === null ? '' : `${named.endpointId}\n${named.member}`
  const known = counts.get(key)
  if (known !== undefined) return known
  if (key !== '' && counts.size >= most) return countIn(counts, nobody, most)
  const { endpointId, cloudEndpointId, member } = named
  const count = { endpointId, cloudEndpointId, member, ...nothing() }
  counts.set(key, count)
  return count
}

/** By hand: there are tens of thousands, each second. */
const copyOf = (count: Readonly<Count>): Count => ({
  ...count,
  closed: { ...count.closed },
  cut: { ...count.cut },
  handshakes: [...count.handshakes],
})

const nothing = (): Omit<Count, keyof Named> => ({
  open: 0,
  started: 0,
  operations: 0,
  hellos: 0,
  bytesFromClients: 0,
  bytesFromMembers: 0,
  closed: { client: 0, gateway: 0, member: 0 },
  cut: { client: 0, gateway: 0, member: 0 },
  handshakes: Array.from({ length: handshakeBucketsMs.length + 1 }, () => 0),
  handshakeMs: 0,
})

function add(count: Count, one: JoinedConnection): void {
  count.started++
  count.operations += one.operations
  count.hellos += one.hellos
  count.bytesFromClients += one.bytesFromClient
  count.bytesFromMembers += one.bytesFromMember
  if (one.handshakeMs === null) return
  const { handshakeMs } = one
  const bucket = handshakeBucketsMs.findIndex((limit) => handshakeMs <= limit)
  const at = bucket < 0 ? handshakeBucketsMs.length : bucket
  count.handshakes[at] = (count.handshakes[at] ?? 0) + 1
  count.handshakeMs += handshakeMs
}

function merge(into: Count, from: Readonly<Count>): void {
  for (const name of [
    'open',
    'started',
    'operations',
    'hellos',
    'bytesFromClients',
    'bytesFromMembers',
    'handshakeMs',
  ] as const)
    into[name] += from[name]
  for (const how of ['closed', 'cut'] as const)
    for (const side of ['client', 'gateway', 'member'] as const) into[how][side] += from[how][side]
  for (const [at, count] of from.handshakes.entries()) into.handshakes[at] = (into.handshakes[at] ?? 0) + count
}
