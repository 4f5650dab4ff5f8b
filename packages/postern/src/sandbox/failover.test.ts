// Failover, with the official driver in the middle of its work: step-downs, members that are killed and come back.
import { setImmediate as turn } from 'node:timers/promises'
import type { MongoClient, ServerHeartbeatSucceededEvent, TopologyDescription } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ClusterReport } from './cluster.ts'
import { clientOf, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let cluster: ClusterReport
let client: MongoClient
let count = 0

beforeAll(async () => {
  under = await startSandbox()
})
afterAll(() => under?.end())
beforeEach(async () => {
  count += 1
  cluster = await under.door.put(`set${count}`)
  client = clientOf(cluster)
  await client.connect()
})
afterEach(async () => {
  await client.close()
  await under.door.call('DELETE', `/clusters/set${count}`)
})

const on = (path: string, body?: unknown) => under.door.report('POST', `/clusters/set${count}/${path}`, body)
const report = () => under.door.report('GET', `/clusters/set${count}`)
const withPrimary = () =>
  vi.waitFor(async () => {
    const found = await report()
    if (found.primary === null) throw new Error('there is no primary yet')
    return found
  })

/** What one member itself answers. */
async function helloOf(index: number) {
  const member = cluster.members[index]
  const direct = clientOf({ ...cluster, members: member ? [member] : [] }, { directConnection: true })
  try {
    return await direct.db('admin').command({ hello: 1 })
  } finally {
    await direct.close()
  }
}

/** Writes without a pause from several lanes at once until `end` is called; counts what was acknowledged. */
function writeSteadily() {
  const collection = client.db('app').collection<{ _id: number; n?: number }>('writes')
  const acknowledged: number[] = []
  let running = true
  let next = 0
  const lane = async () => {
    while (running) {
      next += 1
      const _id = next
      await collection.insertOne({ _id })
      await collection.updateOne({ _id }, { $inc: { n: 1 } })
      acknowledged.push(_id)
      await turn()
    }
  }
  const lanes = Promise.all([lane(), lane(), lane(), lane()])
  const more = async (howMany: number) => {
    const goal = acknowledged.length + howMany
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThanOrEqual(goal), { timeout: 20_000 })
  }
  const end = async () => {
    running = false
    await lanes
    return acknowledged
  }
  return { collection, more, end }
}

describe('writers notice nothing', () => {
  test('through two step-downs and the loss of the primary: no error, nothing lost, nothing twice', async () => {
    const writing = writeSteadily()
    await writing.more(50)
    const first = await on('stepDown', { seconds: 1 })
    expect(first.primary).toBeNull()
    await writing.more(50)
    await withPrimary()
    await client.db('admin').command({ replSetStepDown: 1 })
    await writing.more(50)
    const { primary, term } = await withPrimary()
    expect(term).toBe(cluster.term + 2)
    await on(`members/${primary}/kill`)
    await writing.more(50)
    await on(`members/${primary}/revive`)
    await writing.more(50)
    const acknowledged = await writing.end()
    const found = await writing.collection.find().toArray()
    expect(found.filter((document) => document.n !== 1)).toEqual([])
    const ids = new Set(found.map(({ _id }) => _id))
    expect(acknowledged.filter((_id) => !ids.has(_id))).toEqual([])
    expect((await report()).term).toBe(term + 1)
  })
})

describe('a step-down', () => {
  test('another member is elected, and the election id rises', async () => {
    const before = await helloOf(0)
    await on('stepDown', { seconds: 30 })
    const { primary } = await withPrimary()
    expect(primary).not.toBe(cluster.primary)
    const after = await helloOf(Number(primary))
    expect(after).toMatchObject({ isWritablePrimary: true, me: cluster.members[Number(primary)]?.hostPort })
    expect(after.electionId.toHexString() > before.electionId.toHexString()).toBe(true)
  })

  test('connections stay open', async () => {
    const closed = vi.fn()
    client.on('connectionClosed', closed)
    await client.db('app').collection('a').insertOne({ a: 1 })
    await on('stepDown')
    await withPrimary()
    await client.db('app').collection('a').insertOne({ a: 2 })
    expect(closed).not.toHaveBeenCalled()
  })

  test('a write on the old primary is refused so that it is retried elsewhere', async () => {
    const direct = clientOf(cluster, { directConnection: true, retryWrites: false })
    await direct.db('app').collection('a').insertOne({ a: 1 })
    await on('stepDown')
    const write = direct
      .db('app')
      .command({ insert: 'a', documents: [{ a: 2 }], $readPreference: { mode: 'primaryPreferred' } })
    await expect(write).rejects.toMatchObject({ code: 10107, codeName: 'NotWritablePrimary' })
    await direct.close()
  })

  test('is refused when nobody else can be elected, unless it is forced', async () => {
    await on('members/1/kill')
    await on('members/2/kill')
    expect((await report()).state).toBe('REPAIRING')
    await on('members/1/revive')
    await withPrimary()
    await on('stepDown', { seconds: 1 })
    await withPrimary()
    const refused = await under.door.call('POST', `/clusters/set${count}/stepDown`, {})
    expect([refused.status, (await report()).state]).toEqual([409, 'IDLE'])
    expect((await on('stepDown', { seconds: 1, force: true })).primary).toBeNull()
    await withPrimary()
  })
})

describe('a member that is killed', () => {
  test('is refused to everybody at once, and comes back as a secondary on the same port', async () => {
    const last = cluster.members[2]
    const alone = clientOf(
      { ...cluster, members: last ? [last] : [] },
      { directConnection: true, serverSelectionTimeoutMS: 300 },
    )
    const killed = await on('members/2/kill')
    expect(killed.members[2]?.state).toBe('DOWN')
    await expect(alone.connect()).rejects.toThrow('ECONNREFUSED')
    const revived = await on('members/2/revive')
    expect(revived.members[2]).toEqual({ ...last, state: 'SECONDARY' })
    const back = clientOf({ ...cluster, members: last ? [last] : [] }, { directConnection: true })
    expect(await back.db('admin').command({ hello: 1 })).toMatchObject({ secondary: true, me: last?.hostPort })
    await Promise.all([back.close(), alone.close()])
  })

  test('takes a new process id for its topology version', async () => {
    const version = async () => (await helloOf(0)).topologyVersion.processId.toHexString()
    const before = await version()
    await on('members/0/kill')
    await on('members/0/revive')
    expect(await version()).not.toBe(before)
  })

  test('is shown by replSetGetStatus', async () => {
    await on('members/2/kill')
    const { members, set } = await client.db('admin').command({ replSetGetStatus: 1 })
    expect(set).toBe('rs0')
    expect(members.map(({ stateStr }: { stateStr: string }) => stateStr)).toEqual([
      'PRIMARY',
      'SECONDARY',
      '(not reachable/healthy)',
    ])
  })
})

test('the hello stream tells the driver of a new primary without being asked', async () => {
  const streamed: ServerHeartbeatSucceededEvent[] = []
  const seen: TopologyDescription[] = []
  const watching = clientOf(cluster, { heartbeatFrequencyMS: 60_000 })
  watching.on('serverHeartbeatSucceeded', (event) => event.awaited && streamed.push(event))
  watching.on('topologyDescriptionChanged', (event) => seen.push(event.newDescription))
  await watching.connect()
  await vi.waitFor(() => expect(seen.at(-1)?.type).toBe('ReplicaSetWithPrimary'))
  await on('stepDown', { seconds: 30 })
  const { primary } = await withPrimary()
  const host = cluster.members[Number(primary)]?.hostPort
  await vi.waitFor(() => expect(seen.at(-1)?.servers.get(host ?? '')?.type).toBe('RSPrimary'), { timeout: 5000 })
  expect(streamed.length).toBeGreaterThan(0)
  await watching.close()
})
