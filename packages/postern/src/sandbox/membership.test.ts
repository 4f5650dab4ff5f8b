// Members that come and go while a cluster stands, and clusters that are paused: with the official driver as witness,
// and over restarts.
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClusterReport } from './cluster.ts'
import { admin, clientOf, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
beforeAll(async () => {
  under = await startSandbox()
})
afterAll(() => under?.end())

const put = (id: string, members: number, more: object = {}) =>
  under.door.report('PUT', `/clusters/${id}`, { name: id, setName: 'rs0', members, admin, ...more })
const auth = { username: admin.user, password: admin.password }
const hostsOf = ({ members }: ClusterReport) => members.map(({ hostPort }) => hostPort)
const statesOf = ({ members }: ClusterReport) => members.map(({ state }) => state)
const restart = async () => {
  await under.sandbox.close()
  under = await startSandbox({ dir: under.dir })
}
const hello = async (cluster: ClusterReport) => {
  const client = clientOf(cluster)
  try {
    return await client.db('admin').command({ hello: 1 })
  } finally {
    await client.close()
  }
}

describe('a member that is elsewhere', () => {
  test('moved: on another port, with the others told, its data there, and a restart finds it', async () => {
    const before = await put('moves', 3)
    const writer = clientOf(before)
    await writer.db('app').collection('things').insertOne({ a: 1 })
    await writer.close()
    const after = await under.door.report('POST', '/clusters/moves/members/1/move')
    const [first, moved, last] = hostsOf(after)
    expect([first, last]).toEqual([hostsOf(before)[0], hostsOf(before)[2]])
    expect(hostsOf(before)).not.toContain(moved)
    expect(await hello(after)).toMatchObject({ hosts: hostsOf(after), setVersion: 2 })
    const client = new MongoClient(`mongodb://${moved}/?directConnection=true`, { auth })
    expect(await client.db('app').collection('things').countDocuments()).toBe(1)
    await client.close()
    await restart()
    expect(hostsOf(await put('moves', 3))).toEqual(hostsOf(after))
  })

  test('renamed: on its port, under another spelling, also of itself', async () => {
    const before = await put('renames', 3)
    const after = await under.door.report('POST', '/clusters/renames/members/0/move', { host: 'localhost' })
    expect(hostsOf(after)).toEqual([hostsOf(before)[0]?.replace(/^.*:/, 'localhost:'), ...hostsOf(before).slice(1)])
    const client = new MongoClient(`mongodb://${hostsOf(after)[0]}/?directConnection=true`, { auth })
    expect((await client.db('admin').command({ hello: 1 })).me).toBe(hostsOf(after)[0])
    await client.close()
    await restart()
    expect(hostsOf(await put('renames', 3))).toEqual(hostsOf(after))
  })
})

describe('a member that is hidden', () => {
  test('is told to no client and is never primary; the configuration has it, and a restart keeps it so', async () => {
    const before = await put('hides', 3)
    expect(statesOf(before)).toEqual(['PRIMARY', 'SECONDARY', 'SECONDARY'])
    const after = await under.door.report('POST', '/clusters/hides/members/0/hide')
    const [hidden, ...shown] = hostsOf(after)
    const direct = new MongoClient(`mongodb://${hidden}/?directConnection=true`, { auth })
    expect(await direct.db('admin').command({ hello: 1 })).toMatchObject({
      hosts: shown,
      me: hidden,
      hidden: true,
      passive: true,
      secondary: true,
      setVersion: 2,
    })
    const { config } = await direct.db('admin').command({ replSetGetConfig: 1 })
    expect(config.members).toMatchObject([
      { host: hidden, hidden: true, priority: 0 },
      { host: shown[0], hidden: false, priority: 1 },
      { host: shown[1], hidden: false, priority: 1 },
    ])
    await direct.close()
    await expect.poll(async () => statesOf(await put('hides', 3)).indexOf('PRIMARY')).toBeGreaterThan(0)
    await restart()
    const again = await put('hides', 3)
    expect(await hello({ ...again, members: again.members.slice(1) })).toMatchObject({ hosts: shown })
    const back = await under.door.report('POST', '/clusters/hides/members/0/hide', { hidden: false })
    expect(await hello(back)).toMatchObject({ hosts: hostsOf(back), setVersion: 3 })
  })
})

describe('another number of members', () => {
  test('more: the old ones keep their addresses, the new ones serve the same data, and a restart finds all', async () => {
    const before = await put('grows', 1)
    const client = clientOf(before)
    await client.db('app').collection('things').insertOne({ a: 1 })
    const after = await put('grows', 3)
    expect(hostsOf(after).slice(0, 1)).toEqual(hostsOf(before))
    expect(statesOf(after)).toEqual(['PRIMARY', 'SECONDARY', 'SECONDARY'])
    expect(await put('grows', 3)).toEqual(after)
    const things = client.db('app').collection('things')
    await expect.poll(async () => (await client.db('admin').command({ hello: 1 })).hosts).toEqual(hostsOf(after))
    expect(await things.countDocuments({}, { readPreference: 'secondary' })).toBe(1)
    await client.close()
    await restart()
    expect(hostsOf(await put('grows', 3))).toEqual(hostsOf(after))
    expect(await hello(after)).toMatchObject({ hosts: hostsOf(after), setVersion: 2 })
  })

  test('fewer: the last ones go, a primary among them hands over, and the driver follows', async () => {
    const before = await put('shrinks', 3)
    await under.door.report('POST', '/clusters/shrinks/stepDown')
    await expect.poll(async () => (await under.door.report('GET', '/clusters/shrinks')).primary).toBe('1')
    const client = clientOf(before)
    await client.db('app').collection('things').insertOne({ a: 1 })
    const after = await put('shrinks', 1)
    expect(hostsOf(after)).toEqual(hostsOf(before).slice(0, 1))
    await expect.poll(async () => (await under.door.report('GET', '/clusters/shrinks')).primary).toBe('0')
    // A write that meets the change itself may fail twice, on what the driver had heard before; it follows at once.
    const hosts = () =>
      client
        .db('admin')
        .command({ hello: 1 })
        .then(
          (reply) => reply.hosts,
          () => [],
        )
    await expect.poll(hosts).toEqual(hostsOf(after))
    await client.db('app').collection('things').insertOne({ a: 2 })
    expect(await client.db('app').collection('things').countDocuments()).toBe(2)
    await client.close()
    const gone = clientOf({ ...before, members: before.members.slice(2) }, { serverSelectionTimeoutMS: 200 })
    await expect(gone.connect()).rejects.toThrow()
    await gone.close()
  })
})

describe('a paused cluster', () => {
  test('lets nobody in, stays so over a restart, and comes back with its data', async () => {
    const cluster = await put('rests', 3)
    const client = clientOf(cluster)
    await client.db('app').collection('things').insertOne({ a: 1 })
    await client.close()
    const paused = await put('rests', 3, { paused: true })
    expect(paused).toMatchObject({ paused: true, primary: null })
    expect(statesOf(paused)).toEqual(['DOWN', 'DOWN', 'DOWN'])
    expect(await put('rests', 3, { paused: true })).toEqual(paused)
    const shut = clientOf(cluster, { serverSelectionTimeoutMS: 200 })
    await expect(shut.connect()).rejects.toThrow()
    await shut.close()
    expect((await under.door.call('POST', '/clusters/rests/members/0/revive')).status).toBe(409)

    await restart()
    expect(statesOf(await under.door.report('GET', '/clusters/rests'))).toEqual(['DOWN', 'DOWN', 'DOWN'])
    const resumed = await put('rests', 3)
    expect(resumed.paused).toBe(false)
    expect(hostsOf(resumed)).toEqual(hostsOf(cluster))
    const again = clientOf(resumed)
    expect(await again.db('app').collection('things').countDocuments()).toBe(1)
    await again.close()
  })

  test('may be given other members meanwhile', async () => {
    await put('both', 3, { paused: true })
    expect(statesOf(await put('both', 1, { paused: true }))).toEqual(['DOWN'])
    expect(statesOf(await put('both', 3))).toHaveLength(3)
    await expect.poll(async () => (await under.door.report('GET', '/clusters/both')).state).toBe('IDLE')
  })
})
