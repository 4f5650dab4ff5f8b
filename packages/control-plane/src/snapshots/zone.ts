// The zone that our DNS server answers for: pure, rows in, records out. Per endpoint and standard listener the addresses of its hosts; per
// cluster and endpoint the SRV name with one record per member that clients dial, and the TXT that drivers read options
// from (Initial DNS Seedlist Discovery). SOA and NS are the DNS server's own.

import { isIPv4, isIPv6 } from 'node:net'
import type { CloudProvider } from '@postern/contract/cloud'
import { type EndpointPolicy, opensCluster } from '@postern/contract/endpoint-policy'
import { type EndpointNaming, loadBalancedSrvName, regionalSrvName, srvName } from '@postern/contract/host-name'
import type { DnsRecord, DnsSnapshot } from '@postern/contract/snapshot'
import { groupedBy } from './grouped.ts'
import { membersNear } from './regional-members.ts'

export interface ZoneEndpoint {
  readonly groupId: string
  readonly naming: EndpointNaming
  readonly policy: Pick<EndpointPolicy, 'clusters'>
  /** Hosts with what they resolve to; an address that is none (a host given by hand) becomes a CNAME. */
  readonly doors: readonly { readonly name: string; readonly hosts: readonly string[] }[]
  /** By member id: which name and port. */
  readonly places: ReadonlyMap<string, { readonly name: string; readonly port: number }>
}

export interface ZoneCluster {
  readonly id: string
  readonly groupId: string
  readonly name: string
  /** Null for mongos. */
  readonly setName: string | null
  /** Members that clients are told to dial, in order. */
  readonly memberIds: readonly string[]
  /** The same with where they are, in a group whose endpoints are regionalized; else null. */
  readonly regional:
    | readonly { readonly id: string; readonly provider: CloudProvider; readonly region: string }[]
    | null
}

/** A cluster's standard listener. */
export interface ZoneListener {
  readonly clusterId: string
  /** What `name` leads to. */
  readonly host: string
  readonly name: string
  readonly srv: string
  readonly ports: readonly { readonly memberId: string; readonly gatewayPort: number }[]
}

/** Seconds, as seen in Atlas's own answers. */
const ttl = 60

export const zoneSnapshot = ({
  domain,
  endpoints,
  clusters,
  standardListeners = [],
}: {
  readonly domain: string
  readonly endpoints: readonly ZoneEndpoint[]
  readonly clusters: readonly ZoneCluster[]
  readonly standardListeners?: readonly ZoneListener[]
}): DnsSnapshot => {
  const clustersOf = groupedBy(clusters, ({ groupId }) => groupId)
  const records = endpoints.flatMap((endpoint) => [
    ...endpoint.doors.flatMap(({ name, hosts }) => hosts.map((host) => addressRecord(name, host))),
    ...(clustersOf.get(endpoint.groupId) ?? [])
      .filter(({ name }) => opensCluster(endpoint.policy, name))
      .flatMap((cluster) => clusterRecords(cluster, endpoint)),
  ])
  const clustersById = new Map(clusters.map((cluster) => [cluster.id, cluster]))
  const ofListeners = standardListeners.flatMap((listener) => {
    const cluster = clustersById.get(listener.clusterId)
    return cluster === undefined ? [] : listenerRecords(cluster, listener)
  })
  return { domain: domain.toLowerCase(), records: [...records, ...ofListeners] }
}

const addressRecord = (name: string, host: string): DnsRecord => {
  const type = isIPv4(host) ? 'A' : isIPv6(host) ? 'AAAA' : 'CNAME'
  return { type, name: name.toLowerCase(), ttl, value: host.toLowerCase() }
}

const listenerRecords = (cluster: ZoneCluster, { host, name, srv, ports }: ZoneListener): readonly DnsRecord[] => {
  const places = new Map(ports.map(({ memberId, gatewayPort }) => [memberId, { name, port: gatewayPort }]))
  const seedlist = seedlistRecords({ places }, { seedlist: srv, ids: cluster.memberIds, txt: optionsOf(cluster) })
  return [addressRecord(name, host), ...seedlist]
}

const optionsOf = ({ setName }: ZoneCluster): string =>
  setName === null ? 'authSource=admin' : `authSource=admin&replicaSet=${setName}`

/** The name from before the mode was turned on stays, with all that it listed: whoever holds it goes on. */
const clusterRecords = (cluster: ZoneCluster, endpoint: ZoneEndpoint): readonly DnsRecord[] => {
  const { naming } = endpoint
  const { name } = cluster
  const options = optionsOf(cluster)
  const records = (seedlist: string, ids: readonly string[], txt = options): readonly DnsRecord[] =>
    seedlistRecords(endpoint, { seedlist, ids, txt })
  return [
    ...records(srvName(name, naming), cluster.memberIds),
    ...(cluster.regional === null
      ? []
      : records(
          regionalSrvName(name, naming),
          membersNear(cluster.regional, naming).map(({ id }) => id),
        )),
    ...records(loadBalancedSrvName(name, naming), [cluster.id], `${options}&loadBalanced=true`),
  ]
}

interface Seedlist {
  readonly seedlist: string
  /** What has a place: members, or a sharded cluster itself. */
  readonly ids: readonly string[]
  readonly txt: string
}

const seedlistRecords = (
  { places }: Pick<ZoneEndpoint, 'places'>,
  { seedlist, ids, txt }: Seedlist,
): readonly DnsRecord[] => {
  const services = ids.flatMap((memberId): readonly DnsRecord[] => {
    const place = places.get(memberId)
    if (place === undefined) return []
    const target = place.name.toLowerCase()
    return [{ type: 'SRV', name: `_mongodb._tcp.${seedlist}`, ttl, priority: 0, weight: 0, port: place.port, target }]
  })
  if (services.length === 0) return []
  return [...services, { type: 'TXT', name: seedlist, ttl, value: txt }]
}
