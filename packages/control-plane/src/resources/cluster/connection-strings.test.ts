import { behaviours } from '@postern/contract/fidelity'
import { describe, expect, test } from 'vitest'
import {
  connectionStrings,
  endpointConnectionStrings,
  missingRegions,
  type StringsCluster,
  type StringsEndpoint,
  type StringsMember,
} from './connection-strings.ts'

const member = (position: number, more: Partial<StringsMember> = {}): StringsMember => ({
  id: `m${position}`,
  hostPort: `127.0.0.1:2700${position}`,
  provider: 'AWS',
  region: 'US_EAST_1',
  role: position === 0 ? 'primary' : 'secondary',
  position,
  ...more,
})

const cluster = (more: Partial<StringsCluster> = {}): StringsCluster => ({
  name: 'Cluster0',
  type: 'REPLICASET',
  process: 'MONGOD',
  tier: 'M10',
  state: 'IDLE',
  setName: 'rs0',
  tls: false,
  members: [member(0), member(1), member(2)],
  standardSrvName: null,
  behaviour: behaviours.postern,
  regionalized: false,
  ...more,
})

const at = (host: string, firstPort = 1024): StringsEndpoint['targets'] =>
  new Map([0, 1, 2].map((slot) => [`m${slot}`, { host, port: firstPort + slot }]))

const endpoint = (more: Partial<StringsEndpoint> = {}): StringsEndpoint => ({
  cloudId: 'vpce-0123456789abcdef0',
  provider: 'AWS',
  region: 'US_EAST_1',
  form: 'address',
  targets: at('127.1.2.3'),
  srvName: 'cluster0-pl-0.abcde.postern.internal',
  regionalSrvName: 'cluster0-pl-0-us-east-1.abcde.postern.internal',
  hostNames: ['pl-0-us-east-1.abcde.postern.internal'],
  ...more,
})

const named = (more: Partial<StringsEndpoint> = {}): StringsEndpoint =>
  endpoint({ form: 'name', targets: at('pl-0-us-east-1.abcde.postern.internal'), ...more })

const standard = 'mongodb://127.0.0.1:27000,127.0.0.1:27001,127.0.0.1:27002/?authSource=admin&replicaSet=rs0'
const byAddress = 'mongodb://127.1.2.3:1024,127.1.2.3:1025,127.1.2.3:1026/?authSource=admin&replicaSet=rs0'
const host = 'pl-0-us-east-1.abcde.postern.internal'
const byName = `mongodb://${host}:1024,${host}:1025,${host}:1026/?ssl=true&authSource=admin&replicaSet=rs0`
const srv = 'mongodb+srv://cluster0-pl-0.abcde.postern.internal'
const door = [{ endpointId: 'vpce-0123456789abcdef0', providerName: 'AWS', region: 'US_EAST_1' }]

const twoRegions = [member(0), member(1), member(2, { region: 'US_WEST_2' })]

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

describe('in the regionalized mode an endpoint leads to the routers of its region', () => {
  const west = 'pl-1-us-west-2.abcde.postern.internal'
  const routers = cluster({
    type: 'SHARDED',
    process: 'MONGOS',
    setName: null,
    regionalized: true,
    members: twoRegions,
  })
  const westEnd = named({
    cloudId: 'vpce-2',
    region: 'US_WEST_2',
    targets: at(west),
    srvName: 'cluster0-pl-1.abcde.postern.internal',
    regionalSrvName: 'cluster0-pl-1-us-west-2.abcde.postern.internal',
  })
  const elsewhere = named({
    cloudId: 'vpce-3',
    region: 'EU_WEST_1',
    regionalSrvName: 'cluster0-pl-2-eu-west-1.abcde.postern.internal',
  })
  const shown = (of: StringsCluster, through: readonly StringsEndpoint[]) =>
    (connectionStrings(of, through).privateEndpoint ?? []).map((each) => [
      each.endpoints[0]?.region,
      each.connectionString.replaceAll('.abcde.postern.internal', '').replace(/^mongodb:\/\/|\/\?.*$/g, ''),
      each.srvConnectionString?.replace('.abcde.postern.internal', ''),
    ])
  const near = ['US_EAST_1', 'pl-0-us-east-1:1024,pl-0-us-east-1:1025', 'mongodb+srv://cluster0-pl-0-us-east-1']

  test.each([
    {
      says: 'a string per region, each with the routers there and a name of its own',
      of: routers,
      through: [named(), westEnd],
      are: [near, ['US_WEST_2', 'pl-1-us-west-2:1026', 'mongodb+srv://cluster0-pl-1-us-west-2']],
    },
    { says: 'none waits for another region’s', of: routers, through: [named()], are: [near] },
    {
      says: 'a region without routers leads to all of them',
      of: routers,
      through: [elsewhere],
      are: [
        [
          'EU_WEST_1',
          'pl-0-us-east-1:1024,pl-0-us-east-1:1025,pl-0-us-east-1:1026',
          'mongodb+srv://cluster0-pl-2-eu-west-1',
        ],
      ],
    },
    {
      says: 'without the mode both regions are needed, and each string has every router',
      of: { ...routers, regionalized: false },
      through: [named(), westEnd],
      are: [
        ['US_EAST_1', 'pl-0-us-east-1:1024,pl-0-us-east-1:1025,pl-0-us-east-1:1026', 'mongodb+srv://cluster0-pl-0'],
        ['US_WEST_2', 'pl-1-us-west-2:1024,pl-1-us-west-2:1025,pl-1-us-west-2:1026', 'mongodb+srv://cluster0-pl-1'],
      ],
    },
    {
      says: 'a replica set knows no such mode',
      of: cluster({ regionalized: true }),
      through: [named()],
      are: [
        ['US_EAST_1', 'pl-0-us-east-1:1024,pl-0-us-east-1:1025,pl-0-us-east-1:1026', 'mongodb+srv://cluster0-pl-0'],
      ],
    },
  ])('$says', ({ of, through, are }) => {
    expect(shown(of, through)).toEqual(are)
  })

  test('direct strings, names and the legacy maps say the same', () => {
    const [only] = endpointConnectionStrings(routers, [westEnd]).endpoints
    expect(only?.direct.map(({ member: hostPort }) => hostPort)).toEqual(['127.0.0.1:27002'])
    expect(only?.names).toContain('cluster0-pl-1-us-west-2.abcde.postern.internal')
    expect(endpointConnectionStrings(routers, [westEnd]).missing).toEqual([])
    expect(connectionStrings(routers, [westEnd]).awsPrivateLinkSrv).toEqual({
      'vpce-2': 'mongodb+srv://cluster0-pl-1-us-west-2.abcde.postern.internal',
    })
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

describe('under Atlas’s behaviour', () => {
  const asAtlas = (more: Partial<StringsCluster> = {}) =>
    cluster({ behaviour: behaviours.atlas, standardSrvName: 'cluster0.abcde.postern.internal', ...more })
  const east = endpoint()
  const west = endpoint({ cloudId: 'vpce-0fedcba9876543210', region: 'US_WEST_2' })
  const elsewhere = endpoint({ cloudId: 'vpce-00000000000000000', region: 'EU_WEST_1' })
  const azure = endpoint({ cloudId: 'azure', provider: 'AZURE', region: 'US_EAST_2' })

  test.each([
    { says: 'its own region', of: asAtlas(), through: [east], ids: [[east.cloudId]] },
    { says: 'a region without nodes of it', of: asAtlas(), through: [east, elsewhere], ids: [[east.cloudId]] },
    { says: 'a provider without nodes of it', of: asAtlas(), through: [east, azure], ids: [[east.cloudId]] },
    { says: 'a provider without nodes of it alone', of: asAtlas(), through: [azure], ids: [] },
    { says: 'one of its two regions', of: asAtlas({ members: twoRegions }), through: [east], ids: [] },
    {
      says: 'both of its regions',
      of: asAtlas({ members: twoRegions }),
      through: [east, west],
      ids: [[east.cloudId], [west.cloudId]],
    },
    {
      says: 'all regions of one of its two providers',
      of: asAtlas({ members: [member(0), member(1, { provider: 'AZURE', region: 'US_EAST_2' })] }),
      through: [east],
      ids: [],
    },
  ])('endpoints in $says: elements for $ids', ({ of, through, ids }) => {
    const elements = connectionStrings(of, through).privateEndpoint ?? []
    expect(elements.map(({ endpoints }) => endpoints.map(({ endpointId }) => endpointId))).toEqual(ids)
  })

  test('SRV strings are shown whatever the form, by name, and the cluster’s own too', () => {
    const standardSrv = 'mongodb+srv://cluster0.abcde.postern.internal'
    expect(connectionStrings(asAtlas(), [east])).toStrictEqual({
      awsPrivateLink: { [east.cloudId]: byAddress },
      awsPrivateLinkSrv: { [east.cloudId]: srv },
      privateEndpoint: [{ connectionString: byAddress, endpoints: door, srvConnectionString: srv, type: 'MONGOD' }],
      standard,
      standardSrv,
    })
    expect(connectionStrings(asAtlas({ state: 'CREATING' }), [])).toStrictEqual({})
    expect(connectionStrings(asAtlas({ tier: 'M0' }), [])).toStrictEqual({ standard, standardSrv })
  })

  test('a registered deployment has no SRV string of its own to show', () => {
    expect(connectionStrings(asAtlas({ tier: null, standardSrvName: null }), [])).toStrictEqual({ standard })
  })

  test('Postern’s own route shows every door that works all the same', () => {
    const { endpoints } = endpointConnectionStrings(asAtlas(), [east, elsewhere])
    expect(endpoints.map(({ endpointId }) => endpointId)).toEqual([east.cloudId, elsewhere.cloudId])
  })
})
