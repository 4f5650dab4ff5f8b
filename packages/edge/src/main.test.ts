// The edge as a process: what it says when it is ready, how it ends, and that `kill -9` costs nothing: with the control
// plane away it serves again from its last snapshots.

import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { feeds } from '@postern/contract/snapshot'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeSet, startFakeSet } from './gateway/testing/fake-set.ts'
import { relay } from './gateway/testing/relay.ts'
import type { EdgeReady } from './main.ts'
import { dialled } from './testing/dialled.ts'
import { lookupThrough } from './testing/dns-lookup.ts'
import { eventually } from './testing/eventually.ts'
import { type FeedServer, startFeedServer } from './testing/feed-server.ts'
import { endpointHost, type WholePath, wholePath } from './testing/whole-path.ts'

const token = randomBytes(24).toString('base64url')
const key = randomBytes(32)

let server: FeedServer
let set: FakeSet
let path: WholePath
let directory: string
let children: ChildProcess[]

beforeEach(async () => {
  server = await startFeedServer({ token, edge: 'edge-a' })
  set = await startFakeSet()
  path = await wholePath(set)
  directory = await mkdtemp(join(tmpdir(), 'postern-main-'))
  children = []
})

afterEach(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('exit', resolve))
    }
  }
  await set.close()
  await server.stop().catch(() => undefined)
  await rm(directory, { recursive: true })
})

interface Started {
  readonly child: ChildProcess
  readonly ready: Promise<EdgeReady['ready']>
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
  readonly stderr: () => string
  readonly stdout: () => string
}

function start(env: Readonly<Record<string, string>> = {}, script = 'edge-entry.ts'): Started {
  const child = fork(fileURLToPath(new URL(`./testing/${script}`, import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH ?? '',
      POSTERN_URL: server.url(),
      POSTERN_EDGE: 'edge-a',
      POSTERN_EDGE_TOKEN: token,
      POSTERN_FORWARDER_KEY: key.toString('hex'),
      POSTERN_EDGE_DIR: directory,
      ...env,
    },
  })
  children.push(child)
  const output = { stdout: '', stderr: '' }
  const drained = (['stdout', 'stderr'] as const).map((name) => {
    child[name]?.on('data', (chunk) => {
      output[name] += String(chunk)
    })
    return new Promise((resolve) => child[name]?.once('close', resolve))
  })
  // Not the event `close`, which a disconnected child never gets.
  const exited = new Promise<Awaited<Started['exited']>>((resolve) => {
    child.once('exit', (code, signal) => void Promise.all(drained).then(() => resolve({ code, signal })))
  })
  return {
    child,
    ready: new Promise((resolve, reject) => {
      child.once('message', (message) => {
        const said = message as Partial<EdgeReady> & { readonly failed?: { readonly message: string } }
        if (said.ready !== undefined) resolve(said.ready)
        else reject(new Error(said.failed?.message))
      })
      void exited.then(() => reject(new Error(`it ended: ${output.stderr}`)))
    }),
    exited,
    stderr: () => output.stderr,
    stdout: () => output.stdout,
  }
}

async function ping(): Promise<void> {
  const client = new MongoClient(`mongodb://${path.seeds.join(',')}/?replicaSet=rs0`, {
    serverSelectionTimeoutMS: 20_000,
  })
  try {
    await client.db('a').command({ ping: 1 })
  } finally {
    await client.close()
  }
}

/** Resolves when this driver knows of no member any more: before, its `close` looks for one to end its sessions at. */
const allUnknown = (driver: MongoClient): Promise<void> =>
  new Promise((resolve) => {
    driver.on('topologyDescriptionChanged', ({ newDescription }) => {
      if (!newDescription.hasKnownServers) resolve()
    })
  })

const resolved = (dnsAddress: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    lookupThrough(dnsAddress)(endpointHost, { all: true }, (error, addresses) => {
      if (error) reject(error)
      else resolve(addresses)
    })
  })

test('after kill -9, with the control plane away, it serves again from its last snapshots', async () => {
  path.publish(server, 4)
  const first = start()
  await first.ready
  for (const feed of feeds) {
    await eventually(() => expect(server.reports(feed).at(-1)).toMatchObject({ n: 4, failed: [] }))
  }
  await ping()
  first.child.kill('SIGKILL')
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' })

  await server.stop()
  const second = start()
  const { dnsAddress, held } = await second.ready
  const mark = { epoch: 'E', n: 4 }
  expect(held).toEqual({ gateway: mark, dns: mark, forwarder: mark })
  await ping()
  expect(await resolved(dnsAddress ?? '')).toEqual([{ address: '127.0.0.1', family: 4 }])

  await server.restart()
  path.publish(server, 5)
  for (const feed of feeds) await eventually(() => expect(server.reports(feed).at(-1)).toMatchObject({ n: 5 }))

  const idle = new MongoClient(`mongodb://${path.seeds.join(',')}/?replicaSet=rs0`)
  await idle.db('a').command({ ping: 1 })
  const forsaken = allUnknown(idle)
  second.child.kill('SIGTERM')
  expect(await second.exited).toEqual({ code: 0, signal: null })
  expect(second.stderr()).not.toContain('not closed within')
  await forsaken
  await idle.close()
})

test('it is ready without a control plane and without snapshots, and says so without its secrets', async () => {
  await server.stop()
  const edge = start({ POSTERN_LOG_LEVEL: 'trace' })
  expect(await edge.ready).toEqual({
    dnsAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    metricsAddress: null,
    held: { gateway: null, dns: null, forwarder: null },
  })
  await eventually(() => expect(edge.stderr()).toMatch(/no snapshot: /))
  expect(edge.stderr()).toContain(`"join":"${relay === null ? 'onread' : 'relay'}"`)
  edge.child.kill('SIGINT')
  expect(await edge.exited).toEqual({ code: 0, signal: null })
  expect(edge.stdout()).toBe('')
  for (const secret of [token, key.toString('hex'), key.toString('base64')]) expect(edge.stderr()).not.toContain(secret)
  for (const line of edge.stderr().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
})

test('it ends when its parent is gone', async () => {
  const edge = start()
  await edge.ready
  edge.child.disconnect()
  expect(await edge.exited).toEqual({ code: 0, signal: null })
  expect(edge.stderr()).toMatch(/stopping: the parent process is gone/)
})

test('it ends when its parent is killed by kill -9', async () => {
  const parent = start({}, 'edge-parent.ts')
  const { dnsAddress } = await parent.ready
  const port = Number(dnsAddress?.split(':')[1])
  expect(await dialled(port)).toBe('open')
  parent.child.kill('SIGKILL')
  await eventually(async () => expect(await dialled(port)).toBe('ECONNREFUSED'))
})

/** Its workers' process ids. */
const workersOf = ({ pid }: ChildProcess): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((child) => child !== '' && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('worker-main'))
    .map(Number)
const lives = (pid: number): boolean => existsSync(`/proc/${pid}`)

test.skipIf(process.platform !== 'linux')(
  'its workers serve, are told no secret by arguments or environment, and end with it, even by kill -9',
  async () => {
    path.publish(server, 4)
    const edge = start({ POSTERN_GATEWAY_WORKERS: '2', POSTERN_LOG_LEVEL: 'trace' })
    await edge.ready
    const workers = workersOf(edge.child)
    expect(workers).toHaveLength(2)
    await eventually(() => expect(server.reports('gateway').at(-1)).toMatchObject({ n: 4, failed: [] }))
    await ping()
    expect(edge.stderr()).toMatch(/"worker":1.*connection started/)
    const seen = workers.flatMap((pid) =>
      ['environ', 'cmdline'].map((of) => readFileSync(`/proc/${pid}/${of}`, 'utf8')),
    )
    for (const text of [...seen, edge.stderr()]) {
      expect(text).not.toContain(token)
      expect(text).not.toContain(key.toString('hex'))
    }
    edge.child.kill('SIGKILL')
    await edge.exited
    await eventually(() => expect(workers.filter(lives)).toEqual([]))
  },
)

test.each([
  {
    says: 'a wrong variable',
    env: { POSTERN_DNS_PORT: 'x', POSTERN_URL: '' },
    lines: [/POSTERN_URL is missing/, /POSTERN_DNS_PORT must be a port/],
  },
  {
    says: 'an address that is not here',
    env: { POSTERN_DNS_HOST: '192.0.2.1', POSTERN_ALLOW_PLAIN_REMOTE: 'yes' },
    lines: [/POSTERN_DNS_HOST: 192\.0\.2\.1 is no address of this machine/],
  },
])('$says ends it with 1 and a line that names the variable, which its supervisor is told', async ({ env, lines }) => {
  const edge = start(env)
  const told = await edge.ready.then(() => 'ready', String)
  expect(await edge.exited).toEqual({ code: 1, signal: null })
  for (const line of lines) {
    expect(edge.stderr()).toMatch(line)
    expect(told).toMatch(line)
  }
})
