// Live connections of the official driver: listed with what it says of itself, one of them ended, and the driver goes on.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { attachTo, createJourneyUser, journeyUser } from './attached.ts'
import { createCluster, gatewayLog, startForTest } from './running.ts'

const clusterName = 'Journey'
const auth = journeyUser

let running: Running
let params: { readonly groupId: string }
let endpointId: string
let endpointServiceId: string
let uri: string
let shop: MongoClient
let cart: MongoClient

beforeAll(async () => {
  running = await startForTest()
  const { client, bootstrap } = running
  const { groupId } = bootstrap
  params = { groupId }
  await createCluster(running, clusterName)
  await createJourneyUser(client, groupId)
  ;({ endpointServiceId, endpointId, uri } = await attachTo(client, { groupId, clusterName }))
  shop = new MongoClient(uri, { auth, appName: 'shop' })
  cart = new MongoClient(uri, { auth, appName: 'cart' })
})

afterAll(async () => {
  await shop?.close()
  await cart?.close()
  await running?.stop()
})

const list = async (query: { readonly appName?: string } = {}) =>
  (await running.client.call('listGroupConnections', { params, query })).body

const idsOf = ({ results }: Awaited<ReturnType<typeof list>>): readonly string[] => results.map(({ id }) => id)

const write = (driver: MongoClient) => driver.db('journeys').collection('connections').insertOne({ at: new Date() })

test('an endpoint that nobody uses has no connections', async () => {
  expect(await list()).toMatchObject({ results: [], totalCount: 0, unansweredEdges: [] })
})

test('each is shown with its driver, its application and the way that it took', async () => {
  await Promise.all([write(shop), write(cart)])
  const { results, unansweredEdges } = await list({ appName: 'shop' })
  expect(unansweredEdges).toEqual([])
  const [first] = results
  expect(first).toMatchObject({
    endpointId,
    clusterName,
    cloudProvider: 'AWS',
    driver: expect.stringMatching(/^nodejs \d/),
    appName: 'shop',
    source: expect.stringMatching(/^127\.\d+\.\d+\.\d+:\d+$/),
    tls: false,
  })
  const { results: all } = await list()
  expect(new Set(all.map(({ appName }) => appName))).toEqual(new Set(['shop', 'cart']))
  expect(new Set(all.map(({ member }) => member)).size).toBe(3)
})

test('one is ended by its id, exactly that one, and the driver goes on', async () => {
  // The one that did the write: of the driver's connections the one that asked for more than hello.
  const { results } = await list({ appName: 'shop' })
  const busiest = results.reduce((one, other) => (other.bytesFromClient > one.bytesFromClient ? other : one))
  const before = idsOf(await list())
  const killed = await running.client.call('killGroupConnection', { params: { ...params, connectionId: busiest.id } })
  expect(killed.body).toEqual({ killed: 1, unansweredEdges: [] })
  const after = idsOf(await list())
  expect(before.filter((id) => !after.includes(id))).toEqual([busiest.id])
  await Promise.all([write(shop), write(cart)])
  await until('the line of its end', 5_000, async () =>
    gatewayLog(running).some(({ source, code }) => source === busiest.source && code === 'KILLED') ? true : undefined,
  )
  await expect(
    running.client.call('killGroupConnection', { params: { ...params, connectionId: busiest.id } }),
  ).rejects.toMatchObject({ status: 404, errorCode: 'POSTERN_CONNECTION_NOT_FOUND' })
})

test('all of an application are ended, nobody else’s, and the driver comes back', async () => {
  const [shops, carts] = [idsOf(await list({ appName: 'shop' })), idsOf(await list({ appName: 'cart' }))]
  const killed = await running.client.call('killGroupConnections', { params, query: { appName: 'shop', endpointId } })
  expect(killed.body.killed).toBeGreaterThanOrEqual(shops.length)
  const after = idsOf(await list())
  expect(after.filter((id) => shops.includes(id))).toEqual([])
  expect(carts.filter((id) => !after.includes(id))).toEqual([])
  await write(shop)
  expect(idsOf(await list({ appName: 'shop' })).length).toBeGreaterThan(0)
})

test('a limit of its own keeps further connections out and nobody in place, and the summary says so', async () => {
  const endpoint = { ...params, cloudProvider: 'AWS', endpointServiceId, endpointId }
  const limit = async (connections: number | null): Promise<void> => {
    const { body } = await running.client.call('updateGroupPrivateEndpoint', {
      params: endpoint,
      body: { limits: { connections } },
    })
    expect(body.limits.connections).toBe(connections)
  }
  const before = idsOf(await list())
  await limit(1)
  /** What a further client meets that signs in and works; its connections that watch members are let in. */
  const late = async (): Promise<unknown> => {
    const client = new MongoClient(uri, { auth, appName: 'late', serverSelectionTimeoutMS: 5_000 })
    try {
      await client.db('admin').command({ ping: 1 })
      return null
    } catch (error) {
      return error
    } finally {
      await client.close()
    }
  }
  const error = await until('somebody being turned away', 20_000, async () => (await late()) ?? undefined)
  expect(error).toMatchObject({ name: 'MongoServerError', code: 462 })
  const { body } = await running.client.call('summarizeGroupConnections', { params })
  expect(body.endpoints).toMatchObject([
    { endpointId, connectionsLimit: 1, refused: [{ code: 'TOO_MANY_CONNECTIONS' }] },
  ])
  const after = idsOf(await list())
  expect(before.filter((id) => !after.includes(id))).toEqual([])
  await limit(null)
  await until('the next one being let in', 20_000, async () => ((await late()) === null ? true : undefined))
})

test('both left an event that says by whom', async () => {
  const query = { eventType: ['CONNECTIONS_KILLED'], includeRaw: 'true' as const }
  const { results } = (await running.client.call('listGroupEvents', { params, query })).body
  expect(results.map(({ publicKey }) => publicKey)).toEqual(results.map(() => expect.any(String)))
  expect(results.map(({ raw }) => JSON.parse(raw?.description ?? ''))).toEqual([
    expect.objectContaining({ appName: 'shop', endpointId }),
    expect.objectContaining({ appName: 'shop', endpointId, connections: 1, connectionId: expect.any(String) }),
  ])
})
