import { noPolicy } from '@postern/contract/endpoint-policy'
import { describe, expect, test } from 'vitest'
import { type ForwardedEndpoint, forwarderSnapshot } from './forwarder.ts'
import { gatewaySnapshot, type ServedEndpoint } from './gateway.ts'
import { type ZoneCluster, type ZoneEndpoint, zoneSnapshot } from './zone.ts'

const endpoint = (over: Partial<ServedEndpoint> = {}): ServedEndpoint => ({
  id: 'e1',
  groupId: 'g',
  serviceId: 's1',
  provider: 'AWS',
  cloudEndpointId: 'vpce-1',
  limits: { connections: null, newPerSecond: null },
  policy: noPolicy,
  linkIds: ['vpce-1'],
  form: 'address',
  names: ['pl-0-us-east-1.k45tj.postern.internal'],
  targets: new Map([
    ['m2', { host: '127.64.0.1', port: 1025 }],
    ['m1', { host: '127.64.0.1', port: 1024 }],
  ]),
  ...over,
})
const cluster = {
  id: 'c1',
  groupId: 'g',
  name: 'Cluster0',
  tls: null,
  members: [
    { id: 'm1', hostPort: 'DB-1.Example:27017' },
    { id: 'm2', hostPort: 'db-2.example:27017' },
  ],
}
const app = { username: 'app', databaseName: 'admin' }
const ports = [
  { serviceId: 's1', memberId: 'm2', gatewayPort: 40_001 },
  { serviceId: 's1', memberId: 'm1', gatewayPort: 40_000 },
]

describe('the gateway’s whole', () => {
  test('a listener per member and service, the endpoint with what hello must say, members as they call themselves', () => {
    expect(gatewaySnapshot({ endpoints: [endpoint()], clusters: [cluster], ports })).toEqual({
      listeners: [
        { gatewayPort: 40_000, serviceId: 's1', clusterId: 'c1', memberId: 'm1' },
        { gatewayPort: 40_001, serviceId: 's1', clusterId: 'c1', memberId: 'm2' },
      ],
      endpoints: [
        {
          id: 'e1',
          serviceId: 's1',
          provider: 'AWS',
          linkIds: ['vpce-1'],
          cloudEndpointId: 'vpce-1',
          status: 'AVAILABLE',
          tls: false,
          names: ['pl-0-us-east-1.k45tj.postern.internal'],
          byAddress: true,
          advertised: { m1: { host: '127.64.0.1', port: 1024 }, m2: { host: '127.64.0.1', port: 1025 } },
        },
      ],
      clusters: [
        {
          id: 'c1',
          name: 'Cluster0',
          tls: null,
          members: [
            { id: 'm1', hostPort: 'db-1.example:27017' },
            { id: 'm2', hostPort: 'db-2.example:27017' },
          ],
        },
      ],
    })
  })

  test('addressed by name, clients speak TLS and must send the name', () => {
    const [one] = gatewaySnapshot({ endpoints: [endpoint({ form: 'name' })], clusters: [], ports: [] }).endpoints
    expect(one).toMatchObject({ tls: true, byAddress: false })
  })

  test.each([
    { says: 'nothing forbidden: not a word', policy: {}, told: undefined },
    { says: 'clusters by id', policy: { clusters: ['Cluster0'] }, told: { clusterIds: ['c1'] } },
    { says: 'a cluster that is not there opens nothing', policy: { clusters: ['Gone'] }, told: { clusterIds: [] } },
    { says: 'an empty list opens nothing', policy: { clusters: [] }, told: { clusterIds: [] } },
    { says: 'the idle time in milliseconds', policy: { idleSeconds: 60 }, told: { idleMs: 60_000 } },
    { says: 'database users', policy: { databaseUsers: [app] }, told: { databaseUsers: [app] } },
    { says: 'no database user at all', policy: { databaseUsers: [] }, told: { databaseUsers: [] } },
    { says: 'read-only', policy: { readOnly: true }, told: { readOnly: true } },
    { says: 'the age in milliseconds', policy: { maxSnapshotAgeSeconds: 60 }, told: { maxSnapshotAgeMs: 60_000 } },
    { says: 'the lowest TLS', policy: { minimumTls: 'TLS1_3' as const }, told: { minimumTls: 'TLS1_3' } },
  ])('a policy: $says', ({ policy, told }) => {
    const another = { ...cluster, id: 'c2', groupId: 'another', members: [] }
    const rows = { endpoints: [endpoint({ policy: { ...noPolicy, ...policy } })], clusters: [another, cluster], ports }
    const [one] = gatewaySnapshot(rows).endpoints
    expect(one?.policy).toEqual(told)
    expect(one?.tls).toBe('minimumTls' in policy)
  })

  test('ports of a service without endpoints, or of a member that is gone, are not listened on', () => {
    const strays = [
      { serviceId: 's2', memberId: 'm1', gatewayPort: 40_002 },
      { serviceId: 's1', memberId: 'gone', gatewayPort: 40_003 },
    ]
    const { listeners } = gatewaySnapshot({
      endpoints: [endpoint()],
      clusters: [cluster],
      ports: [...ports, ...strays],
    })
    expect(listeners.map(({ gatewayPort }) => gatewayPort)).toEqual([40_000, 40_001])
  })

  test('a sharded cluster’s own port stands for its routers, under the cluster’s id', () => {
    const own = { serviceId: 's1', memberId: 'c1', gatewayPort: 40_002, balances: ['m1', 'm2'] }
    const { listeners } = gatewaySnapshot({ endpoints: [endpoint()], clusters: [cluster], ports: [...ports, own] })
    expect(listeners.at(-1)).toEqual({ ...own, clusterId: 'c1' })
  })

  test('the same rows in another order are the same text, so that nothing is published for it', () => {
    const two = endpoint({ id: 'e0', targets: new Map([...endpoint().targets].reverse()) })
    const one = JSON.stringify(gatewaySnapshot({ endpoints: [endpoint(), two], clusters: [cluster], ports }))
    const again = JSON.stringify(
      gatewaySnapshot({ endpoints: [two, endpoint()], clusters: [cluster], ports: ports.toReversed() }),
    )
    expect(again).toBe(one)
  })
})

describe('the forwarder’s whole', () => {
  const consumer = { linkId: 'vpce-1', hosts: ['127.64.0.1'], firstPort: 1024, portCount: 50 }
  const of = (over: Partial<ForwardedEndpoint>): ForwardedEndpoint => ({
    provider: 'AWS',
    serviceId: 's1',
    by: 'ports',
    consumers: [consumer],
    ...over,
  })
  const slots = [0, 1].map((slot) => ({ serviceId: 's1', slot, gatewayPort: 40_000 + slot }))

  test('one consumer: a port per slot', () => {
    expect(forwarderSnapshot([of({})], slots).listeners).toEqual([
      { id: 'vpce-1:0', provider: 'AWS', linkId: 'vpce-1', hosts: ['127.64.0.1'], port: 1024, gatewayPort: 40_000 },
      { id: 'vpce-1:1', provider: 'AWS', linkId: 'vpce-1', hosts: ['127.64.0.1'], port: 1025, gatewayPort: 40_001 },
    ])
  })

  test('GCP legacy: slot s through rule s on its one port; a rule without a member listens on nothing', () => {
    const rules = [0, 1, 2].map((n) => ({
      linkId: `${n}`,
      hosts: [`127.64.0.${n + 1}`],
      firstPort: 1024,
      portCount: 1,
    }))
    const { listeners } = forwarderSnapshot([of({ provider: 'GCP', by: 'doors', consumers: rules })], slots)
    expect(listeners.map(({ id, hosts, port }) => [id, hosts[0], port])).toEqual([
      ['0:0', '127.64.0.1', 1024],
      ['1:1', '127.64.0.2', 1024],
    ])
  })

  test('a consumer that is gone, another service’s slots and slots beyond the block are left out', () => {
    expect(forwarderSnapshot([of({ consumers: [null] })], slots).listeners).toEqual([])
    expect(forwarderSnapshot([of({ serviceId: 's2' })], slots).listeners).toEqual([])
    expect(forwarderSnapshot([of({ consumers: [{ ...consumer, portCount: 1 }] })], slots).listeners).toHaveLength(1)
  })
})

describe('the zone', () => {
  const name = 'pl-0-us-east-1.k45tj.postern.internal'
  const zoneEndpoint = (over: Partial<ZoneEndpoint> = {}): ZoneEndpoint => ({
    groupId: 'g',
    naming: { provider: 'AWS', region: 'US_EAST_1', index: 0, hash: 'k45tj', domain: 'postern.internal' },
    doors: [{ name, hosts: ['127.0.0.1', '::1'] }],
    policy: noPolicy,
    places: new Map([
      ['m1', { name, port: 1024 }],
      ['m2', { name, port: 1025 }],
    ]),
    ...over,
  })
  const zoneCluster = {
    id: 'c1',
    groupId: 'g',
    name: 'Cluster0',
    setName: 'rs0',
    memberIds: ['m1', 'm2'],
    regional: null,
  }
  const records = (endpoints: readonly ZoneEndpoint[], clusters: readonly ZoneCluster[]) =>
    zoneSnapshot({ domain: 'postern.internal', endpoints, clusters }).records

  test('a cluster that an endpoint’s policy leaves out has no names there; the host stays', () => {
    const found = records([zoneEndpoint({ policy: { clusters: ['Other'] } })], [zoneCluster])
    expect(found.map(({ type }) => type)).toEqual(['A', 'AAAA'])
    expect(records([zoneEndpoint({ policy: { clusters: ['Cluster0'] } })], [zoneCluster])).toHaveLength(5)
  })

  test('addresses of the host, SRV per member, TXT with the options', () => {
    expect(records([zoneEndpoint()], [zoneCluster])).toEqual([
      { type: 'A', name, ttl: 60, value: '127.0.0.1' },
      { type: 'AAAA', name, ttl: 60, value: '::1' },
      ...[1024, 1025].map((port) => ({
        type: 'SRV',
        name: '_mongodb._tcp.cluster0-pl-0.k45tj.postern.internal',
        ttl: 60,
        priority: 0,
        weight: 0,
        port,
        target: name,
      })),
      { type: 'TXT', name: 'cluster0-pl-0.k45tj.postern.internal', ttl: 60, value: 'authSource=admin&replicaSet=rs0' },
    ])
  })

  test('mongos have no set to name', () => {
    const txt = records([zoneEndpoint()], [{ ...zoneCluster, setName: null }]).find(({ type }) => type === 'TXT')
    expect(txt).toMatchObject({ value: 'authSource=admin' })
  })

  test('a sharded cluster’s own place: a name with one SRV record, and the option that says what it is', () => {
    const places = new Map([
      ['m1', { name, port: 1024 }],
      ['m2', { name, port: 1025 }],
      ['c1', { name, port: 1026 }],
    ])
    const found = records([zoneEndpoint({ places })], [{ ...zoneCluster, setName: null }])
    const own = found.filter((record) => record.name.includes('-lb.'))
    expect(own).toEqual([
      {
        type: 'SRV',
        name: '_mongodb._tcp.cluster0-pl-0-lb.k45tj.postern.internal',
        ttl: 60,
        priority: 0,
        weight: 0,
        port: 1026,
        target: name,
      },
      {
        type: 'TXT',
        name: 'cluster0-pl-0-lb.k45tj.postern.internal',
        ttl: 60,
        value: 'authSource=admin&loadBalanced=true',
      },
    ])
    expect(found).toHaveLength(2 + 3 + own.length)
  })

  test('GCP legacy: a host per rule, and SRV records that point to each member’s own', () => {
    const host = (rule: number) => `pl-0-us-east4-gcp-${rule}.k45tj.postern.internal`
    const legacy = zoneEndpoint({
      naming: { provider: 'GCP', region: 'US_EAST_4', index: 0, hash: 'k45tj', domain: 'postern.internal' },
      doors: [0, 1, 2].map((rule) => ({ name: host(rule), hosts: [`127.64.0.${rule + 1}`] })),
      places: new Map([
        ['m1', { name: host(0), port: 1024 }],
        ['m2', { name: host(1), port: 1024 }],
      ]),
    })
    const all = records([legacy], [zoneCluster])
    expect(all.filter(({ type }) => type === 'A')).toHaveLength(3)
    expect(all.flatMap((record) => (record.type === 'SRV' ? [[record.name, record.target]] : []))).toEqual([
      ['_mongodb._tcp.cluster0-psc-0.k45tj.postern.internal', host(0)],
      ['_mongodb._tcp.cluster0-psc-0.k45tj.postern.internal', host(1)],
    ])
  })

  test('regionalized: a name that lists the routers of the region, beside the one from before', () => {
    const place = (id: string, region: string) => ({ id, provider: 'AWS' as const, region })
    const srv = (regional: ZoneCluster['regional']) =>
      records([zoneEndpoint()], [{ ...zoneCluster, setName: null, regional }]).flatMap((record) =>
        record.type === 'SRV' ? [`${record.name.split('.')[2]} ${record.port}`] : [],
      )
    const before = ['cluster0-pl-0 1024', 'cluster0-pl-0 1025']
    expect(srv(null)).toEqual(before)
    expect(srv([place('m1', 'US_WEST_2'), place('m2', 'US_EAST_1')])).toEqual([
      ...before,
      'cluster0-pl-0-us-east-1 1025',
    ])
    expect(srv([place('m1', 'US_WEST_2'), place('m2', 'US_WEST_2')])).toEqual([
      ...before,
      'cluster0-pl-0-us-east-1 1024',
      'cluster0-pl-0-us-east-1 1025',
    ])
  })

  test('a cluster of another group, or without a place, has no records', () => {
    const hostsOnly = records([zoneEndpoint()], [])
    expect(records([zoneEndpoint()], [{ ...zoneCluster, groupId: 'h' }])).toEqual(hostsOnly)
    expect(records([zoneEndpoint()], [{ ...zoneCluster, memberIds: ['m9'] }])).toEqual(hostsOnly)
  })

  test('a host that was given by hand instead of an address becomes a CNAME', () => {
    const given = zoneEndpoint({ doors: [{ name, hosts: ['Host.Containers.Internal'] }] })
    expect(records([given], [])).toEqual([{ type: 'CNAME', name, ttl: 60, value: 'host.containers.internal' }])
  })
})
