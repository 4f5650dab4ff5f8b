// What a snapshot may look like, row by row, and that no JSON whatsoever does more than be refused.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSnapshot } from './parse-snapshot.ts'
import { SnapshotError } from './shape.ts'

const endpoint = {
  id: 'pe-1',
  serviceId: 's-1',
  provider: 'AWS',
  linkIds: ['vpce-0123456789abcdef0'],
  cloudEndpointId: 'vpce-0123456789abcdef0',
  status: 'AVAILABLE',
  tls: false,
  names: ['pl-0-us-east-1.k45tj.postern.internal'],
  byAddress: true,
  advertised: { 'm-0': { host: '127.84.1.1', port: 1024 } },
  limits: { connections: 500, newPerSecond: null },
  policy: {
    clusterIds: ['c-1'],
    minimumTls: 'TLS1_3',
    idleMs: 60_000,
    databaseUsers: [{ username: 'app', databaseName: 'admin' }],
    readOnly: true,
    maxSnapshotAgeMs: 300_000,
    clientCa: '-----BEGIN CERTIFICATE-----\n',
    clientNames: ['CN=app'],
    accessList: [{ cidr: '192.0.2.0/24' }, { cidr: '2001:db8::/32', untilMs: 1 }],
  },
}
const gateway = {
  listeners: [
    { gatewayPort: 30_000, serviceId: 's-1', clusterId: 'c-1', memberId: 'm-0', balances: null, endpointId: null },
    { gatewayPort: 30_001, serviceId: 's-1', clusterId: 'c-1', memberId: 'c-1', balances: ['m-0'], endpointId: 'pe-1' },
  ],
  endpoints: [endpoint],
  clusters: [
    { id: 'c-1', name: 'Cluster0', members: [{ id: 'm-0', hostPort: '127.0.0.1:27017' }], tls: null },
    {
      id: 'c-2',
      name: 'Secure',
      members: [{ id: 'm-1', hostPort: '[::1]:27017' }],
      tls: { ca: '-----BEGIN CERTIFICATE-----\n', allowInvalidHostnames: false },
    },
  ],
}
const dns = {
  domain: 'postern.internal',
  records: [
    { type: 'A', name: 'a.postern.internal', ttl: 60, value: '127.0.0.1' },
    { type: 'AAAA', name: 'a.postern.internal', ttl: 60, value: '::1' },
    { type: 'CNAME', name: 'b.postern.internal', ttl: 60, value: 'a.postern.internal' },
    { type: 'TXT', name: 'c.postern.internal', ttl: 60, value: 'authSource=admin' },
    {
      type: 'SRV',
      name: '_mongodb._tcp.c.postern.internal',
      ttl: 60,
      priority: 0,
      weight: 0,
      port: 1024,
      target: 'a.postern.internal',
    },
  ],
}
const listener = {
  id: 'l-1',
  provider: 'GCP',
  linkId: '18446744073709551615',
  hosts: ['127.0.0.1', '::1'],
  port: 1024,
  gatewayPort: 30_000,
}
const bodies = { gateway, dns, forwarder: { listeners: [listener] } } as const
const whole = (body: unknown): string => JSON.stringify({ epoch: 'E', n: 1, body })

test.each(['gateway', 'dns', 'forwarder'] as const)('a right %s snapshot comes out as it went in', (feed) => {
  expect(parseSnapshot(feed, whole(bodies[feed]))).toEqual({ epoch: 'E', n: 1, body: bodies[feed] })
})

test('unknown fields are dropped, so that an older edge follows a newer control plane', () => {
  const json = JSON.stringify({
    epoch: 'E',
    n: 1,
    later: 1,
    body: { listeners: [{ ...listener, colour: 'red' }], x: [] },
  })
  expect(parseSnapshot('forwarder', json)).toEqual({ epoch: 'E', n: 1, body: { listeners: [listener] } })
})

test('an endpoint of an older control plane, which knows no limits and no policy, has none of its own', () => {
  const { limits: _, policy: __, ...older } = endpoint
  const [only] = parseSnapshot('gateway', whole({ ...gateway, endpoints: [older] })).body.endpoints
  expect(only).toEqual({ ...endpoint, limits: null, policy: null })
})

test.each<{ says: string; policy: object; unread: string[] }>([
  { says: 'a rule of tomorrow', policy: { idleMs: 60_000, sourceRanges: ['10.0.0.0/8'] }, unread: ['sourceRanges'] },
  { says: 'a value of tomorrow', policy: { idleMs: 60_000, minimumTls: 'TLS1_4' }, unread: ['minimumTls'] },
  {
    says: 'a user of half a name',
    policy: { idleMs: 60_000, databaseUsers: [{ username: 'app' }] },
    unread: ['databaseUsers'],
  },
  { says: 'an authority that is none', policy: { idleMs: 60_000, clientCa: 'x' }, unread: ['clientCa'] },
  { says: 'no yes or no', policy: { idleMs: 60_000, readOnly: 'yes' }, unread: ['readOnly'] },
  ...[
    [{ cidr: '192.0.2.0' }],
    [{ cidr: '192.0.2.0/33' }],
    [{ cidr: 'sg-0a1b' }],
    [{ cidr: '192.0.2.0/24', untilMs: null }],
    [{ cidr: '192.0.2.0/24', untilMs: 'tomorrow' }],
    [{}],
    null,
  ].map((accessList) => ({
    says: `an access list that cannot be read (${JSON.stringify(accessList)})`,
    policy: { idleMs: 60_000, accessList },
    unread: ['accessList'],
  })),
  { says: 'a key of every object', policy: { idleMs: 60_000, constructor: 1 }, unread: ['constructor'] },
  { says: 'what a control plane never writes', policy: { idleMs: 60_000, unread: [] }, unread: ['unread'] },
])('of a policy nothing is dropped: $says is named, so that nobody is let in', ({ policy, unread }) => {
  const body = { ...gateway, endpoints: [{ ...endpoint, policy }] }
  const [only] = parseSnapshot('gateway', whole(body)).body.endpoints
  expect(only?.policy).toEqual({ idleMs: 60_000, unread })
})

test('a key __proto__ is a member id like any other', () => {
  const json = whole(gateway).replace('"m-0":{"host"', '"__proto__":{"host"')
  const [only] = parseSnapshot('gateway', json).body.endpoints
  expect(Object.keys(only?.advertised ?? {})).toEqual(['__proto__'])
  expect(({} as Record<string, unknown>).host).toBeUndefined()
})

describe('refused, with the path', () => {
  const forwarder = (change: object): unknown => ({ listeners: [{ ...listener, ...change }] })
  const one = (change: object): unknown => ({ ...gateway, endpoints: [{ ...endpoint, ...change }] })
  const record = (change: object): unknown => ({ ...dns, records: [{ ...dns.records[0], ...change }] })
  const member = (hostPort: string): unknown => ({
    ...gateway,
    clusters: [{ id: 'c', name: 'C', members: [{ id: 'm', hostPort }], tls: null }],
  })
  test.each([
    { feed: 'forwarder', body: null, says: 'snapshot.body must be an object' },
    { feed: 'forwarder', body: [], says: 'snapshot.body must be an object' },
    { feed: 'forwarder', body: {}, says: 'snapshot.body.listeners must be a list' },
    { feed: 'forwarder', body: forwarder({ port: 0 }), says: 'port must be a whole number from 1 to 65535' },
    { feed: 'forwarder', body: forwarder({ port: '1024' }), says: 'port must be a whole number from 1 to 65535' },
    { feed: 'forwarder', body: forwarder({ hosts: [] }), says: 'hosts must name at least one address' },
    { feed: 'forwarder', body: forwarder({ hosts: ['localhost'] }), says: 'hosts[0] must be an IP address' },
    { feed: 'forwarder', body: forwarder({ provider: 'IBM' }), says: 'provider must be one of AWS, AZURE, GCP' },
    { feed: 'forwarder', body: { listeners: [listener, listener] }, says: 'listeners holds id l-1 twice' },
    { feed: 'gateway', body: one({ status: 'PENDING' }), says: 'endpoints[0].status must be one of AVAILABLE' },
    {
      feed: 'gateway',
      body: one({ limits: { connections: 0, newPerSecond: null } }),
      says: 'endpoints[0].limits.connections must be a whole number from 1',
    },
    { feed: 'gateway', body: one({ tls: 'no' }), says: 'endpoints[0].tls must be true or false' },
    { feed: 'gateway', body: one({ names: ['UPPER.example'] }), says: 'names[0] must be a lower-case DNS name' },
    { feed: 'gateway', body: one({ advertised: { m: { host: 'h' } } }), says: 'advertised.m.port must be' },
    { feed: 'gateway', body: member('no-port'), says: 'members[0].hostPort must be host:port' },
    { feed: 'gateway', body: member('h:70000'), says: 'members[0].hostPort must be host:port' },
    {
      feed: 'gateway',
      body: { ...gateway, listeners: [gateway.listeners[0], gateway.listeners[0]] },
      says: 'listeners holds gatewayPort 30000 twice',
    },
    { feed: 'dns', body: { ...dns, domain: 'postern.internal.' }, says: 'domain must be a lower-case DNS name' },
    { feed: 'dns', body: record({ type: 'MX' }), says: 'records[0].type must be one of A, AAAA, CNAME, TXT, SRV' },
    { feed: 'dns', body: record({ type: 'constructor' }), says: 'records[0].type must be one of' },
    { feed: 'dns', body: record({ value: '::1' }), says: 'records[0].value must be an IPv4 address' },
    { feed: 'dns', body: record({ ttl: -1 }), says: 'records[0].ttl must be a whole number from 0' },
  ] as const)('$feed: $says', ({ feed, body, says }) => {
    expect(() => parseSnapshot(feed, whole(body))).toThrow(SnapshotError)
    expect(() => parseSnapshot(feed, whole(body))).toThrow(says)
  })

  test.each([
    { json: '', says: 'the snapshot is not JSON' },
    { json: '[]', says: 'snapshot must be an object' },
    { json: '{"epoch":"","n":1}', says: 'snapshot.epoch must be a text' },
    { json: '{"epoch":"E","n":1.5}', says: 'snapshot.n must be a whole number' },
    { json: '{"epoch":"E","n":-1}', says: 'snapshot.n must be a whole number' },
  ])('$json: $says', ({ json, says }) => {
    expect(() => parseSnapshot('dns', json)).toThrow(says)
  })
})

test('no JSON does more than be refused', () => {
  fc.assert(
    fc.property(fc.constantFrom('gateway', 'dns', 'forwarder'), fc.json({ maxDepth: 5 }), (feed, json) => {
      for (const text of [json, `{"epoch":"E","n":1,"body":${json}}`]) {
        try {
          parseSnapshot(feed, text)
        } catch (error) {
          expect(error).toBeInstanceOf(SnapshotError)
        }
      }
    }),
    { numRuns: 500 },
  )
})
