// A whole edge in this process: the official driver through forwarder and gateway to a fake set, the feeds from a real
// HTTP server, the names from the edge's own DNS.

import { randomBytes } from 'node:crypto'
import dns from 'node:dns'
import { writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '@postern/contract/environment'
import { feeds } from '@postern/contract/snapshot'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clock, systemClock } from './clock.ts'
import { readEdgeConfig } from './config.ts'
import { createEdge, type Edge } from './edge.ts'
import { type FakeSet, startFakeSet } from './gateway/testing/fake-set.ts'
import { listenersLookMs } from './listeners-file.ts'
import { dialled } from './testing/dialled.ts'
import { lookupThrough } from './testing/dns-lookup.ts'
import { eventually } from './testing/eventually.ts'
import { type FeedServer, startFeedServer } from './testing/feed-server.ts'
import { freePort } from './testing/free-port.ts'
import { createKeptLog, type KeptLog } from './testing/kept-log.ts'
import { srvName, type WholePath, wholePath } from './testing/whole-path.ts'

const token = 'edge-token-that-must-not-be-logged'
const key = randomBytes(32)

let server: FeedServer
let set: FakeSet
let path: WholePath
let directory: string
let kept: KeptLog
let open: { close(): Promise<unknown> }[]

beforeEach(async () => {
  server = await startFeedServer({ token, edge: 'edge-a' })
  set = await startFakeSet()
  path = await wholePath(set)
  directory = await mkdtemp(join(tmpdir(), 'postern-edge-'))
  kept = createKeptLog()
  open = []
})

afterEach(async () => {
  for (const thing of open.reverse()) await thing.close()
  await set.close()
  await server.stop()
  await rm(directory, { recursive: true })
})

async function start(env: Environment = {}, clock: Clock = systemClock): Promise<Edge> {
  const config = readEdgeConfig({
    POSTERN_URL: server.url(),
    POSTERN_EDGE: 'edge-a',
    POSTERN_EDGE_TOKEN: token,
    POSTERN_FORWARDER_KEY: key.toString('hex'),
    POSTERN_EDGE_DIR: directory,
    ...env,
  })
  const identity = { fetch, token }
  const edge = await createEdge({
    config,
    identity,
    log: kept.log,
    clock,
    random: Math.random,
    randomBytes,
  })
  open.push({ close: () => edge.close(0) })
  return edge
}

/** Gives up soon, since closing a driver waits as long for a server that it cannot find; `pinged` tries again. */
function driver(uri: string, options: ConstructorParameters<typeof MongoClient>[1] = {}): MongoClient {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 500, ...options })
  open.push(client)
  return client
}

const pinged = (client: MongoClient): Promise<unknown> => eventually(() => client.db('a').command({ ping: 1 }))

/** Connections that its gateway has joined. */
const joined = ({ gateway }: Edge): number => gateway?.counts().reduce((sum, { open }) => sum + open, 0) ?? 0

const standardUri = (): string => `mongodb://${path.seeds.join(',')}/?replicaSet=rs0`

test('a published endpoint is reachable; DELETING cuts its connections and refuses new ones', async () => {
  const edge = await start()
  path.publish(server, 1)
  for (const feed of feeds) {
    await eventually(() => expect(server.reports(feed).at(-1)).toMatchObject({ epoch: 'E', n: 1, failed: [] }))
  }
  expect(server.reports('gateway').at(-1)?.bound).toHaveLength(3)
  expect(server.reports('forwarder').at(-1)?.bound).toHaveLength(3)
  expect(edge.held()).toEqual({
    gateway: { epoch: 'E', n: 1 },
    dns: { epoch: 'E', n: 1 },
    forwarder: { epoch: 'E', n: 1 },
  })

  const client = driver(standardUri())
  await pinged(client)
  expect(edge.forwarder?.connections()).toBeGreaterThan(0)

  path.publish(server, 2, 'DELETING')
  await eventually(() => expect(joined(edge)).toBe(0))
  await eventually(() => expect(edge.held().gateway?.n).toBe(2))
  const refused = driver(standardUri())
  await expect(refused.db('a').command({ ping: 1 })).rejects.toThrow()
  expect(kept.sentences()).toContain('connection refused')
  expect(kept.text()).not.toContain(token)
  expect(kept.text()).not.toContain(key.toString('hex'))
})

test('the control plane learns of live connections by asking, and ends one of them', async () => {
  await start()
  path.publish(server, 1)
  for (const feed of feeds) await eventually(() => expect(server.reports(feed)).not.toHaveLength(0))
  const client = driver(standardUri(), { appName: 'shop', maxPoolSize: 1, monitorCommands: true })
  await pinged(client)
  const where = { endpointIds: ['endpoint-1'], clusterId: 'cluster-1', appName: 'shop', connectionId: null }
  const { count, connections } = await server.ask({ do: 'list', where, from: 0, limit: 500 })
  expect(count).toBe(connections.length)
  expect(connections.map(({ appName }) => appName)).toEqual(connections.map(() => 'shop'))
  expect(connections[0]?.driver).toMatch(/^nodejs /)

  const connectionId = connections[0]?.id ?? ''
  expect(await server.ask({ do: 'kill', where: { ...where, connectionId }, from: 0, limit: 0 })).toEqual({
    count: 1,
    connections: [],
  })
  const left = await server.ask({ do: 'list', where, from: 0, limit: 500 })
  expect(left.connections.map(({ id }) => id)).not.toContain(connectionId)
  await pinged(client)
})

test('metrics tell of connections by endpoint and member, and who was turned away', async () => {
  const edge = await start({ POSTERN_METRICS_PORT: '0' })
  path.publish(server, 1)
  for (const feed of feeds) await eventually(() => expect(server.reports(feed)).not.toHaveLength(0))
  await pinged(driver(standardUri(), { maxPoolSize: 1 }))
  const text = async (): Promise<string> => (await fetch(`http://${edge.metricsAddress}/metrics`)).text()
  const value = async (sample: RegExp): Promise<number> =>
    Number(new RegExp(`^${sample.source} (\\S+)$`, 'm').exec(await text())?.[1] ?? Number.NaN)
  const [first] = set.members
  const labels = `endpoint="vpce-[0-9a-f]+",endpoint_id="endpoint-1",member="${first?.hostPort}"`
  expect(await value(/postern_gateway_snapshot_number/)).toBe(1)
  expect(await value(new RegExp(`postern_gateway_connections\\{${labels}\\}`))).toBeGreaterThan(0)
  expect(await value(new RegExp(`postern_gateway_operations_total\\{${labels}\\}`))).toBeGreaterThan(0)
  expect(await value(new RegExp(`postern_gateway_bytes_total\\{${labels},from="member"\\}`))).toBeGreaterThan(0)
  expect(await value(new RegExp(`postern_gateway_handshake_seconds_count\\{${labels}\\}`))).toBeGreaterThan(0)
  expect(await value(/process_resident_memory_bytes/)).toBeGreaterThan(1_000_000)

  path.publish(server, 2, 'DELETING')
  await eventually(() => expect(joined(edge)).toBe(0))
  await expect(driver(standardUri()).db('a').command({ ping: 1 })).rejects.toThrow()
  const refused =
    /postern_gateway_refused_total\{endpoint="vpce-[0-9a-f]+",endpoint_id="endpoint-1",code="NOT_AVAILABLE"\}/
  expect(await value(refused)).toBeGreaterThan(0)
  expect(await value(new RegExp(`postern_gateway_connections\\{${labels}\\}`))).toBe(0)
  expect(
    await value(new RegExp(`postern_gateway_connections_ended_total\\{${labels},side="gateway",how="cut"\\}`)),
  ).toBeGreaterThan(0)
})

test('a metrics port that is taken is named, and nothing stays open', async () => {
  const port = await freePort()
  const holder = createServer().listen(port, '127.0.0.1')
  open.push({ close: () => new Promise((resolve) => holder.close(resolve)) })
  await eventually(() => expect(holder.listening).toBe(true))
  const dnsPort = await freePort()
  const env = { POSTERN_METRICS_PORT: String(port), POSTERN_DNS_PORT: String(dnsPort) }
  await expect(start(env)).rejects.toThrow(`POSTERN_METRICS_PORT: 127.0.0.1 port ${port} cannot be bound`)
  expect(await dialled(dnsPort)).toBe('ECONNREFUSED')
})

test('… no worker either, and a file of listeners that changes while they start breaks nothing', async () => {
  const port = await freePort()
  const holder = createServer().listen(port, '127.0.0.1')
  open.push({ close: () => new Promise((resolve) => holder.close(resolve)) })
  await eventually(() => expect(holder.listening).toBe(true))
  const processes = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length
  const before = processes()
  const file = join(directory, 'listeners.json')
  writeFileSync(file, JSON.stringify({ proxies: [] }))
  let looks = 0
  const firstLookAtOnce: Clock = {
    ...systemClock,
    after(ms, work) {
      if (ms !== listenersLookMs || looks++ > 0) return systemClock.after(ms, work)
      writeFileSync(file, JSON.stringify({ proxies: [], tlvs: [] })) // it was read before
      return systemClock.after(0, work)
    },
  }
  const env = {
    POSTERN_METRICS_PORT: String(port),
    POSTERN_GATEWAY_WORKERS: '2',
    POSTERN_GATEWAY_LISTENERS: file,
    POSTERN_EDGE_PROGRAMS: 'gateway',
  }
  await expect(start(env, firstLookAtOnce)).rejects.toThrow(
    `POSTERN_METRICS_PORT: 127.0.0.1 port ${port} cannot be bound`,
  )
  expect(kept.sentences()).toContain('the file of listeners was read anew')
  await eventually(() => expect(processes()).toBe(before))
})

test('a mongodb+srv string resolves through the edge and connects', async () => {
  const edge = await start()
  path.publish(server, 1)
  for (const feed of feeds) await eventually(() => expect(server.reports(feed)).not.toHaveLength(0))
  const { dnsAddress } = edge
  if (dnsAddress === null) throw new Error('the DNS server is off')
  expect(server.reports('dns').at(-1)?.dnsAddress).toBe(dnsAddress)
  expect(server.reports('gateway').at(-1)?.dnsAddress).toBeUndefined()
  const before = dns.getServers()
  dns.setServers([dnsAddress])
  try {
    const client = driver(`mongodb+srv://${srvName}/?tls=false`, { lookup: lookupThrough(dnsAddress) })
    await pinged(client)
    expect(joined(edge)).toBeGreaterThan(0)
  } finally {
    dns.setServers(before)
  }
})

test('the file of listeners is followed: what is wrong in it is reported, and changes nothing', async () => {
  const file = join(directory, 'listeners.json')
  const write = (service: string, from: string) =>
    writeFile(file, JSON.stringify({ proxies: [{ endpointService: service, from: [from] }] }))
  await write('service-1', '192.0.2.20/32')
  const soon: Clock = { ...systemClock, after: (ms, work) => systemClock.after(ms === listenersLookMs ? 10 : ms, work) }
  await start({ POSTERN_GATEWAY_LISTENERS: file }, soon)
  path.publish(server, 1)
  const reported = (trusts: readonly string[], failed: readonly unknown[]) =>
    eventually(() => expect(server.reports('gateway').at(-1)).toMatchObject({ n: 1, trusts, failed }))
  await reported(['192.0.2.20/32'], [])
  await write('service-1', '192.0.2.0/33')
  const reason = expect.stringContaining(`${file}: file.proxies[0].from holds 192.0.2.0/33 is no CIDR`)
  await reported(['192.0.2.20/32'], [{ id: 'POSTERN_GATEWAY_LISTENERS', reason }])
  await write('service-1', '192.0.2.21/32')
  await reported(['192.0.2.21/32'], [])
})

test('a listener that waits for an endpoint is reported and logged until the file names one that is there', async () => {
  const file = join(directory, 'listeners.json')
  const write = (listeners: readonly object[]) => writeFile(file, JSON.stringify({ listeners }))
  await write([{ endpoint: 'vpce-of-nobody', host: '127.0.0.70' }])
  const soon: Clock = { ...systemClock, after: (ms, work) => systemClock.after(ms === listenersLookMs ? 10 : ms, work) }
  await start({ POSTERN_GATEWAY_LISTENERS: file }, soon)
  path.publish(server, 1)
  const reported = (failed: readonly unknown[]) =>
    eventually(() => expect(server.reports('gateway').at(-1)).toMatchObject({ n: 1, failed }))
  const reason = 'the listener on 127.0.0.70 waits for the endpoint vpce-of-nobody, which is not there'
  await reported([{ id: 'POSTERN_GATEWAY_LISTENERS', reason }])
  expect(kept.sentences().filter((line) => line === `POSTERN_GATEWAY_LISTENERS: ${reason}`)).toHaveLength(1)
  await write([
    { endpoint: 'vpce-of-nobody', host: '127.0.0.70' },
    { endpoint: 'vpce-none', host: '127.0.0.71' },
  ])
  const both = `${reason}; the listener on 127.0.0.71 waits for the endpoint vpce-none, which is not there`
  await reported([{ id: 'POSTERN_GATEWAY_LISTENERS', reason: both }])
  await writeFile(file, '{')
  await reported([{ id: 'POSTERN_GATEWAY_LISTENERS', reason: `${file}: the file is not JSON; ${both}` }])
  await write([])
  await reported([])
})

test('with another key the gateway believes no forwarder', async () => {
  path.publish(server, 1)
  await start({ POSTERN_EDGE_PROGRAMS: 'gateway' })
  await start({ POSTERN_EDGE_PROGRAMS: 'forwarder', POSTERN_FORWARDER_KEY: randomBytes(32).toString('hex') })
  await eventually(() => expect(server.reports('forwarder').at(-1)?.bound).toHaveLength(3))
  await eventually(() => expect(server.reports('gateway').at(-1)?.bound).toHaveLength(3))
  const client = driver(standardUri())
  await expect(client.db('a').command({ ping: 1 })).rejects.toThrow()
  expect(kept.text()).toContain('the proof was made with another key')
})

test('a program that is off opens nothing, follows nothing and keeps nothing', async () => {
  const edge = await start({ POSTERN_EDGE_PROGRAMS: 'dns' })
  path.publish(server, 1)
  await eventually(() => expect(server.reports('dns')).toHaveLength(1))
  expect(edge).toMatchObject({ gateway: null, forwarder: null, held: expect.any(Function) })
  expect(Object.keys(edge.held())).toEqual(['dns'])
  expect(server.polls('gateway')).toEqual([])
  expect(await readdir(directory)).toEqual(['dns.json'])
})

test('closing lets an idle driver go and frees every port', async () => {
  const edge = await start()
  path.publish(server, 1)
  for (const feed of feeds) await eventually(() => expect(server.reports(feed)).not.toHaveLength(0))
  const client = driver(standardUri())
  await pinged(client)
  await edge.close(100)
  expect(joined(edge)).toBe(0)
  expect(edge.forwarder?.connections()).toBe(0)
  for (const port of path.ports) {
    expect(await dialled(port)).toBe('ECONNREFUSED')
  }
})
