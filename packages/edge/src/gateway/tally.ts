// What a gateway has counted since it started, by endpoint and member; for metrics and summaries. Memory is bounded: what
// was counted for endpoints that are gone, or beyond the capacity, goes on under one count without a name, so that the
// sums never fall.

import type { GatewayEndpoint, GatewayListener } from '@postern/contract/snapshot'
import type { ConnectionEnd, Side } from './join/join.ts'
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

export interface RefusalCount {
  /** Null where it was not known yet through which endpoint it came. */
  readonly endpointId: string | null
  readonly cloudEndpointId: string | null
  readonly code: string
  /** A connection was turned away, or a request of one that goes on. */
  readonly what: 'connection' | 'request'
  count: number
  /** Milliseconds since 1970. */
  lastAt: number
  /** The id of the last one, which its line in the log has too; null: it got none. */
  lastConnection: string | null
}

export const handshakeBucketsMs = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000] as const

/** Names that are kept at least, however little is served. */
const leastCapacity = 2_000

interface Served {
  readonly endpoints: readonly Pick<GatewayEndpoint, 'serviceId'>[]
  readonly listeners: readonly Pick<GatewayListener, 'serviceId' | 'balances'>[]
}

/** One for each member that a client reaches through an endpoint, and one more for each endpoint. */
export const namesFor = ({ endpoints, listeners }: Served): number => {
  const members = new Map<string, number>()
  for (const { serviceId, balances } of listeners)
    members.set(serviceId, (members.get(serviceId) ?? 0) + (balances?.length ?? 1))
  return endpoints.reduce((sum, { serviceId }) => sum + 1 + (members.get(serviceId) ?? 0), 0)
}

export function createTally() {
  let capacity = leastCapacity
  let past = new Map<string, Count>()
  let refused = new Map<string, RefusalCount>()

  return {
    /** A joined connection is over. */
    over(last: JoinedConnection, end: ConnectionEnd): void {
      const count = countIn(past, last, capacity)
      add(count, last)
      count[end.code === 'closed' ? 'closed' : 'cut'][end.side]++
    },

    refused(
      { code, what }: Pick<RefusalCount, 'code' | 'what'>,
      endpoint: { readonly id: string; readonly cloudEndpointId: string } | null,
      now: number,
      connection: string | null,
    ): void {
      const own = refusalIn(
        refused,
        {
          code,
          what,
          endpointId: endpoint?.id ?? null,
          cloudEndpointId: endpoint?.cloudEndpointId ?? null,
        },
        capacity,
      )
      own.count++
      own.lastAt = now
      own.lastConnection = connection
    },

    /** From now on only these endpoints have counts of their own, of which there may be `names` (2000 are always kept). */
    keep(endpointIds: ReadonlySet<string>, names = leastCapacity): void {
      capacity = Math.max(leastCapacity, names)
      const isKept = ({ endpointId }: { readonly endpointId: string | null }): boolean =>
        endpointId === null || endpointIds.has(endpointId)
      const before = { past: [...past.values()], refused: [...refused.values()] }
      past = new Map()
      refused = new Map()
      for (const count of before.past) merge(countIn(past, isKept(count) ? count : nobody, capacity), count)
      for (const refusal of before.refused) {
        const own = refusalIn(
          refused,
          isKept(refusal) ? refusal : { ...nobody, code: refusal.code, what: refusal.what },
          capacity,
        )
        mergeRefusal(own, refusal)
      }
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

    refusals: (): readonly Readonly<RefusalCount>[] => [...refused.values()],
  }
}

/** Several counts of an endpoint and member as one. Who has a name keeps it, however many there are: counts never fall. */
export const sumOfCounts = (all: readonly Readonly<Count>[]): readonly Count[] => {
  const sums = new Map<string, Count>()
  for (const count of all) merge(countIn(sums, count, Number.POSITIVE_INFINITY), count)
  return [...sums.values()]
}

export const sumOfRefusals = (all: readonly Readonly<RefusalCount>[]): readonly RefusalCount[] => {
  const sums = new Map<string, RefusalCount>()
  for (const refusal of all) mergeRefusal(refusalIn(sums, refusal, Number.POSITIVE_INFINITY), refusal)
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

function refusalIn(
  refusals: Map<string, RefusalCount>,
  named: Pick<RefusalCount, 'endpointId' | 'cloudEndpointId' | 'code' | 'what'>,
  most: number,
): RefusalCount {
  const key = `${named.endpointId ?? ''}\n${named.what}\n${named.code}`
  const known = refusals.get(key)
  if (known !== undefined) return known
  // Codes are a fixed few, those of the operating system and of OpenSSL included.
  if (named.endpointId !== null && refusals.size >= most)
    return refusalIn(refusals, { ...nobody, code: named.code, what: named.what }, most)
  const { endpointId, cloudEndpointId, code, what } = named
  const refusal = { endpointId, cloudEndpointId, code, what, count: 0, lastAt: 0, lastConnection: null }
  refusals.set(key, refusal)
  return refusal
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

function mergeRefusal(into: RefusalCount, from: Readonly<RefusalCount>): void {
  into.count += from.count
  if (from.lastAt >= into.lastAt) into.lastConnection = from.lastConnection
  into.lastAt = Math.max(into.lastAt, from.lastAt)
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
