import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keys, type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial, type TrialParts } from '../trial/run-trial.ts'

let server: RecordingServer
let folder: string
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-auth-'))
  server.answers = {
    'GET /api/atlas/v2/orgs?itemsPerPage=500': { body: { results: [{ id: orgId, name: 'Org' }], totalCount: 1 } },
    [`GET /api/atlas/v2/orgs/${orgId}/groups?itemsPerPage=500`]: {
      body: {
        results: [
          { id: groupId, name: 'shop' },
          { id: 'b00000000000000000000001', name: 'desk' },
        ],
        totalCount: 2,
      },
    },
  }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const auth = (line: string, parts: TrialParts = {}) =>
  runTrial(line.split(' '), { ...parts, env: { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, ...parts.env } })
const file = () => join(folder, 'postern/config.toml')
const text = () => readFile(file(), 'utf8')

const withKeys = `[default]\nops_manager_url = "URL/"\npublic_api_key = "${keys.publicKey}"\nprivate_api_key = "${keys.privateKey}"\norg_id = "${orgId}"\n`

describe('login', () => {
  test('asks on a terminal, tries the keys, and keeps them for their owner only', async () => {
    const terminal = [server.url, 'APIKeys', keys.publicKey, keys.privateKey, groupId]
    const trial = await auth('auth login', { terminal })
    expect(trial).toMatchObject({ code: 0, stdout: `Successfully logged in as ${keys.publicKey} API key.\n` })
    expect(trial.asked).toEqual([
      'URL of the Postern server:',
      'Select authentication type:',
      'Public API Key:',
      'Private API Key:',
      'Select a project:',
    ])
    expect(await text()).toBe(`${withKeys.replace('URL', server.url)}project_id = "${groupId}"\n`)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect((await auth('auth whoami')).stdout).toBe(`Logged in as ${keys.publicKey} API key\n`)
  })

  test('without a terminal: flags and the secret by standard input; a project that is not the only one stays open', async () => {
    const trial = await auth(`auth login --baseUrl ${server.url} --publicKey ${keys.publicKey}`, {
      stdin: `${keys.privateKey}\n`,
    })
    expect(trial).toMatchObject({ code: 0, stderr: `Logging in to ${server.url}\n` })
    expect(await text()).toBe(withKeys.replace('URL', server.url))
  })

  test('new keys replace all that were there, so that none wins over them', async () => {
    for (const [property, value] of [
      ['client_id', 'mdb_sa_id_0'],
      ['client_secret', 'old'],
      ['project_id', groupId],
      ['output', 'json'],
    ]) {
      await auth(`config set ${property} ${value}`)
    }
    await auth(`auth login --baseUrl ${server.url} --publicKey ${keys.publicKey}`, { stdin: keys.privateKey })
    expect(await text()).not.toMatch(/client_|project_id/)
    expect(await text()).toContain('output = "json"')
  })

  test('a service account', async () => {
    const trial = await auth('auth login --baseUrl http://postern.test --clientId mdb_sa_id_1 -P work', {
      stdin: 'mdb_sa_sk_1',
      fetch: async (url, init) => {
        if (url.endsWith('/api/oauth/token')) return Response.json({ access_token: 'token' })
        expect(new Headers(init.headers).get('authorization')).toBe('Bearer token')
        return Response.json({ results: [], totalCount: 0 })
      },
    })
    expect(trial).toMatchObject({ code: 0, stdout: 'Successfully logged in as mdb_sa_id_1 Service Account.\n' })
    expect(await text()).toBe(
      '[work]\nops_manager_url = "http://postern.test/"\nclient_id = "mdb_sa_id_1"\nclient_secret = "mdb_sa_sk_1"\n',
    )
  })

  test.each([
    {
      says: 'keys that the server refuses',
      line: 'auth login --baseUrl URL --publicKey wrong',
      stdin: 'x',
      error: 'HTTP 401',
    },
    { says: 'no secret', line: 'auth login --baseUrl URL --publicKey abc', stdin: '', error: 'no secret' },
    {
      says: 'nobody to ask for keys',
      line: 'auth login --baseUrl URL',
      stdin: '',
      error: 'use --publicKey or --clientId',
    },
    { says: 'nobody to ask for a server', line: 'auth login --publicKey abc', stdin: 'x', error: 'use --baseUrl' },
    {
      says: 'both',
      line: 'auth login --baseUrl URL --publicKey a --clientId b',
      stdin: 'x',
      error: 'exclude each other',
    },
    {
      says: 'Atlas',
      line: 'auth login --baseUrl https://cloud.mongodb.com --publicKey a',
      stdin: 'x',
      error: 'Postern never contacts MongoDB Atlas',
    },
  ])('$says: nothing is kept', async ({ line, stdin, error }) => {
    const trial = await auth(line.replace('URL', server.url), { stdin })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(error)
    await expect(text()).rejects.toThrow('ENOENT')
  })
})

describe('logout and whoami', () => {
  beforeEach(async () => {
    await auth(`auth login --baseUrl ${server.url} --publicKey ${keys.publicKey}`, { stdin: keys.privateKey })
  })

  test('logout takes the keys and leaves the server', async () => {
    expect(await auth('auth logout --force')).toMatchObject({
      code: 0,
      stdout: `Successfully logged out of '${keys.publicKey}'\n`,
    })
    expect(await text()).toBe(`[default]\nops_manager_url = "${server.url}/"\n`)
    expect((await auth('auth logout --force')).stderr).toContain('not logged in: profile "default"')
    expect((await auth('auth whoami')).code).toBe(1)
  })

  test('logout asks', async () => {
    const before = await text()
    const trial = await auth('auth logout', { terminal: [false] })
    expect(trial).toMatchObject({ code: 0, stdout: 'Not logged out\n' })
    expect(trial.asked).toEqual([`Are you sure you want to log out of ${keys.publicKey}`])
    expect(await text()).toBe(before)
  })
})

test('keys for Atlas in the environment are passed over with one line, and the command goes on', async () => {
  await auth(`auth login --baseUrl ${server.url} --publicKey ${keys.publicKey}`, { stdin: keys.privateKey })
  const env = { MONGODB_ATLAS_PUBLIC_API_KEY: 'atlaskey', MONGODB_ATLAS_PRIVATE_API_KEY: 'secret-of-atlas' }
  expect(await auth('auth whoami', { env })).toMatchObject({
    code: 0,
    stdout: `Logged in as ${keys.publicKey} API key\n`,
    stderr:
      'Passed over the keys of environment (MONGODB_ATLAS_…): no base URL comes with them.\n' +
      `Using ${server.url} (profile default)\n`,
  })
})
