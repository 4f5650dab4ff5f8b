// The three snapshots that make one private endpoint of a fake set reachable: a gateway port and a forwarder port per
// member, and the names in DNS. What the control plane would publish, made by hand.

import type { DnsSnapshot, ForwarderSnapshot, GatewaySnapshot } from '@postern/contract/snapshot'
import type { FakeSet } from '../gateway/testing/fake-set.ts'
import type { FeedServer } from './feed-server.ts'
import { freePort } from './free-port.ts'

const domain = 'postern.internal'
export const endpointHost = `pl-0-us-east-1.k45tj.${domain}`
export const srvName = `cluster0-pl-0.k45tj.${domain}`
const linkId = 'vpce-0a1b2c3d4e5f60718'

export interface WholePath {
  /** `host:port` of every member, as the endpoint shows them. */
  readonly seeds: readonly string[]
  readonly ports: readonly number[]
  /** Publishes all three feeds under this number. */
  readonly publish: (server: FeedServer, n: number, status?: 'AVAILABLE' | 'DELETING') => void
}

/** `tls`: told by name, and its clients speak TLS; else by address and in clear. */
export async function wholePath(set: FakeSet, { tls = false } = {}): Promise<WholePath> {
  const members = await Promise.all(
    set.members.map(async ({ hostPort }, index) => ({
      id: `member-${index}`,
      hostPort,
      port: await freePort(),
      gatewayPort: await freePort(),
    })),
  )
  const gateway = (status: 'AVAILABLE' | 'DELETING'): GatewaySnapshot => ({
    listeners: members.map(({ id, gatewayPort }) => ({
      gatewayPort,
      serviceId: 'service-1',
      clusterId: 'cluster-1',
      memberId: id,
    })),
    endpoints: [
      {
        id: 'endpoint-1',
        serviceId: 'service-1',
        provider: 'AWS',
        linkIds: [linkId],
        cloudEndpointId: linkId,
        status,
        tls,
        names: [endpointHost],
        byAddress: !tls,
        advertised: Object.fromEntries(
          members.map(({ id, port }) => [id, { host: tls ? endpointHost : '127.0.0.1', port }]),
        ),
      },
    ],
    clusters: [
      {
        id: 'cluster-1',
        name: 'Cluster0',
        members: members.map(({ id, hostPort }) => ({ id, hostPort })),
        tls: null,
      },
    ],
  })
  const forwarder: ForwarderSnapshot = {
    listeners: members.map(({ id, port, gatewayPort }) => ({
      id: `${linkId}/${id}`,
      provider: 'AWS',
      linkId,
      hosts: ['127.0.0.1'],
      port,
      gatewayPort,
    })),
  }
  const dns: DnsSnapshot = {
    domain,
    records: [
      { type: 'A', name: endpointHost, ttl: 60, value: '127.0.0.1' },
      { type: 'TXT', name: srvName, ttl: 60, value: 'replicaSet=rs0' },
      ...members.map(({ port }) => ({
        type: 'SRV' as const,
        name: `_mongodb._tcp.${srvName}`,
        ttl: 60,
        priority: 0,
        weight: 0,
        port,
        target: endpointHost,
      })),
    ],
  }
  return {
    seeds: members.map(({ port }) => `${tls ? endpointHost : '127.0.0.1'}:${port}`),
    ports: members.map(({ port }) => port),
    publish(server, n, status = 'AVAILABLE') {
      server.publishNumbered('gateway', { epoch: 'E', n, body: gateway(status) })
      server.publishNumbered('dns', { epoch: 'E', n, body: dns })
      server.publishNumbered('forwarder', { epoch: 'E', n, body: forwarder })
    },
  }
}
