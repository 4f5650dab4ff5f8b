// A whole edge whose endpoint is told by name: the official driver through forwarder and gateway by TLS, verified.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '@postern/contract/environment'
import { feeds } from '@postern/contract/snapshot'
import { MongoClient } from 'mongodb'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { readEdgeConfig } from './config.ts'
import { createEdge, type Edge } from './edge.ts'
import { type Authority, createAuthority } from './gateway/testing/certificates.ts'
import { type FakeSet, startFakeSet } from './gateway/testing/fake-set.ts'
import { lookupThrough } from './testing/dns-lookup.ts'
import { eventually } from './testing/eventually.ts'
import { type FeedServer, startFeedServer } from './testing/feed-server.ts'
import { createKeptLog } from './testing/kept-log.ts'
import { endpointHost, type WholePath, wholePath } from './testing/whole-path.ts'

const token = 'edge-token-that-must-not-be-logged'
const key = randomBytes(32).toString('hex')

let authority: Authority
let server: FeedServer
let set: FakeSet
let path: WholePath
let directory: string
let open: { close(): Promise<unknown> }[]

beforeAll(async () => {
  authority = await createAuthority()
})
beforeEach(async () => {
  server = await startFeedServer({ token, edge: 'edge-a' })
  set = await startFakeSet()
  path = await wholePath(set, { tls: true })
  directory = await mkdtemp(join(tmpdir(), 'postern-edge-tls-'))
  open = []
})
afterEach(async () => {
  for (const thing of open.reverse()) await thing.close()
  await set.close()
  await server.stop()
  await rm(directory, { recursive: true })
})

async function start(env: Environment = {}): Promise<Edge> {
  const config = readEdgeConfig({
    POSTERN_URL: server.url(),
    POSTERN_EDGE: 'edge-a',
    POSTERN_EDGE_TOKEN: token,
    POSTERN_FORWARDER_KEY: key,
    POSTERN_EDGE_DIR: directory,
    ...env,
  })
  const { log } = createKeptLog()
  const identity = { fetch, token }
  const edge = await createEdge({ config, identity, log, clock: systemClock, random: Math.random, randomBytes })
  open.push({ close: () => edge.close(0) })
  return edge
}

async function caFile(ca: string): Promise<string> {
  const file = join(directory, 'ca.pem')
  await writeFile(file, ca)
  return file
}

/** Resolves when a driver that trusts this authority, and nobody else, got an answer through the endpoint. */
async function pinged({ dnsAddress }: Edge, ca = authority.ca): Promise<void> {
  const client = new MongoClient(`mongodb://${path.seeds.join(',')}/?replicaSet=rs0&ssl=true`, {
    serverSelectionTimeoutMS: 5_000,
    tlsCAFile: await caFile(ca),
    lookup: lookupThrough(String(dnsAddress)),
  })
  open.push(client)
  await eventually(() => client.db('a').command({ ping: 1 }))
}

test('a certificate is there when the endpoint is reported as bound; it serves again while the control plane is away', async () => {
  server.issueWith((_, csr) => authority.sign(csr, [endpointHost]))
  const first = await start()
  path.publish(server, 1)
  await eventually(() => expect(server.reports('gateway').at(-1)?.bound).toContain('endpoint-1'))
  for (const feed of feeds) await eventually(() => expect(server.reports(feed)).not.toHaveLength(0))
  await pinged(first)
  await first.close(0)
  await server.stop()
  await pinged(await start())
  await server.restart()
})

test('without a certificate the endpoint is failed by its own id, its ports are bound; it heals by itself', async () => {
  await start()
  path.publish(server, 1)
  const last = () => server.reports('gateway').at(-1)
  await eventually(() => expect(last()?.failed).toEqual([{ id: 'endpoint-1', reason: expect.stringContaining('404') }]))
  expect(last()?.bound).toHaveLength(3)
  server.issueWith((_, csr) => authority.sign(csr, [endpointHost]))
  await eventually(() => expect(last()).toMatchObject({ failed: [], bound: expect.arrayContaining(['endpoint-1']) }))
})

test('files that are given take precedence: nobody is asked for a certificate', async () => {
  const own = await authority.issue([endpointHost])
  const [cert, certKey] = [join(directory, 'tls.crt'), join(directory, 'tls.key')]
  await writeFile(cert, own.cert)
  await writeFile(certKey, own.key)
  const edge = await start({ POSTERN_GATEWAY_CERT: cert, POSTERN_GATEWAY_KEY: certKey })
  path.publish(server, 1)
  await eventually(() => expect(server.reports('gateway').at(-1)?.bound).toContain('endpoint-1'))
  await pinged(edge)
  expect(server.certificatesAsked()).toEqual([])
})

test('files that hold no certificate: the edge does not start, and names the variable', async () => {
  const env = { POSTERN_GATEWAY_CERT: join(directory, 'none.crt'), POSTERN_GATEWAY_KEY: join(directory, 'none.key') }
  await expect(start(env)).rejects.toThrow(/^POSTERN_GATEWAY_CERT cannot be read/)
})
