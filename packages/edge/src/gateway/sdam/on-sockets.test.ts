// The official driver, through a forwarder, the gateway and its rewriting, to a fake replica set: what the driver's own
// SDAM and CMAP events show is what the specification makes of the rewritten answers.

import { MongoClient, type MongoClientOptions } from 'mongodb'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { type Doors, type DoorsOptions, openDoors } from '../testing/doors.ts'
import { type FakeSet, type FakeSetOptions, startFakeSet } from '../testing/fake-set.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start(set: FakeSetOptions = {}, doors: DoorsOptions = {}): Promise<{ set: FakeSet; doors: Doors }> {
  const fakeSet = await startFakeSet(set)
  open.push(fakeSet)
  const opened = await openDoors(fakeSet, doors)
  open.push(opened)
  return { set: fakeSet, doors: opened }
}

interface Witness {
  readonly client: MongoClient
  /** Every server address that the driver ever held or dialled. */
  readonly addresses: ReadonlySet<string>
  /** The newest topology: addresses to types. */
  servers(): Readonly<Record<string, string>>
}

function witness(seeds: string, options: MongoClientOptions = {}): Witness {
  const client = new MongoClient(`mongodb://${seeds}/?replicaSet=rs0`, {
    serverSelectionTimeoutMS: 20_000,
    heartbeatFrequencyMS: 500,
    minHeartbeatFrequencyMS: 50,
    ...options,
  } as MongoClientOptions)
  open.push(client)
  const addresses = new Set<string>()
  let servers: Record<string, string> = {}
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    servers = Object.fromEntries([...newDescription.servers].map(([address, { type }]) => [address, type]))
    for (const [address, { hosts, passives, arbiters, primary, me }] of newDescription.servers) {
      for (const seen of [address, ...hosts, ...passives, ...arbiters, primary, me]) if (seen) addresses.add(seen)
    }
  })
  client.on('connectionCreated', ({ address }) => addresses.add(address))
  client.on('serverHeartbeatStarted', ({ connectionId }) => addresses.add(connectionId.replace(/^.*@/, '')))
  return { client, addresses, servers: () => servers }
}

const types = (servers: Readonly<Record<string, string>>): string => Object.values(servers).sort().join(' ')
const whole = 'RSPrimary RSSecondary RSSecondary'

describe.each([
  { says: 'plain', set: {}, client: {} },
  { says: 'with zlib negotiated', set: { compressors: ['zlib'] }, client: { compressors: ['zlib'] as const } },
  { says: 'with polling monitors', set: {}, client: { serverMonitoringMode: 'poll' } },
  { says: 'with the stable API, so that even the first hello is an OP_MSG', set: {}, client: { serverApi: '1' } },
])('the official driver, $says', ({ set: setOptions, client: clientOptions }) => {
  test('finds the whole set under the endpoint’s names, and never sees a member’s own address', async () => {
    const { set, doors } = await start(setOptions)
    const { client, addresses, servers } = witness(doors.seeds.split(',')[0] ?? '', clientOptions as MongoClientOptions)
    await client.connect()
    await client.db('a').command({ ping: 1 })
    await eventually(() => expect(types(servers())).toBe(whole))
    await client.db('a').command({ ping: 1 }, { readPreference: 'secondary' })

    set.elect(1)
    await eventually(() => expect(servers()[`127.0.0.1:${doors.ports[1]}`]).toBe('RSPrimary'))
    await eventually(() => expect(types(servers())).toBe(whole))
    await client.db('a').command({ ping: 1 })

    set.remove(2)
    await eventually(() => expect(types(servers())).toBe('RSPrimary RSSecondary'))

    expect([...addresses].sort()).toEqual(doors.seeds.split(',').sort())
    if (setOptions.compressors) expect(set.compressed()).toBeGreaterThan(0)
    expect(doors.gateway.stats().hellos).toBeGreaterThan(3)
  })
})

describe('a set with a passive member, an arbiter, a hidden and a delayed member', () => {
  const kinds = { 1: 'passive', 2: 'arbiter', 3: 'hidden', 4: 'delayed' } as const

  test('the driver finds those that hello lists, the arbiter too, and dials no other', async () => {
    const { set, doors } = await start({ members: 5, kinds }, { unknown: [3, 4] })
    const { client, servers, addresses } = witness(doors.seeds.split(',')[0] ?? '')
    await client.connect()
    await eventually(() =>
      expect(servers()).toEqual({
        [`127.0.0.1:${doors.ports[0]}`]: 'RSPrimary',
        [`127.0.0.1:${doors.ports[1]}`]: 'RSSecondary',
        [`127.0.0.1:${doors.ports[2]}`]: 'RSArbiter',
      }),
    )
    await client.db('a').command({ ping: 1 }, { readPreference: 'secondary' })
    expect([...addresses].sort()).toEqual(doors.seeds.split(',').slice(0, 3).sort())
    expect(set.asked.filter(({ name, member }) => name === 'ping' && member === 2)).toEqual([])
    expect([3, 4].map((hidden) => set.members[hidden]?.accepted())).toEqual([0, 0])
  })

  test.each([
    { at: 1, says: { passive: true } },
    { at: 2, says: { arbiterOnly: true, secondary: false } },
    { at: 3, says: { hidden: true } },
    { at: 4, says: { hidden: true, secondaryDelaySecs: 3600 } },
  ])('what member $at says of itself passes, the lists have the endpoint’s names', async ({ at, says }) => {
    const { doors } = await start({ members: 5, kinds })
    const client = new MongoClient(`mongodb://127.0.0.1:${doors.ports[at]}/?directConnection=true`)
    open.push(client)
    const [first, passive, arbiter] = doors.seeds.split(',')
    expect(await client.db('admin').command({ hello: 1 })).toMatchObject({
      ...says,
      hosts: [first],
      passives: [passive],
      arbiters: [arbiter],
      me: `127.0.0.1:${doors.ports[at]}`,
    })
  })
})

describe('what the driver makes of', () => {
  const quick = { heartbeatFrequencyMS: 500 }

  test('a member that spells its own name otherwise than the set does: a primary stays, a secondary goes', async () => {
    const { set, doors } = await start()
    const { client, servers, addresses } = witness(doors.seeds, quick)
    await client.connect()
    await eventually(() => expect(types(servers())).toBe(whole))
    set.rename(1, 'elsewhere:27017') // not a member that the snapshot knows, so `me` is dropped and it stays
    set.rename(2, set.members[1]?.hostPort ?? '') // another member's name
    await eventually(() => expect(Object.keys(servers())).toHaveLength(2))
    expect(servers()).toMatchObject({
      [`127.0.0.1:${doors.ports[0]}`]: 'RSPrimary',
      [`127.0.0.1:${doors.ports[1]}`]: 'RSSecondary',
    })
    expect([...addresses].sort()).toEqual(doors.seeds.split(',').sort())
  })

  test('a member that the snapshot does not know: it is in no list, and nobody dials it', async () => {
    const { set, doors } = await start({}, { unknown: [2] })
    const { client, servers, addresses } = witness(doors.seeds.split(',')[0] ?? '', quick)
    await client.connect()
    await eventually(() => expect(types(servers())).toBe('RSPrimary RSSecondary'))
    expect([...addresses].sort()).toEqual(doors.seeds.split(',').slice(0, 2).sort())
    expect(set.members[2]?.accepted()).toBe(0)
    expect(doors.lines().some(({ msg }) => msg === 'members left out of an answer to hello')).toBe(true)
  })

  test('an endpoint that does not advertise a member: the same', async () => {
    const { set, doors } = await start()
    const [endpoint] = doors.snapshot.endpoints
    if (endpoint === undefined) throw new Error('the snapshot has an endpoint')
    const { 'member-2': _, ...advertised } = endpoint.advertised
    await doors.gateway.take({
      epoch: 'e',
      n: 2,
      body: { ...doors.snapshot, endpoints: [{ ...endpoint, advertised }] },
    })
    const { client, servers } = witness(doors.seeds.split(',')[0] ?? '', quick)
    await client.connect()
    await eventually(() => expect(types(servers())).toBe('RSPrimary RSSecondary'))
    expect(set.members[2]?.accepted()).toBe(0)
  })

  test('a port that changes in a newer snapshot: it follows the next answer to hello', async () => {
    const { set, doors } = await start({ members: 1 })
    const { client, servers } = witness(doors.seeds, quick)
    await client.connect()
    const [endpoint] = doors.snapshot.endpoints
    if (endpoint === undefined) throw new Error('the snapshot has an endpoint')
    const advertised = { 'member-0': { host: 'localhost', port: doors.ports[0] ?? 0 } }
    await doors.gateway.take({
      epoch: 'e',
      n: 2,
      body: { ...doors.snapshot, endpoints: [{ ...endpoint, advertised }] },
    })
    set.elect(0)
    await eventually(() => expect(servers()).toEqual({ [`localhost:${doors.ports[0]}`]: 'RSPrimary' }))
  })

  test('a member that the next snapshot knows: it is told at once, not when its member has something to say', async () => {
    const { set, doors } = await start({}, { unknown: [2] })
    const { client, servers } = witness(doors.seeds.split(',')[0] ?? '', { heartbeatFrequencyMS: 3_600_000 })
    await client.connect()
    await eventually(() => expect(types(servers())).toBe('RSPrimary RSSecondary'))
    // a stream of hellos has begun once a change was heard
    set.elect(1)
    await eventually(() => expect(servers()[`127.0.0.1:${doors.ports[1]}`]).toBe('RSPrimary'))
    await eventually(() => expect(types(servers())).toBe('RSPrimary RSSecondary'))
    const [cluster] = doors.snapshot.clusters
    if (cluster === undefined) throw new Error('the snapshot has a cluster')
    const members = set.members.map(({ hostPort }, at) => ({ id: `member-${at}`, hostPort }))
    const body = { ...doors.snapshot, clusters: [{ ...cluster, members }] }
    await doors.gateway.take({ epoch: 'e', n: 2, body })
    await eventually(() => expect(types(servers())).toBe(whole))
  })

  test('all its connections cut: it comes back through the same doors', async () => {
    const { set, doors } = await start()
    const { client, servers } = witness(doors.seeds, quick)
    await client.connect()
    await eventually(() => expect(types(servers())).toBe(whole))
    for (const { sockets } of set.members) for (const socket of sockets) socket.destroy()
    expect(await client.db('a').collection('b').findOne()).toBeNull() // retried once, as the specification has it
    await eventually(() => expect(types(servers())).toBe(whole))
  })
})
