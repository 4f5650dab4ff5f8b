// `postern auth rotate-bootstrap` on a running home: each secret of the first start ends, its successor works, and no
// later start of anything brings an old one back.

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@postern/cli/connect'
import { runCli } from '@postern/cli/run-cli'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Bootstrap } from '../src/up/home.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { startForTest } from './running.ts'

let folder: string
let running: Running
let first: Bootstrap
/** What the commands were answered by HTTP. */
const answers: Response[] = []
let rotated: { readonly code: number; readonly stdout: string; readonly stderr: string }

const home = () => join(folder, 'home')
const bootstrapText = () => readFileSync(join(home(), 'bootstrap.json'), 'utf8')
const profileFile = () => join(folder, 'postern/config.toml')
const up = () => startForTest({ home: home(), sample: true })

async function postern(line: string, env: Readonly<Record<string, string>> = {}) {
  const said = { stdout: '', stderr: '' }
  const code = await runCli({
    argv: line.split(' '),
    env: { POSTERN_HOME: home(), XDG_CONFIG_HOME: folder, ...env },
    stdin: { async *[Symbol.asyncIterator]() {} },
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    fetch: async (url, asked) => {
      const answer = await fetch(url, asked)
      answers.push(answer)
      return answer
    },
  })
  return { code, ...said }
}

/** What the command printed behind a word of a line that begins so. */
const shown = (line: string, word: string): string =>
  new RegExp(`^${line}.* ${word} (\\S+)`, 'm').exec(rotated.stdout)?.[1] ?? ''

interface Secrets {
  readonly publicKey: string
  readonly privateKey: string
  readonly clientSecret: string
  readonly ownerPassword: string
  readonly dbPassword: string
}

const fresh = (): Secrets => ({
  publicKey: /^public_api_key = "(\w+)"$/m.exec(readFileSync(profileFile(), 'utf8'))?.[1] ?? '',
  privateKey: /^private_api_key = "([\w-]+)"$/m.exec(readFileSync(profileFile(), 'utf8'))?.[1] ?? '',
  clientSecret: shown('Service account', 'secret'),
  ownerPassword: shown('Owner', 'password'),
  dbPassword: shown('Database user', 'password'),
})

/** Which of them the server, or the database, takes now. */
async function taken(secrets: Secrets): Promise<Readonly<Record<string, boolean>>> {
  const { bootstrap } = running
  const { publicKey, privateKey } = secrets
  const url = String(bootstrap.apiUrl)
  const client = connect({ baseUrl: url, credentials: { kind: 'digest', publicKey, privateKey } })
  const key = await client.call('listOrgs').then(
    () => true,
    () => false,
  )
  const token = await fetch(`${url}/api/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${first.clientId}:${secrets.clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  const session = await fetch(`${url}/api/postern/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ username: first.ownerEmail, password: secrets.ownerPassword }),
  })
  const driver = new MongoClient(bootstrap.connectionStrings[0] ?? '', {
    auth: { username: first.dbUser, password: secrets.dbPassword },
  })
  const database = await driver
    .db('shop')
    .command({ find: 'orders', limit: 1 })
    .then(
      () => true,
      () => false,
    )
    .finally(() => driver.close())
  return { key, account: token.ok, owner: session.ok, database }
}

const all = { key: true, account: true, owner: true, database: true }
const none = { key: false, account: false, owner: false, database: false }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-rotate-'))
  running = await up()
  first = running.bootstrap
})
afterAll(async () => {
  await running?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('before it every first secret works, and without --force nobody is asked in a pipe', async () => {
  expect(await taken(first)).toEqual(all)
  expect((await postern('auth rotate-bootstrap')).stderr).toContain('use --force')
  expect(await taken(first)).toEqual(all)
})

test('a profile that is for another server is left alone, and so is everything else', async () => {
  await postern('config set ops_manager_url http://127.0.0.1:1/ -P other')
  const refused = await postern('auth rotate-bootstrap --force -P other')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toBe('Error: profile "other" is for http://127.0.0.1:1/; choose another with --profile\n')
  expect(await taken(first)).toEqual(all)
})

test('each is replaced: the old one ends, the new one works', async () => {
  rotated = await postern('auth rotate-bootstrap --force')
  expect(rotated).toMatchObject({ code: 0, stderr: '' })
  expect(await taken(first)).toEqual(none)
  expect(await taken(fresh())).toEqual(all)
})

test('no answer was left unread, which would have kept the process for a minute', () => {
  expect(answers.length).toBeGreaterThan(5)
  expect(answers.filter(({ body, bodyUsed }) => body !== null && !bodyUsed).map(({ url }) => url)).toEqual([])
})

test('the key lies in the default profile, its owner’s only; the home holds no secret, old or new', async () => {
  expect(statSync(profileFile()).mode & 0o777).toBe(0o600)
  expect(statSync(join(home(), 'bootstrap.json')).mode & 0o777).toBe(0o600)
  const { publicKey: _first, ...old } = fresh()
  const { privateKey, clientSecret, ownerPassword, dbPassword } = first
  for (const secret of [privateKey, clientSecret, ownerPassword, dbPassword, ...Object.values(old)])
    expect(bootstrapText()).not.toContain(secret)
  expect(rotated.stdout).not.toContain(fresh().privateKey)
  const list = await postern('clusters list -o json-path=$.results[*].name')
  expect(list).toMatchObject({ code: 0, stdout: '[\n  "Cluster0"\n]\n' })
  expect(list.stderr).toContain(`(home ${home()}, profile default)`)
})

test('a server that dies and is started again brings none of them back', async () => {
  const { server } = running.children
  const before = server.pid()
  process.kill(Number(before), 'SIGKILL')
  await until('the server to answer again', 60_000, async () => {
    const answers = await fetch(`${running.bootstrap.apiUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    return answers && server.pid() !== before ? true : undefined
  })
  expect(await taken(first)).toEqual(none)
  expect(await taken(fresh())).toEqual(all)
})

test('the next start works by a key of its own, and keeps it out of the home', async () => {
  await running.stop()
  running = await up()
  expect((await running.client.call('listOrgs')).status).toBe(200)
  expect(await taken(first)).toEqual(none)
  expect(await taken(fresh())).toEqual(all)
  expect(bootstrapText()).not.toMatch(/privateKey|clientSecret|assword"/)
  expect(running.bootstrap).toMatchObject({ rotated: { profile: 'default' }, privateKey: '', dbPassword: '' })
})

test('commands find it where it listens now; by that key, and by no other that the profile may hold later', async () => {
  const apiUrl = String(running.bootstrap.apiUrl)
  const list = await postern('projects list')
  expect(list).toMatchObject({ code: 0, stderr: `Using ${apiUrl} (home ${home()}, profile default)\n` })
  expect((await postern(`projects list --baseUrl ${apiUrl}`)).code).toBe(0)
  const { publicKey } = fresh()
  await postern('config set public_api_key theirkey')
  const refused = await postern(`projects list --baseUrl ${apiUrl}`)
  expect(refused.stderr).toContain(`no keys for ${apiUrl}`)
  await postern(`config set public_api_key ${publicKey}`)
})

test('there is nothing to rotate twice', async () => {
  const again = await postern('auth rotate-bootstrap --force')
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toContain('were rotated already, into the profile "default"')
  expect(await taken(fresh())).toEqual(all)
})
