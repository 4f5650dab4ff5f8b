// Connection strings as Postern shows them: in a cluster's description, and every form of them for every endpoint.

import { behaviours } from '@postern/contract/fidelity'
import { describe, expect, test } from 'vitest'
import {
  at,
  byAddress,
  byName,
  cluster,
  door,
  endpoint,
  host,
  member,
  named,
  srv,
  standard,
  twoRegions,
} from './connection-strings.testing.ts'
import {
  connectionStrings,
  endpointConnectionStrings,
  missingRegions,
  type StringsCluster,
  type StringsEndpoint,
} from './connection-strings.ts'

describe('connectionStrings of a cluster description', () => {
  test.each([
    { says: 'nothing while CREATING', of: cluster({ state: 'CREATING' }), through: [endpoint()], are: {} },
    {
      says: 'while a sharded cluster is CREATING, the two empty fields that Atlas sends',
      of: cluster({ state: 'CREATING', type: 'SHARDED', process: 'MONGOS' }),
      through: [],
      are: { awsPrivateLinkSrv: {}, privateEndpoint: [] },
    },
    {
      says: 'while an M0 is CREATING, standardSrv alone',
      of: cluster({ state: 'CREATING', tier: 'M0', standardSrvName: 'cluster0.abcde.postern.internal' }),
      through: [],
      are: { standardSrv: 'mongodb+srv://cluster0.abcde.postern.internal' },
    },
    {
      says: 'in a project that is private only, no standard string',
      of: cluster({ privateOnly: true }),
      through: [endpoint()],
      are: {
        awsPrivateLink: { 'vpce-0123456789abcdef0': byAddress },
        privateEndpoint: [{ connectionString: byAddress, endpoints: door, type: 'MONGOD' }],
      },
    },
    {
      says: 'in a project that is private only, nothing of an M0',
      of: cluster({ privateOnly: true, tier: 'M0', standardSrvName: 'cluster0.abcde.postern.internal' }),
      through: [],
      are: {},
    },
    { says: 'without an endpoint, standard alone', of: cluster(), through: [], are: { standard } },
    {
      says: 'ssl=true in standard when the deployment speaks TLS',
      of: cluster({ tls: true }),
      through: [],
      are: { standard: standard.replace('/?', '/?ssl=true&') },
    },
    {
      says: 'no replicaSet towards routers, and privateEndpoint [] before there is one',
      of: cluster({ type: 'SHARDED', process: 'MONGOS', setName: null }),
      through: [],
      are: { awsPrivateLinkSrv: {}, privateEndpoint: [], standard: standard.replace('&replicaSet=rs0', '') },
    },
    {
      says: 'a sharded cluster by name: the optimized string too',
      of: cluster({ type: 'SHARDED', process: 'MONGOS', setName: null }),
      through: [named({ targets: new Map([...at(host), ['c0', { host, port: 1027 }]]) })],
      are: {
        awsPrivateLink: { 'vpce-0123456789abcdef0': byName.replace('&replicaSet=rs0', '') },
        awsPrivateLinkSrv: { 'vpce-0123456789abcdef0': srv },
        privateEndpoint: [
          {
            connectionString: byName.replace('&replicaSet=rs0', ''),
            endpoints: door,
            srvConnectionString: srv,
            srvShardOptimizedConnectionString: 'mongodb+srv://cluster0-pl-0-lb.abcde.postern.internal',
            type: 'MONGOS',
          },
        ],
        standard: standard.replace('&replicaSet=rs0', ''),
      },
    },
    {
      says: 'an address: no SRV fields, no word of ssl',
      of: cluster(),
      through: [endpoint()],
      are: {
        awsPrivateLink: { 'vpce-0123456789abcdef0': byAddress },
        privateEndpoint: [{ connectionString: byAddress, endpoints: door, type: 'MONGOD' }],
        standard,
      },
    },
    {
      says: 'an address where the policy asks for TLS: with ssl, and no SRV fields',
      of: cluster(),
      through: [endpoint({ tls: true })],
      are: {
        awsPrivateLink: { 'vpce-0123456789abcdef0': byAddress.replace('/?', '/?ssl=true&') },
        privateEndpoint: [
          { connectionString: byAddress.replace('/?', '/?ssl=true&'), endpoints: door, type: 'MONGOD' },
        ],
        standard,
      },
    },
    {
      says: 'an endpoint whose policy leaves the cluster out is as if it were not there',
      of: cluster(),
      through: [endpoint({ opens: false })],
      are: { standard },
    },
    {
      says: 'a name: SRV beside standard, both with ssl, and both legacy maps',
      of: cluster(),
      through: [named()],
      are: {
        awsPrivateLink: { 'vpce-0123456789abcdef0': byName },
        awsPrivateLinkSrv: { 'vpce-0123456789abcdef0': srv },
        privateEndpoint: [{ connectionString: byName, endpoints: door, srvConnectionString: srv, type: 'MONGOD' }],
        standard,
      },
    },
    {
      says: 'routers are of type MONGOS, and their strings name no set',
      of: cluster({ type: 'SHARDED', process: 'MONGOS', setName: null }),
      through: [endpoint()],
      are: {
        awsPrivateLink: { 'vpce-0123456789abcdef0': byAddress.replace('&replicaSet=rs0', '') },
        awsPrivateLinkSrv: {},
        privateEndpoint: [
          { connectionString: byAddress.replace('&replicaSet=rs0', ''), endpoints: door, type: 'MONGOS' },
        ],
        standard: standard.replace('&replicaSet=rs0', ''),
      },
    },
    {
      says: 'a region of the provider without an endpoint keeps the whole provider out',
      of: cluster({ members: twoRegions }),
      through: [endpoint()],
      are: { standard },
    },
    {
      says: 'M0 never has them, endpoint or not',
      of: cluster({ tier: 'M0' }),
      through: [endpoint()],
      are: { standard },
    },
    { says: 'M2 never has them', of: cluster({ tier: 'M2' }), through: [endpoint()], are: { standard } },
    { says: 'M5 never has them', of: cluster({ tier: 'M5' }), through: [endpoint()], are: { standard } },
    { says: 'Flex never has them', of: cluster({ tier: 'FLEX' }), through: [endpoint()], are: { standard } },
    {
      says: "a member without a port is left out of the endpoint's string, not of standard",
      of: cluster(),
      through: [endpoint({ targets: new Map([['m0', { host: '127.1.2.3', port: 1024 }]]) })],
      are: {
        awsPrivateLink: { 'vpce-0123456789abcdef0': 'mongodb://127.1.2.3:1024/?authSource=admin&replicaSet=rs0' },
        privateEndpoint: [
          {
            connectionString: 'mongodb://127.1.2.3:1024/?authSource=admin&replicaSet=rs0',
            endpoints: door,
            type: 'MONGOD',
          },
        ],
        standard,
      },
    },
    {
      says: 'an endpoint that has no port for any member gets no element',
      of: cluster(),
      through: [endpoint({ targets: new Map() })],
      are: { standard },
    },
    {
      says: 'arbiters and hidden members are named nowhere, an unreachable one is',
      of: cluster({
        members: [
          member(0),
          member(1, { role: 'unknown' }),
          member(2, { role: 'arbiter' }),
          member(3, { role: 'hidden' }),
        ],
      }),
      through: [],
      are: { standard: 'mongodb://127.0.0.1:27000,127.0.0.1:27001/?authSource=admin&replicaSet=rs0' },
    },
    {
      says: 'members in order of position, however the rows came',
      of: cluster({ members: [member(2), member(0), member(1)] }),
      through: [],
      are: { standard },
    },
    {
      says: 'an IPv6 address in brackets',
      of: cluster({ members: [member(0)] }),
      through: [endpoint({ targets: at('::1', 20000) })],
      are: {
        awsPrivateLink: { 'vpce-0123456789abcdef0': 'mongodb://[::1]:20000/?authSource=admin&replicaSet=rs0' },
        privateEndpoint: [
          {
            connectionString: 'mongodb://[::1]:20000/?authSource=admin&replicaSet=rs0',
            endpoints: door,
            type: 'MONGOD',
          },
        ],
        standard: 'mongodb://127.0.0.1:27000/?authSource=admin&replicaSet=rs0',
      },
    },
  ])('$says', ({ of, through, are }) => {
    expect(connectionStrings(of, through)).toStrictEqual(are)
  })

  test('keys stand in the recorded order', () => {
    const all = connectionStrings(cluster(), [named()])
    expect(Object.keys(all)).toEqual(['awsPrivateLink', 'awsPrivateLinkSrv', 'privateEndpoint', 'standard'])
    expect(Object.keys(all.privateEndpoint?.[0] ?? {})).toEqual([
      'connectionString',
      'endpoints',
      'srvConnectionString',
      'type',
    ])
  })
})

describe('which endpoints get an element', () => {
  const elsewhere = endpoint({ cloudId: 'vpce-1', region: 'EU_WEST_1' })
  const west = endpoint({ cloudId: 'vpce-2', region: 'US_WEST_2', targets: at('127.1.2.4') })
  const azure = endpoint({ cloudId: '/subscriptions/a', provider: 'AZURE', region: 'US_EAST_2' })
  const shown = (of: StringsCluster, through: readonly StringsEndpoint[]) =>
    (connectionStrings(of, through).privateEndpoint ?? []).map(({ endpoints }) => endpoints[0]?.endpointId)

  test.each([
    {
      says: 'two endpoints in the region: one element each',
      members: undefined,
      through: [endpoint(), endpoint({ cloudId: 'vpce-9' })],
      ids: ['vpce-0123456789abcdef0', 'vpce-9'],
    },
    {
      says: 'every region has one: all of them',
      members: twoRegions,
      through: [endpoint(), west],
      ids: ['vpce-0123456789abcdef0', 'vpce-2'],
    },
    {
      says: 'a region without nodes, once its provider is complete',
      members: undefined,
      through: [endpoint(), elsewhere],
      ids: ['vpce-0123456789abcdef0', 'vpce-1'],
    },
    {
      says: 'a region without nodes, its provider not complete: none',
      members: undefined,
      through: [elsewhere],
      ids: [],
    },
    {
      says: 'a provider with none of the nodes reaches the whole set, even beside an incomplete one',
      members: twoRegions,
      through: [endpoint(), azure],
      ids: ['/subscriptions/a'],
    },
    {
      says: 'nodes in two clouds, one complete: that one only',
      members: [member(0), member(1, { provider: 'GCP' as const, region: 'CENTRAL_US' })],
      through: [endpoint()],
      ids: ['vpce-0123456789abcdef0'],
    },
  ])('$says', ({ members, through, ids }) => {
    expect(shown(cluster(members === undefined ? {} : { members }), through)).toEqual(ids)
  })

  test('only AWS endpoints are in the AWS maps', () => {
    expect(connectionStrings(cluster(), [azure])).not.toHaveProperty('awsPrivateLink')
  })

  test('missing regions are named per provider, sorted', () => {
    const members = [
      member(0, { region: 'US_WEST_2' }),
      member(1, { region: 'EU_WEST_1' }),
      member(2, { provider: 'AZURE', region: 'US_EAST_2' }),
    ]
    expect(missingRegions(cluster({ members }), [azure])).toEqual([
      { provider: 'AWS', regions: ['EU_WEST_1', 'US_WEST_2'] },
    ])
  })
})

describe('every form for every endpoint', () => {
  test('an address: standard is recommended, the SRV name is still told', () => {
    expect(endpointConnectionStrings(cluster(), [endpoint()])).toEqual({
      ready: true,
      reason: null,
      standard,
      missing: [],
      endpoints: [
        {
          endpointId: 'vpce-0123456789abcdef0',
          provider: 'AWS',
          region: 'US_EAST_1',
          form: 'address',
          recommended: byAddress,
          standard: byAddress,
          srv,
          loadBalanced: null,
          direct: [0, 1, 2].map((slot) => ({
            member: `127.0.0.1:2700${slot}`,
            connectionString: `mongodb://127.1.2.3:${1024 + slot}/?authSource=admin&directConnection=true`,
          })),
          names: [host, 'cluster0-pl-0.abcde.postern.internal'],
        },
      ],
    })
  })

  test('a name: SRV is recommended, and direct strings speak TLS', () => {
    const [only] = endpointConnectionStrings(cluster(), [named()]).endpoints
    expect(only?.recommended).toBe(srv)
    expect(only?.direct[0]?.connectionString).toBe(
      `mongodb://${host}:1024/?ssl=true&authSource=admin&directConnection=true`,
    )
  })

  test.each([
    {
      says: 'the tier',
      of: cluster({ tier: 'M0' }),
      through: [endpoint()],
      reason: /^M0 clusters have no private endpoints/,
    },
    { says: 'creation', of: cluster({ state: 'CREATING' }), through: [endpoint()], reason: /still being created/ },
    { says: 'no members', of: cluster({ members: [] }), through: [endpoint()], reason: /No member/ },
    {
      says: 'the regions',
      of: cluster({ members: twoRegions }),
      through: [endpoint()],
      reason: /^No AVAILABLE private endpoint in: AWS US_WEST_2\.$/,
    },
    { says: 'ports', of: cluster(), through: [endpoint({ targets: new Map() })], reason: /has a port/ },
  ])('without any, the reason is $says', ({ of, through, reason }) => {
    const answer = endpointConnectionStrings(of, through)
    expect(answer.ready).toBe(false)
    expect(answer.reason).toMatch(reason)
  })
})

test('where a policy leaves the cluster out, it is named as the reason', () => {
  const { ready, reason } = endpointConnectionStrings(cluster(), [endpoint({ opens: false })])
  expect([ready, reason]).toEqual([
    false,
    'No AVAILABLE private endpoint in: AWS US_EAST_1. The policy of vpce-0123456789abcdef0 leaves this cluster out.',
  ])
})

describe('strings for load balanced mode', () => {
  const sharded = cluster({ type: 'SHARDED', process: 'MONGOS', setName: null })
  const withPlace = (targets: ReturnType<typeof at>, host: string): ReturnType<typeof at> =>
    new Map([...targets, ['c0', { host, port: 1027 }]])
  const own = 'mongodb+srv://cluster0-pl-0-lb.abcde.postern.internal'
  test.each([
    {
      says: 'by address, without TLS',
      of: sharded,
      through: endpoint({ targets: withPlace(at('127.1.2.3'), '127.1.2.3') }),
      are: { standard: 'mongodb://127.1.2.3:1027/?authSource=admin&loadBalanced=true', srv: own },
    },
    {
      says: 'by name, with TLS',
      of: sharded,
      through: named({ targets: withPlace(at(host), host) }),
      are: { standard: `mongodb://${host}:1027/?ssl=true&authSource=admin&loadBalanced=true`, srv: own },
    },
    { says: 'none without a place for it', of: sharded, through: named(), are: null },
    {
      says: 'none for a replica set, whatever has a place',
      of: cluster(),
      through: named({ targets: withPlace(at(host), host) }),
      are: null,
    },
  ])('$says', ({ of, through, are }) => {
    const [element] = endpointConnectionStrings(of, [through]).endpoints
    expect(element?.loadBalanced).toEqual(are)
    expect(element?.names.some((name) => name.includes('-lb.'))).toBe(are !== null)
  })

  test.each([
    { says: 'Atlas: on AWS, over one region', more: {}, provider: 'AWS' as const, shown: true },
    { says: 'Atlas: not on Azure', more: {}, provider: 'AZURE' as const, shown: false },
  ])('$says', ({ more, provider, shown }) => {
    const members = [0, 1, 2].map((n) => member(n, { provider }))
    const of = { ...sharded, members, behaviour: behaviours.atlas, ...more }
    const through = named({ provider, targets: withPlace(at(host), host) })
    const [element] = connectionStrings(of, [through]).privateEndpoint ?? []
    expect(element?.srvShardOptimizedConnectionString).toBe(shown ? own : undefined)
  })
})
