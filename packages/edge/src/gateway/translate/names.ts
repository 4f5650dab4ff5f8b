// What one connection's hello answers say, out of the newest snapshot: the endpoint's advertised targets by member.
// A client that asked for the endpoint by another of its names (an alias, after a rename) is told the name it used, so
// that a driver finds itself in the list; only where all members share one host, for in GCP's legacy form the host is
// what picks the member.

import type { GatewayEndpoint } from '@postern/contract/snapshot'
import type { Admission, ClusterIndex } from '../admit.ts'
import { decodable } from '../wire/op-compressed.ts'
import type { HelloNames } from './hello.ts'
import { type Balancing, noBalancing, serviceIdOf } from './load-balanced.ts'

/**
 * `serverName`: the SNI that the client sent, lower case; null without one. `ownHost`: what a listener of the endpoint's own
 * shows instead of its address.
 */
export function namesFor(
  endpoint: GatewayEndpoint,
  cluster: ClusterIndex,
  serverName: string | null,
  ownHost: string | null = null,
): HelloNames {
  const alias =
    serverName !== null && sharesOneName(endpoint)
      ? serverName
      : endpoint.byAddress
        ? (ownHost ?? onlyName(endpoint, serverName))
        : null
  return {
    compressors: decodable,
    advertised(hostPort) {
      const memberId = cluster.idByHostPort.get(hostPort)
      const target = memberId === undefined ? undefined : endpoint.advertised[memberId]
      if (target === undefined) return null
      const host = alias ?? target.host
      return `${host.includes(':') ? `[${host}]` : host}:${target.port}`
    },
  }
}

function sharesOneName({ advertised, names }: GatewayEndpoint): boolean {
  const hosts = new Set(Object.values(advertised).map(({ host }) => host.toLowerCase()))
  const [only] = hosts
  return hosts.size === 1 && only !== undefined && names.includes(only)
}

/** Where an endpoint that is addressed by IP has one name for all members, and the client asked by it. */
function onlyName({ advertised, names }: GatewayEndpoint, serverName: string | null): string | null {
  const hosts = new Set(Object.values(advertised).map(({ host }) => host))
  return hosts.size === 1 && names.length === 1 && names[0] === serverName ? serverName : null
}

/** What the port of a connection is to a client in load balanced mode. */
export function balancingFor({
  endpoint,
  cluster: { cluster },
  member,
  balances,
}: Pick<Extract<Admission, { admit: true }>, 'endpoint' | 'cluster' | 'member' | 'balances'>): Balancing {
  if (balances !== null) return { serviceId: serviceIdOf(member.id) }
  return { none: noBalancing(cluster.name, endpoint.advertised[cluster.id]?.port ?? null) }
}
