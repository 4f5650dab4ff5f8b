// A sharded cluster as clients see it: routers, each of which serves all of the data, and none of which is a member.
import type { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ClusterReport } from './cluster.ts'
import { clientOf, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let cluster: ClusterReport
let client: MongoClient

beforeAll(async () => {
  under = await startSandbox()
  cluster = await under.door.put('sharded', { members: 6, routers: true })
  client = clientOf(cluster)
  await client.connect()
})
afterAll(async () => {
  await client?.close()
  await under?.end()
})

const report = () => under.door.report('GET', '/clusters/sharded')
const kill = (member: number) => under.door.report('POST', `/clusters/sharded/members/${member}/kill`, {})
const revive = (member: number) => under.door.report('POST', `/clusters/sharded/members/${member}/revive`, {})

test('more than a replica set has votes, all of them routers, and no primary', async () => {
  expect(cluster).toMatchObject({ routers: true, state: 'IDLE', primary: null })
  expect(cluster.members.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'ROUTER'))
})

test('hello says so, and names neither a set nor a member', async () => {
  const reply = await client.db('admin').command({ hello: 1 })
  expect(reply).toMatchObject({ msg: 'isdbgrid', isWritablePrimary: true, maxWireVersion: 21 })
  for (const field of ['setName', 'hosts', 'me', 'primary', 'secondary', 'electionId', 'lastWrite'])
    expect(reply).not.toHaveProperty(field)
  expect(await client.db('admin').command({ isdbgrid: 1 })).toMatchObject({ isdbgrid: 1 })
})

test('what is written through one router is read through each other', async () => {
  const { insertedId } = await client.db('app').collection('things').insertOne({ title: 'Dune' })
  for (const member of cluster.members) {
    const one = clientOf({ ...cluster, members: [member] }, { directConnection: true })
    try {
      expect(await one.db('app').collection('things').findOne({ title: 'Dune' })).toMatchObject({ _id: insertedId })
    } finally {
      await one.close()
    }
  }
})

describe.each(['replSetGetStatus', 'replSetGetConfig', 'replSetStepDown'])('%s', (name) => {
  test('is no command of a router', async () => {
    await expect(client.db('admin').command({ [name]: 1 })).rejects.toMatchObject({ code: 59 })
  })
})

test('of routers that are lost one is enough, and with none the cluster is in repair', async () => {
  const things = client.db('app').collection('left')
  for (const member of [0, 1, 2, 3, 4]) await kill(member)
  await things.insertOne({ n: 1 })
  expect(await report()).toMatchObject({ state: 'IDLE' })
  await kill(5)
  expect(await report()).toMatchObject({ state: 'REPAIRING' })
  for (const member of [0, 1, 2, 3, 4, 5]) await revive(member)
  await vi.waitFor(async () => expect(await things.countDocuments()).toBe(1), { timeout: 20_000 })
})

test('nobody steps down, and a wish for a replica set of this id is refused', async () => {
  expect(await under.door.call('POST', '/clusters/sharded/stepDown', {})).toMatchObject({ status: 409 })
  const wish = { name: 'sharded', setName: 'rs0', members: 3, admin: { user: 'a', password: 'b' } }
  expect(await under.door.call('PUT', '/clusters/sharded', wish)).toMatchObject({ status: 409 })
})

test('fewer routers are wished for: the last ones leave', async () => {
  cluster = await under.door.put('sharded', { members: 4, routers: true })
  expect(cluster.members).toHaveLength(4)
  expect(await client.db('app').collection('left').countDocuments()).toBe(1)
})

test.each([
  { says: 'more routers than a service has ports', wish: { members: 51, routers: true } },
  { says: 'more members than a set has votes', wish: { members: 8 } },
])('$says are refused', async ({ wish }) => {
  const body = { name: 'x', setName: 'rs0', admin: { user: 'a', password: 'b' }, ...wish }
  expect(await under.door.call('PUT', '/clusters/x', body)).toMatchObject({ status: 400 })
})
