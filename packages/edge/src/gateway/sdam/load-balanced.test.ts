// The official driver with loadBalanced=true, through a forwarder and the gateway's own balancing, to fake routers that take
// no such client themselves and whose cursors nobody else knows.

import { MongoClient, type MongoClientOptions } from 'mongodb'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { type Doors, openDoors } from '../testing/doors.ts'
import { type FakeSet, startFakeSet } from '../testing/fake-set.ts'
import { serviceIdOf } from '../translate/load-balanced.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})
const kept = <Thing extends { close(): Promise<void> }>(thing: Thing): Thing => {
  open.push(thing)
  return thing
}

async function start({ routers = true, balanced = true } = {}): Promise<{ set: FakeSet; doors: Doors }> {
  const set = kept(await startFakeSet({ members: 2, routers }))
  return { set, doors: kept(await openDoors(set, { balanced })) }
}

const clientAt = (port: number | undefined, query: string, options: MongoClientOptions = {}): MongoClient =>
  kept(new MongoClient(`mongodb://127.0.0.1:${port}/?${query}`, { serverSelectionTimeoutMS: 500, ...options }))

const at = (set: FakeSet, name: string): readonly number[] =>
  set.asked.filter((asked) => asked.name === name).map(({ member }) => member)

describe('loadBalanced=true at the port that spreads', () => {
  test('both routers are used, each under its own service id, and neither hears of the mode', async () => {
    const { set, doors } = await start()
    const client = clientAt(doors.ports[2], 'loadBalanced=true', { minPoolSize: 4 })
    client.on('serverDescriptionChanged', ({ newDescription }) => expect(newDescription.type).toBe('LoadBalancer'))
    await client.connect()
    await eventually(() => expect(new Set(at(set, 'hello'))).toEqual(new Set([0, 1])))
    expect(set.asked.some(({ document }) => 'loadBalanced' in document)).toBe(false)
  })

  test('a cursor over batches and a transaction stay with the router where they began', async () => {
    const { set, doors } = await start()
    const client = clientAt(doors.ports[2], 'loadBalanced=true', { monitorCommands: true })
    const services: (string | undefined)[] = []
    client.on('commandStarted', ({ commandName, serviceId }) => {
      if (commandName === 'find' || commandName === 'getMore') services.push(serviceId?.toHexString())
    })
    const documents = client.db('a').collection('b')
    for (const _ of [1, 2, 3, 4]) {
      const cursors = [documents.find(), documents.find(), documents.find()]
      const batches = await Promise.all(cursors.map((cursor) => cursor.toArray()))
      for (const routers of batches) expect(new Set(routers.map(({ router }) => router)).size).toBe(1)
      expect(batches.map((each) => each.length)).toEqual([3, 3, 3])
    }
    expect(new Set(at(set, 'find'))).toEqual(new Set([0, 1]))
    expect(new Set(services)).toEqual(new Set([serviceIdOf('member-0'), serviceIdOf('member-1')]))

    await Promise.all(
      [1, 2, 3, 4].map(() =>
        client.withSession((session) =>
          session.withTransaction(async () => {
            await documents.insertOne({ a: 1 }, { session })
            await documents.insertOne({ a: 2 }, { session })
          }),
        ),
      ),
    )
    const parts = new Map<string, number[]>()
    for (const { document, member } of set.asked) {
      if (document.autocommit !== false) continue
      const id = `${document.lsid.id.toString('hex')} ${document.txnNumber}`
      parts.set(id, [...(parts.get(id) ?? []), member])
    }
    expect([...parts.values()].map((members) => members.length)).toEqual([3, 3, 3, 3])
    for (const members of parts.values()) expect(new Set(members).size).toBe(1)
  })

  test('one router is lost: the client goes on by the other, without an error', async () => {
    const { set, doors } = await start()
    const client = clientAt(doors.ports[2], 'loadBalanced=true', { minPoolSize: 4 })
    await client.connect()
    await eventually(() => expect(new Set(at(set, 'hello')).size).toBe(2))
    set.lose(0)
    const documents = client.db('a').collection('b')
    for (let n = 0; n < 20; n++) await documents.insertOne({ n })
    expect(new Set(at(set, 'insert').slice(-10))).toEqual(new Set([1]))
  })

  test('a router that the snapshot knows no more: its connections end, and the client goes on by the other', async () => {
    const { set, doors } = await start()
    const client = clientAt(doors.ports[2], 'loadBalanced=true', { minPoolSize: 4 })
    await client.connect()
    await eventually(() =>
      expect(doors.gateway.connections().some(({ memberId }) => memberId === 'member-0')).toBe(true),
    )
    const listeners = doors.snapshot.listeners
      .filter(({ memberId }) => memberId !== 'member-0')
      .map((each) => (each.balances ? { ...each, balances: ['member-1'] } : each))
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, listeners } })
    expect(doors.gateway.connections().filter(({ memberId }) => memberId === 'member-0')).toEqual([])
    const before = at(set, 'insert').length
    for (let n = 0; n < 5; n++) await client.db('a').collection('b').insertOne({ n })
    expect(
      at(set, 'insert')
        .slice(before)
        .every((member) => member === 1),
    ).toBe(true)
  })
})

describe('refused, with the reason', () => {
  test.each([
    {
      says: 'a replica set has no load balanced mode',
      start: () => start({ routers: false, balanced: false }),
      door: 0,
      query: 'loadBalanced=true',
      reason: /Cluster Cluster0 has no load balanced mode, .* take loadBalanced=true out/,
    },
    {
      says: 'a port of one router says which has it',
      start: () => start(),
      door: 0,
      query: 'loadBalanced=true',
      reason: /one router's of cluster Cluster0; its load balanced mode is served at port \d+/,
    },
    {
      says: 'a driver without the mode at the port that spreads',
      start: () => start(),
      door: 2,
      query: 'directConnection=true',
      reason: /does not have load balancing enabled/,
    },
  ])('$says', async ({ start: begin, door, query, reason }) => {
    const { doors } = await begin()
    const client = clientAt(doors.ports[door], query)
    const error = await client
      .db('a')
      .command({ ping: 1 })
      .catch((problem: Error) => problem)
    expect(String(error)).toMatch(reason)
    expect(doors.lines().some(({ msg, code }) => msg === 'request refused' && code === 'LOAD_BALANCER_MISMATCH')).toBe(
      true,
    )
    expect(doors.gateway.refusals().some(({ code }) => code === 'LOAD_BALANCER_MISMATCH')).toBe(true)
  })
})
