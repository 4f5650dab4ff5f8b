// The zone that our DNS server answers for: pure, rows in, records out. Per endpoint the addresses of its hosts; per
// cluster and endpoint the SRV name with one record per member that clients dial, and the TXT that drivers read options
// from (Initial DNS Seedlist Discovery). SOA and NS are the DNS server's own.

import { isIPv4, isIPv6 } from 'node:net'
import { type EndpointNaming, srvName } from '@postern/contract/host-name'
import type { DnsRecord, DnsSnapshot } from '@postern/contract/snapshot'

export interface ZoneEndpoint {
  readonly groupId: string
  readonly naming: EndpointNaming
  /** Hosts with what they resolve to; an address that is none (a host given by hand) becomes a CNAME. */
  readonly doors: readonly { readonly name: string; readonly hosts: readonly string[] }[]
  /** By member id: which name and port. */
  readonly places: ReadonlyMap<string, { readonly name: string; readonly port: number }>
}

export interface ZoneCluster {
  readonly groupId: string
  readonly name: string
  /** Null for mongos. */
  readonly setName: string | null
  /** Members that clients are told to dial, in order. */
  readonly memberIds: readonly string[]
}

/** Seconds, as seen in Atlas's own answers. */
const ttl = 60

export const zoneSnapshot = ({
  domain,
  endpoints,
  clusters,
}: {
  readonly domain: string
  readonly endpoints: readonly ZoneEndpoint[]
  readonly clusters: readonly ZoneCluster[]
}): DnsSnapshot => {
  const records = endpoints.flatMap((endpoint) => [
    ...endpoint.doors.flatMap(({ name, hosts }) => hosts.map((host) => addressRecord(name, host))),
    ...clusters
      .filter(({ groupId }) => groupId === endpoint.groupId)
      .flatMap((cluster) => clusterRecords(cluster, endpoint)),
  ])
  return { domain: domain.toLowerCase(), records }
}

const addressRecord = (name: string, host: string): DnsRecord => {
  const type = isIPv4(host) ? 'A' : isIPv6(host) ? 'AAAA' : 'CNAME'
  return { type, name: name.toLowerCase(), ttl, value: host.toLowerCase() }
}

const clusterRecords = (cluster: ZoneCluster, { naming, places }: ZoneEndpoint): readonly DnsRecord[] => {
  const seedlist = srvName(cluster.name, naming)
  const services = cluster.memberIds.flatMap((memberId): readonly DnsRecord[] => {
    const place = places.get(memberId)
    if (place === undefined) return []
    const target = place.name.toLowerCase()
    return [{ type: 'SRV', name: `_mongodb._tcp.${seedlist}`, ttl, priority: 0, weight: 0, port: place.port, target }]
  })
  if (services.length === 0) return []
  const value = cluster.setName === null ? 'authSource=admin' : `authSource=admin&replicaSet=${cluster.setName}`
  return [...services, { type: 'TXT', name: seedlist, ttl, value }]
}
