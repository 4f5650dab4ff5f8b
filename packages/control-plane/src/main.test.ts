// The program as its supervisor sees it: forked, seeded by one message, told to stop.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestStore } from './store/testing.ts'

const edgeToken = 'edge-token-of-this-test'
const seed = {
  orgId: '1'.repeat(24),
  groupId: '2'.repeat(24),
  orgName: 'Organization0',
  groupName: 'Project0',
  ownerEmail: 'owner@example.com',
  ownerPassword: 'the password of this test',
  publicKey: 'abcdefgh',
  privateKey: '5f9e1c1a-2b5c-4f7e-9f0e-0c8f6d3b2a10',
  clientId: 'mdb_sa_id_0123456789abcdef01234567',
  clientSecret: 'mdb_sa_sk_of-this-test',
}

interface Said {
  readonly ready?: { readonly url: string }
  readonly failed?: string
}

let home: string
let children: ChildProcess[]
beforeEach(async () => {
  children = []
  home = await mkdtemp(join(tmpdir(), 'postern-main-'))
  // A ready data folder spares the test an initdb.
  const ready = await createTestStore()
  await ready.keep()
  await rename(ready.dataDir, join(home, 'store'))
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(home, { recursive: true, force: true })
})

const launch = (over: Readonly<Record<string, string>> = {}) => {
  const child = fork(fileURLToPath(new URL('./main.testing.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      POSTERN_HOME: home,
      POSTERN_PORT: '0',
      POSTERN_EDGE_TOKEN: edgeToken,
      POSTERN_EXPECT_SEED: 'yes',
      ...over,
    },
  })
  children.push(child)
  let log = ''
  child.stderr?.on('data', (part: Buffer) => {
    log += part.toString()
  })
  const said = new Promise<Said>((resolve) => child.once('message', (message) => resolve(message as Said)))
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  child.send({ seed })
  return { child, said, exit, log: () => log }
}

const urlOf = async (said: Promise<Said>): Promise<string> => {
  const { ready, failed } = await said
  if (ready === undefined) throw new Error(`not ready: ${failed}`)
  return ready.url
}

/** The status for a caller who knows this server by another host name: `fetch` would not let us say one. */
const statusFor = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(`${url}/healthz`, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })

const asEdge = { headers: { authorization: `Bearer ${edgeToken}` } }

test('it serves once it is seeded, ends a long poll when told to stop, and finds all as it was', async () => {
  const first = launch()
  const url = await urlOf(first.said)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const token = await fetch(`${url}/api/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${seed.clientId}:${seed.clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  expect(token.status).toBe(200)
  const { access_token } = (await token.json()) as { readonly access_token: string }
  const groups = await fetch(`${url}/api/atlas/v2/groups`, { headers: { authorization: `Bearer ${access_token}` } })
  expect(await groups.json()).toMatchObject({ totalCount: 1, results: [{ name: 'Project0' }] })

  const feed = `${url}/api/postern/v1/edges/one/snapshots/gateway`
  const { epoch, n } = (await (await fetch(feed, asEdge)).json()) as { readonly epoch: string; readonly n: number }
  const poll = fetch(`${feed}?epoch=${epoch}&after=${n}`, asEdge)
  // The poll has arrived when a request after it on another connection is answered.
  await fetch(`${url}/healthz`)
  first.child.kill('SIGTERM')
  expect((await poll).status).toBe(204)
  expect(await first.exit).toBe(0)
  for (const secret of [seed.ownerPassword, seed.privateKey, seed.clientSecret, edgeToken])
    expect(first.log()).not.toContain(secret)

  const second = launch({ POSTERN_HOSTS: 'host.docker.internal' })
  const again = await urlOf(second.said)
  expect(await statusFor(again, 'host.docker.internal:8080')).toBe(200)
  expect(await statusFor(again, 'rebound.example')).toBe(421)
  const later = (await (await fetch(feed.replace(url, again), asEdge)).json()) as { readonly epoch: string }
  expect(later.epoch).toBe(epoch)
  second.child.disconnect()
  expect(await second.exit).toBe(0)
})

test('it says why it cannot start, naming what is in the way, and leaves nothing open', async () => {
  const first = launch()
  const url = await urlOf(first.said)
  const held = launch()
  expect(await held.said).toEqual({
    failed: expect.stringContaining(`is in use by process ${first.child.pid}`),
  })
  expect(await held.exit).toBe(1)

  const { port } = new URL(url)
  const elsewhere = await createTestStore()
  await elsewhere.keep()
  const taken = launch({ POSTERN_HOME: join(elsewhere.dataDir, '..'), POSTERN_PORT: port })
  expect(await taken.said).toEqual({
    failed: `POSTERN_PORT: port ${port} of 127.0.0.1 is taken by another program; choose another`,
  })
  expect(await taken.exit).toBe(1)
  await rm(join(elsewhere.dataDir, '..'), { recursive: true })

  const wrong = launch({ POSTERN_PORT: 'x', POSTERN_LOG_LEVEL: 'y' })
  expect(await wrong.said).toEqual({ failed: expect.stringMatching(/^POSTERN_PORT .*\nPOSTERN_LOG_LEVEL /s) })
  expect(await wrong.exit).toBe(1)
})
