// What a gateway has turned away since it started, by why and at whose door. Until it is known through which endpoint a
// connection comes, its port says at least to which endpoint services it would have led: whoever looks after one of them finds
// there why nobody came in. Memory is bounded as in tally.ts, and sums never fall.

import type { GatewayEndpoint } from '@postern/contract/snapshot'
import { endpointBehind, type SnapshotIndex } from './admit.ts'
import type { Arriving } from './ports.ts'

/** Whose door it was. */
export interface Whose {
  /** Null where it was not known yet through which endpoint it came. */
  readonly endpoint: Pick<GatewayEndpoint, 'id' | 'cloudEndpointId'> | null
  /** Where no endpoint is known: the services that its port leads to. */
  readonly serviceIds: readonly string[]
}

const nobodys: Whose = { endpoint: null, serviceIds: [] }

/** As far as the port alone says: a standard listener's, or a socket that belongs to one endpoint, is that endpoint's. */
export function whoseDoor(index: SnapshotIndex | null, { port, ownDoors }: Pick<Arriving, 'port' | 'ownDoors'>): Whose {
  if (index === null) return nobodys
  const doors = ownDoors?.().map(({ arrival }) => arrival) ?? [{ gatewayPort: port, link: null }]
  const endpoints = new Set(doors.map(({ gatewayPort, link }) => endpointBehind(index, gatewayPort, link)))
  const [endpoint = null] = endpoints
  if (endpoint !== null && endpoints.size === 1) return { endpoint, serviceIds: [] }
  const serviceIds = doors.flatMap(({ gatewayPort }) => index.listeners.get(gatewayPort)?.serviceId ?? [])
  return { endpoint: null, serviceIds: [...new Set(serviceIds)].sort() }
}

interface Named {
  /** Null where it was not known yet through which endpoint it came, and of endpoints that are gone. */
  readonly endpointId: string | null
  readonly cloudEndpointId: string | null
  /** Empty where the endpoint is known, or nothing is. */
  readonly serviceIds: readonly string[]
  readonly code: string
  /** A connection was turned away, or a request of one that goes on. */
  readonly what: 'connection' | 'request'
}

/** Where and when the last one was. */
interface Last {
  /** Milliseconds since 1970. */
  lastAt: number
  /** Its id, which its line in the log has too; null: it got none. */
  lastConnection: string | null
  /** To which it came. */
  lastPort: number | null
  /** From which address; null: not known. */
  lastFrom: string | null
}

export interface RefusalCount extends Named, Last {
  count: number
}

export type Refused = Pick<Named, 'code' | 'what'> & Readonly<Last> & { readonly whose: Whose }

export type Refusals = Map<string, RefusalCount>

/** Beyond `most` names none is added. */
export function countRefused(refusals: Refusals, { code, what, whose, ...last }: Refused, most: number): void {
  const { endpoint, serviceIds } = whose
  const named = { endpointId: endpoint?.id ?? null, cloudEndpointId: endpoint?.cloudEndpointId ?? null, serviceIds }
  const own = countOf(refusals, { ...named, code, what }, most)
  own.count++
  Object.assign(own, last)
}

/** With the names of these alone; all else goes on without one. */
export function keepingNames(
  all: Iterable<Readonly<RefusalCount>>,
  { endpointIds, serviceIds }: { readonly endpointIds: ReadonlySet<string>; readonly serviceIds: ReadonlySet<string> },
  most: number,
): Refusals {
  const kept: Refusals = new Map()
  for (const count of all) {
    const own = count.serviceIds.filter((id) => serviceIds.has(id))
    const named =
      count.endpointId === null || endpointIds.has(count.endpointId)
        ? { ...count, serviceIds: own }
        : { ...count, ...nameless }
    merge(countOf(kept, named, most), count)
  }
  return kept
}

/** Who has a name keeps it, however many there are: counts never fall. */
export const sumOfRefusals = (all: readonly Readonly<RefusalCount>[]): readonly RefusalCount[] => {
  const sums: Refusals = new Map()
  for (const count of all) merge(countOf(sums, count, Number.POSITIVE_INFINITY), count)
  return [...sums.values()]
}

const nameless = { endpointId: null, cloudEndpointId: null, serviceIds: [] } as const

function countOf(refusals: Refusals, named: Named, most: number): RefusalCount {
  const { endpointId, cloudEndpointId, serviceIds, code, what } = named
  const key = `${endpointId ?? ''}\n${serviceIds.join(' ')}\n${what}\n${code}`
  const known = refusals.get(key)
  if (known !== undefined) return known
  // Codes are a fixed few, those of the operating system and of OpenSSL included.
  const isNamed = endpointId !== null || serviceIds.length > 0
  if (isNamed && refusals.size >= most) return countOf(refusals, { ...nameless, code, what }, most)
  const nothing = { count: 0, lastAt: 0, lastConnection: null, lastPort: null, lastFrom: null }
  const count = { endpointId, cloudEndpointId, serviceIds, code, what, ...nothing }
  refusals.set(key, count)
  return count
}

function merge(into: RefusalCount, from: Readonly<RefusalCount>): void {
  into.count += from.count
  if (from.lastAt < into.lastAt) return
  const { lastAt, lastConnection, lastPort, lastFrom } = from
  Object.assign(into, { lastAt, lastConnection, lastPort, lastFrom })
}
