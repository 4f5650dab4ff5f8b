// The official driver, through a forwarder, the gateway and its rewriting, to a fake replica set: what the driver's own
// SDAM and CMAP events show is what the specification makes of the rewritten answers.

import { MongoClient, type MongoClientOptions } from 'mongodb'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { type Doors, type DoorsOptions, openDoors } from './testing/doors.ts'
import { type FakeSet, type FakeSetOptions, startFakeSet } from './testing/fake-set.ts'

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

const settled = (types: readonly string[]): string => [...types].sort().join(' ')
const whole = settled(['RSPrimary', 'RSSecondary', 'RSSecondary'])

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
    await eventually(() => expect(settled(Object.values(servers()))).toBe(whole))
    await client.db('a').command({ ping: 1 }, { readPreference: 'secondary' })

    set.elect(1)
    await eventually(() => expect(servers()[`127.0.0.1:${doors.ports[1]}`]).toBe('RSPrimary'))
    await eventually(() => expect(settled(Object.values(servers()))).toBe(whole))
    await client.db('a').command({ ping: 1 })

    set.remove(2)
    await eventually(() => expect(settled(Object.values(servers()))).toBe(settled(['RSPrimary', 'RSSecondary'])))

    expect([...addresses].sort()).toEqual(doors.seeds.split(',').sort())
    if (setOptions.compressors) expect(set.compressed()).toBeGreaterThan(0)
    expect(doors.gateway.stats().hellos).toBeGreaterThan(3)
  })
})
