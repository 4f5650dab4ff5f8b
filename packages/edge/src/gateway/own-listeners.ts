// Listeners that whoever runs the gateway bound to one endpoint each, for networks without a cloud: an address of this
// machine, on which it listens at the ports that the endpoint shows its clients, with or without a range that they must
// come from. No PROXY header is read there: the listener is what says through which endpoint a connection came. Two
// endpoints may share an address where their ranges tell their clients apart. Pure: what to listen on, and who is meant.

import { type BlockList, isIPv6 } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import type { GatewayEndpoint, GatewaySnapshot } from '@postern/contract/snapshot'
import type { Arrival } from './admit.ts'
import { blockListOf } from './trusted.ts'

export interface OwnListener {
  /** Our id of the endpoint, or its cloud's. */
  readonly endpoint: string
  /** An address of this machine. */
  readonly host: string
  /** What hello says instead of an endpoint's address; null: `host`. An endpoint that has names shows these. */
  readonly advertise: string | null
  /** Whom it is for, as CIDRs; null: everybody who reaches it. */
  readonly from: readonly string[] | null
}

/** One way into an endpoint by a socket of its own. */
export interface OwnDoor {
  readonly arrival: Pick<Arrival, 'gatewayPort' | 'link'>
  /** What hello says instead of the endpoint's address. */
  readonly shownHost: string
  readonly from: BlockList | null
}

export interface OwnSocket {
  readonly host: string
  readonly port: number
  readonly doors: readonly OwnDoor[]
  /** Our ids of the endpoints that need it. */
  readonly endpointIds: readonly string[]
}

export interface OwnSockets {
  /** By `socketKey`. */
  readonly sockets: ReadonlyMap<string, OwnSocket>
  /** Endpoints that cannot be served by a listener of theirs, as a report names them. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
  /** Endpoints that are, once all of their sockets are bound. */
  readonly endpointIds: readonly string[]
}

/** How a report says that this endpoint needs no forwarder and no balancer in front of this gateway. */
export const ownListenerId = (endpointId: string): string => `own:${endpointId}`

export const socketKey = ({ host, port }: Pick<OwnSocket, 'host' | 'port'>): string => `${host} ${port}`
export const portOf = (socketKey: string): number => Number(socketKey.slice(socketKey.lastIndexOf(' ') + 1))

/** One that names no endpoint of this snapshot waits for it. */
export const ownSockets = (
  listeners: readonly OwnListener[],
  { listeners: ports, endpoints }: Pick<GatewaySnapshot, 'listeners' | 'endpoints'>,
): OwnSockets => {
  const sockets = new Map<string, OwnSocket>()
  const failed: { id: string; reason: string }[] = []
  const endpointIds = new Set<string>()
  for (const listener of listeners) {
    const meant = endpoints.filter((endpoint) => names(listener, endpoint))
    const [endpoint] = meant
    if (endpoint === undefined || endpoint.status !== 'AVAILABLE') continue
    if (meant.length > 1) {
      const reason = `the listener on ${listener.host} names ${listener.endpoint}, which ${meant.length} endpoints are called: name it by its own id`
      failed.push(...meant.map(({ id }) => ({ id, reason })))
      continue
    }
    endpointIds.add(endpoint.id)
    for (const [memberId, { port }] of Object.entries(endpoint.advertised)) {
      const of = ports.find((each) => each.serviceId === endpoint.serviceId && each.memberId === memberId)
      if (of === undefined) continue
      const at = { host: listener.host, port }
      const before = sockets.get(socketKey(at))
      const door = {
        arrival: { gatewayPort: of.gatewayPort, link: linkOf(endpoint) },
        shownHost: listener.advertise ?? listener.host,
        from: listener.from && blockListOf(listener.from),
      }
      sockets.set(socketKey(at), {
        ...at,
        doors: [...(before?.doors ?? []), door],
        endpointIds: [...(before?.endpointIds ?? []), endpoint.id],
      })
    }
  }
  return { sockets, failed, endpointIds: [...endpointIds] }
}

/** By which door who comes from this address enters; null: by none, or by two, which is by none. */
export const doorFor = (doors: readonly OwnDoor[], address: string): OwnDoor | null => {
  const open = doors.filter(({ from }) => from === null || from.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
  return open.length === 1 ? (open[0] ?? null) : null
}

/** Whether one leads into the same endpoint, which shows itself there as by the other. */
export const sameDoor = (one: OwnDoor, other: OwnDoor): boolean =>
  one.shownHost === other.shownHost && isDeepStrictEqual(one.arrival, other.arrival)

/** Whether this is the endpoint that it means. */
export const names = (
  { endpoint: name }: Pick<OwnListener, 'endpoint'>,
  { id, cloudEndpointId }: GatewayEndpoint,
): boolean => id === name || cloudEndpointId.toLowerCase() === name.toLowerCase()

const linkOf = ({ provider, linkIds }: GatewayEndpoint): Arrival['link'] => {
  const [linkId] = linkIds
  return linkId === undefined ? null : { provider, linkId }
}
