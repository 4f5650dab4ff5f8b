// A sharded cluster through a private endpoint: routers behind it, found under the endpoint's address only.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { attachTo, createJourneyUser, journeyUser } from './attached.ts'
import { createCluster, drills, startForTest, targetsOf, watchDials } from './running.ts'

const clusterName = 'Sharded'

let running: Running
let groupId: string
let clusterId: string
let uri: string

beforeAll(async () => {
  running = await startForTest()
  const { client } = running
  groupId = running.bootstrap.groupId
  await createCluster(running, clusterName, { shards: 2 })
  clusterId = (await client.call('getGroupCluster', { params: { groupId, clusterName } })).body.id
  await createJourneyUser(client, groupId)
  uri = (await attachTo(client, { groupId, clusterName })).uri
})

afterAll(async () => {
  await running?.stop()
})

test('the string names a target for each of the six nodes, and no set', () => {
  expect(targetsOf(uri)).toHaveLength(6)
  expect(uri).not.toContain('replicaSet')
})

test('its kind is MONGOS', async () => {
  const { body } = await running.client.call('getGroupCluster', { params: { groupId, clusterName } })
  expect(body.connectionStrings?.privateEndpoint?.map(({ type }) => type)).toEqual(['MONGOS'])
})

test('the driver sees routers, writes and reads, and dials no member', async () => {
  const members = new Set((await drills(running).members(clusterId)).map(({ hostPort }) => hostPort))
  const watch = watchDials()
  const driver = new MongoClient(uri, { auth: journeyUser })
  const kinds = new Set<string>()
  driver.on('topologyDescriptionChanged', ({ newDescription }) => {
    for (const { type } of newDescription.servers.values()) if (type !== 'Unknown') kinds.add(type)
  })
  try {
    const documents = driver.db('journeys').collection('sharded')
    const { insertedId } = await documents.insertOne({ through: 'routers' })
    expect(await documents.findOne({ _id: insertedId })).toMatchObject({ through: 'routers' })
  } finally {
    await driver.close()
    watch.end()
  }
  expect([...kinds]).toEqual(['Mongos'])
  expect(watch.dials().filter(({ to }) => members.has(to))).toEqual([])
})

test('five of six routers are lost: the application goes on by the last', async () => {
  const driver = new MongoClient(uri, { auth: journeyUser })
  try {
    const documents = driver.db('journeys').collection('lost')
    await documents.insertOne({ n: 0 })
    const members = await drills(running).members(clusterId)
    for (const { id } of members.slice(1)) await drills(running).killMember(clusterId, id)
    await documents.insertOne({ n: 1 })
    expect(await documents.countDocuments()).toBe(2)
    for (const { id } of members.slice(1)) await drills(running).reviveMember(clusterId, id)
  } finally {
    await driver.close()
  }
})

test('in load balanced mode: one host, every router, cursors and their batches, two routers lost in turn', async () => {
  const params = { groupId, clusterName }
  const { body } = await running.client.call('getGroupClusterConnectionStrings', { params })
  const balanced = body.endpoints[0]?.loadBalanced?.standard ?? ''
  expect(targetsOf(balanced)).toHaveLength(1)
  expect(targetsOf(uri)).not.toContain(targetsOf(balanced)[0])

  const driver = new MongoClient(balanced, { auth: journeyUser, minPoolSize: 12, monitorCommands: true })
  const routers = new Set<string>()
  driver.on('commandStarted', ({ serviceId }) => serviceId && routers.add(serviceId.toHexString()))
  try {
    const documents = driver.db('journeys').collection<{ _id: number }>('balanced')
    await documents.insertMany(Array.from({ length: 500 }, (_, _id) => ({ _id })))
    // a router knows no other one's cursors: a batch that went astray would be an error
    const read = async (): Promise<number> => (await documents.find({}, { batchSize: 50 }).toArray()).length
    const counts = await Promise.all(Array.from({ length: 24 }, read))
    expect(new Set(counts)).toEqual(new Set([500]))
    expect(routers.size).toBe(6)

    const members = await drills(running).members(clusterId)
    const lost = members.slice(0, 2)
    for (const [at, { id }] of lost.entries()) {
      await drills(running).cutMember(clusterId, id)
      for (let n = 0; n < 50; n++) await documents.insertOne({ _id: 500 + at * 50 + n })
    }
    expect(await documents.countDocuments()).toBe(600)
    for (const { id } of lost) await drills(running).reviveMember(clusterId, id)
  } finally {
    await driver.close()
  }
})

test('load balanced mode at a port of one router is refused, and the answer says which port has it', async () => {
  const [first = ''] = targetsOf(uri)
  const driver = new MongoClient(`mongodb://${first}/?loadBalanced=true`, { auth: journeyUser })
  try {
    await expect(driver.db('a').command({ ping: 1 })).rejects.toThrow(
      /one router's of cluster Sharded; its load balanced mode is served at port \d+/,
    )
  } finally {
    await driver.close()
  }
})

test('a shard more: the endpoint has doors for its nodes too', async () => {
  const region = { providerName: 'AWS', regionName: 'EU_WEST_1', priority: 7 } as const
  const spec = { regionConfigs: [{ ...region, electableSpecs: { instanceSize: 'M10', nodeCount: 3 } }] }
  const params = { groupId, clusterName }
  await running.client.call('updateGroupCluster', { params, body: { replicationSpecs: [spec, spec, spec] } })
  const wider = await until('nine targets', 30_000, async () => {
    const { body } = await running.client.call('getGroupCluster', { params })
    const [element] = body.connectionStrings?.privateEndpoint ?? []
    return targetsOf(element?.connectionString ?? '').length === 9 ? element?.connectionString : undefined
  })
  const last = targetsOf(wider).at(-1)
  const driver = new MongoClient(`mongodb://${last}/?directConnection=true`, { auth: journeyUser })
  try {
    await until('the last door being open', 10_000, async () => {
      const reply = await driver
        .db('admin')
        .command({ hello: 1 })
        .catch(() => null)
      return reply?.msg === 'isdbgrid' ? true : undefined
    })
  } finally {
    await driver.close()
  }
})
