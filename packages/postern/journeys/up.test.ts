// `postern up` as a program: what it prints, a second start on the same home, two at once, a taken port, a clean stop,
// and no child left behind by `kill -9`.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { upOptions } from '../src/up/flags.ts'
import { start } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { isAlive, jsonLineOf, type Program, postern } from './program.ts'
import { lostOf, writeSteadily } from './steady-writes.ts'

let home: string
let first: Program
let told: Record<string, unknown>

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'postern-up-'))
  first = await postern(['up', '--json', '--home', home, '--port', '0'])
  told = await jsonLineOf(first)
})

afterAll(async () => {
  first?.child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

const connectionString = (from: Record<string, unknown>): string => String((from.connectionStrings as string[])[0])

const driverOf = (from: Record<string, unknown>): MongoClient =>
  new MongoClient(connectionString(from), {
    auth: { username: String(from.dbUser), password: String(from.dbPassword) },
    serverSelectionTimeoutMS: 10_000,
  })

async function withDriver<Value>(
  from: Record<string, unknown>,
  work: (driver: MongoClient) => Promise<Value>,
): Promise<Value> {
  const driver = driverOf(from)
  try {
    return await work(driver)
  } finally {
    await driver.close(true)
  }
}

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) \S+ /, '')
          .startsWith(`${pid} `)
      } catch {
        return false
      }
    })
    .map(Number)

describe('the first start', () => {
  test('has no door for test suites: nobody asked for it', async () => {
    for (const path of [':reset', ':advance', ':stop', '/faults'])
      expect((await fetch(`${told.apiUrl}/api/postern/v1/testing${path}`, { method: 'POST' })).status).toBe(404)
  })

  test('prints one JSON line with everything that a script needs', () => {
    expect(Object.keys(told).sort()).toEqual(
      [
        'apiUrl',
        'consoleUrl',
        'loginUrl',
        'publicKey',
        'privateKey',
        'clientId',
        'clientSecret',
        'orgId',
        'groupId',
        'clusterName',
        'caFile',
        'dnsAddress',
        'ownerEmail',
        'ownerPassword',
        'dbUser',
        'dbPassword',
        'connectionStrings',
      ].sort(),
    )
    expect(told.connectionStrings).toHaveLength(1)
  })

  test('keeps its secrets in bootstrap.json, which only the owner may read', () => {
    expect(statSync(join(home, 'bootstrap.json')).mode & 0o777).toBe(0o600)
  })

  test('its connection string works', async () => {
    await withDriver(told, async (driver) => {
      await driver.db('kept').collection<{ _id: string }>('documents').insertOne({ _id: 'from the first start' })
    })
  })

  test('its log-in link lets the owner in, once', async () => {
    const { origin, hash } = new URL(String(told.loginUrl))
    const useLink = () =>
      fetch(`${origin}/api/postern/v1/session/link`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ link: hash.replace('#link=', '') }),
      })
    const first = await useLink()
    expect(await first.json()).toMatchObject({ username: told.ownerEmail, orgIds: [told.orgId] })
    expect(first.headers.get('set-cookie')).toMatch(/^postern_session=[0-9a-f]{64}; .*HttpOnly; SameSite=Strict/)
    expect((await useLink()).status).toBe(401)
  })

  test('the console’s address answers with a page that says what it is', async () => {
    const response = await fetch(String(told.consoleUrl))
    expect(response.headers.get('content-type')).toMatch(/text\/html/)
    expect(await response.text()).toContain('Postern')
  })
})

test('a second one on the same home says who holds it, and exits', async () => {
  const second = await postern(['up', '--json', '--home', home, '--port', '0'])
  expect((await second.ended).code).toBe(1)
  expect(second.stderr()).toContain(`process ${first.child.pid}`)
})

test('SIGTERM under load stops it and its children; the next start finds all as it was', async () => {
  const driver = driverOf(told)
  const writing = writeSteadily(driver, 'stopped')
  await writing.acknowledges(100)
  const children = process.platform === 'linux' ? childrenOf(Number(first.child.pid)) : []
  expect(writing.inFlight()).toBeGreaterThan(0)
  first.child.kill('SIGTERM')
  expect(await first.ended).toEqual({ code: 0, signal: null })
  await until('every child being gone', 10_000, async () => (children.some(isAlive) ? undefined : true))
  const written = writing.end()
  await driver.close(true)
  const { acknowledged } = await written

  first = await postern(['up', '--json', '--home', home, '--port', '0'])
  const again = await jsonLineOf(first)
  const lasting = ({
    apiUrl: _api,
    consoleUrl: _console,
    loginUrl: _login,
    dnsAddress: _dns,
    ...rest
  }: Record<string, unknown>) => rest
  expect(lasting(again)).toEqual(lasting(told))
  told = again
  await withDriver(told, async (later) => {
    const kept = await later.db('kept').collection<{ _id: string }>('documents').find().toArray()
    expect(kept).toEqual([{ _id: 'from the first start' }])
    expect(await lostOf(later, 'stopped', acknowledged)).toEqual([])
  })
})

test.skipIf(process.platform !== 'linux')('SIGTERM to every process at once, as systemd says it', async () => {
  const children = childrenOf(Number(first.child.pid))
  expect(children.length).toBeGreaterThanOrEqual(3)
  first.child.kill('SIGTERM')
  for (const child of children) process.kill(child, 'SIGTERM')
  expect(await first.ended).toEqual({ code: 0, signal: null })
  await until('every child being gone', 10_000, async () => (children.some(isAlive) ? undefined : true))
  expect(first.stderr()).not.toContain('starting it again')
  first = await postern(['up', '--json', '--home', home, '--port', '0'])
  told = await jsonLineOf(first)
})

test.skipIf(process.platform !== 'linux')('kill -9 leaves no child behind, and the next start works', async () => {
  const pid = Number(first.child.pid)
  const children = childrenOf(pid)
  expect(children.length).toBeGreaterThanOrEqual(3)
  first.child.kill('SIGKILL')
  await first.ended
  await until('every child being gone', 10_000, async () => (children.some(isAlive) ? undefined : true))
  first = await postern(['up', '--json', '--home', home, '--port', '0'])
  told = await jsonLineOf(first)
  await withDriver(told, (driver) => driver.db('admin').command({ ping: 1 }))
})

test('npm start ends with npm: a SIGTERM that its shell dies of and hands on to nobody ends all of it', async () => {
  const program = await postern(['up', '--json', '--ephemeral', '--no-sample'], {
    byShell: true,
    env: { npm_lifecycle_event: 'start' },
  })
  await jsonLineOf(program)
  const [up = 0] = childrenOf(program.child.pid ?? 0)
  const children = childrenOf(up)
  expect(children).toHaveLength(3)
  program.child.kill('SIGTERM')
  await program.ended
  await until('the end of every process', 20_000, async () => ([up, ...children].some(isAlive) ? undefined : true))
})

test('a taken port is told, and a free one is used', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()))
  const address = other.address()
  const taken = typeof address === 'object' && address !== null ? address.port : 0
  const program = await postern(['up', '--json', '--ephemeral', '--no-sample', '--port', String(taken)])
  try {
    const here = await jsonLineOf(program)
    expect(program.stderr()).toContain(`Port ${taken} is taken by`)
    expect(new URL(String(here.apiUrl)).port).not.toBe(String(taken))
  } finally {
    program.child.kill('SIGTERM')
    await program.ended
    other.close()
  }
})

test('an end asked for between two programs of a start ends it, and no program is started after that', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()))
  const address = other.address()
  const taken = typeof address === 'object' && address !== null ? address.port : 0
  const options = upOptions({ optional: () => undefined, isOn: (name) => name === 'ephemeral' }, {})
  const ended = new AbortController()
  // The one sentence of a start is said after the sandbox is ready and before the control plane is started.
  const tell = () => ended.abort(new Error('Ctrl-C'))
  try {
    await expect(start({ ...options, port: taken, tell, signal: ended.signal })).rejects.toThrow('Ctrl-C')
    expect(ended.signal.aborted).toBe(true)
  } finally {
    other.close()
  }
})

test.each([
  { says: 'an unknown flag', argv: ['up', '--prot', '1'], error: /--prot/ },
  { says: 'a port that is none', argv: ['up', '--port', 'http'], error: /--port takes a port from 0 to 65535/ },
  {
    says: 'a word that a flag does not take',
    argv: ['up', '--unknown-endpoints', 'perhaps'],
    error: /reject or accept/,
  },
  { says: 'a fidelity to nobody', argv: ['up', '--fidelity', 'aws'], error: /--fidelity takes postern or atlas/ },
  {
    says: 'a delay that is none',
    argv: ['up', '--fidelity-delay', 'soon'],
    error: /--fidelity-delay takes milliseconds/,
  },
])('$says is refused in a sentence', async ({ argv, error }) => {
  const program = await postern(argv)
  expect((await program.ended).code).toBe(1)
  expect(program.stderr()).toMatch(error)
})
