import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findServer } from './find-server.ts'
import { configFile, homeFolder } from './folders.ts'

// Which source wins, row by row. Every row has the same files: two profiles of ours, one imported from Atlas without a
// base URL, one that names Atlas itself, and the bootstrap file of a running home.

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-cli-'))
  await write('full/config/postern/config.toml', toml)
  await write('full/data/postern/bootstrap.json', bootstrap)
  await write('noDefault/config/postern/config.toml', toml.replace('[default]', '[other]'))
  await write('noDefault/data/postern/bootstrap.json', bootstrap)
  await write(
    'atlasDefault/config/postern/config.toml',
    toml.replace('[default]', '[x]').replace('[imported]', '[default]'),
  )
  await write('atlasDefault/data/postern/bootstrap.json', bootstrap)
  await write('broken/config/postern/config.toml', 'a = [\n')
  await write('ended/data/postern/bootstrap.json', JSON.stringify({ ...JSON.parse(bootstrap), ended: ['privateKey'] }))
  await write('early/data/postern/bootstrap.json', '{"apiUrl":null,"publicKey":"x"}')
  await write('strange/data/postern/bootstrap.json', '{"publicKey":"x"}')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const toml = `version = 2
skip_update_check = true
[default]
org_id = "a00000000000000000000001"
project_id = "b00000000000000000000001"
public_api_key = "default1"
private_api_key = "secret-of-default"
ops_manager_url = "http://default.test:8080/"
output = "json"
[work]
client_id = "mdb_sa_id_1"
client_secret = "mdb_sa_sk_1"
base_url = "https://work.test"
[imported]
public_api_key = "imported"
private_api_key = "secret-of-imported"
project_id = "b00000000000000000000009"
[cloud]
public_api_key = "cloud"
private_api_key = "secret-of-cloud"
ops_manager_url = "https://cloud.mongodb.com/"
`
const bootstrap = JSON.stringify({
  apiUrl: 'http://127.0.0.1:8080',
  publicKey: 'ownerkey',
  privateKey: 'secret-of-home',
  orgId: 'a00000000000000000000002',
  groupId: 'b00000000000000000000002',
  caFile: '/x',
})

async function write(name: string, text: string): Promise<void> {
  const file = join(folder, name)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, text)
}

const find = (
  files: string,
  env: Readonly<Record<string, string>> = {},
  flags: { readonly profile?: string; readonly baseUrl?: string; readonly tell?: (line: string) => void } = {},
) =>
  findServer({
    tell: flags.tell ?? (() => {}),
    env: { XDG_CONFIG_HOME: join(folder, files, 'config'), XDG_DATA_HOME: join(folder, files, 'data'), ...env },
    profile: flags.profile,
    baseUrl: flags.baseUrl,
  })

const own = { POSTERN_URL: 'http://env.test', POSTERN_PUBLIC_KEY: 'envkey', POSTERN_PRIVATE_KEY: 'secret-of-env' }
const atlas = {
  MONGODB_ATLAS_PUBLIC_API_KEY: 'atlaskey',
  MONGODB_ATLAS_PRIVATE_API_KEY: 'secret-of-atlas',
  MONGODB_ATLAS_PROJECT_ID: 'b00000000000000000000005',
}

describe('who wins', () => {
  test.each([
    {
      says: 'the default profile, with its project and output',
      files: 'full',
      found: {
        from: 'profile default',
        baseUrl: 'http://default.test:8080',
        groupId: 'b00000000000000000000001',
        orgId: 'a00000000000000000000001',
        output: 'json',
        credentials: { kind: 'digest', publicKey: 'default1', privateKey: 'secret-of-default' },
      },
    },
    {
      says: 'without a default profile the running home',
      files: 'noDefault',
      found: {
        baseUrl: 'http://127.0.0.1:8080',
        groupId: 'b00000000000000000000002',
        credentials: { kind: 'digest', publicKey: 'ownerkey', privateKey: 'secret-of-home' },
      },
    },
    {
      says: 'a default profile imported from Atlas, without a base URL, does not count',
      files: 'atlasDefault',
      found: { baseUrl: 'http://127.0.0.1:8080', groupId: 'b00000000000000000000002' },
    },
    {
      says: 'the environment beats the default profile',
      files: 'full',
      env: own,
      found: {
        from: 'environment',
        baseUrl: 'http://env.test',
        groupId: undefined,
        credentials: { kind: 'digest', publicKey: 'envkey', privateKey: 'secret-of-env' },
      },
    },
    {
      says: 'a project in the environment beats the one of the profile',
      files: 'full',
      env: { POSTERN_PROJECT_ID: 'b00000000000000000000007' },
      found: { from: 'profile default', groupId: 'b00000000000000000000007' },
    },
    {
      says: 'a chosen profile beats the environment, and may hold a service account',
      files: 'full',
      env: own,
      flags: { profile: 'work' },
      found: {
        from: 'profile work',
        baseUrl: 'https://work.test',
        credentials: { kind: 'serviceAccount', clientId: 'mdb_sa_id_1', clientSecret: 'mdb_sa_sk_1' },
      },
    },
    {
      says: "Atlas's variables count together with a base URL",
      files: 'full',
      env: { ...atlas, MONGODB_ATLAS_BASE_URL: 'http://ours.test/' },
      found: {
        from: 'environment (MONGODB_ATLAS_…)',
        baseUrl: 'http://ours.test',
        groupId: 'b00000000000000000000005',
        credentials: { kind: 'digest', publicKey: 'atlaskey', privateKey: 'secret-of-atlas' },
      },
    },
    {
      says: "Atlas's variables without a base URL do not count, their project neither",
      files: 'full',
      env: atlas,
      found: { from: 'profile default', groupId: 'b00000000000000000000001' },
    },
    {
      says: "Atlas's variables that name Atlas do not count",
      files: 'full',
      env: { ...atlas, MONGODB_ATLAS_OPS_MANAGER_URL: 'https://cloud.mongodb.com/' },
      found: { from: 'profile default', baseUrl: 'http://default.test:8080', groupId: 'b00000000000000000000001' },
    },
    {
      says: 'our variables beat those of Atlas',
      files: 'full',
      env: { ...atlas, MONGODB_ATLAS_BASE_URL: 'http://ours.test/', ...own },
      found: { from: 'environment', baseUrl: 'http://env.test' },
    },
    {
      says: 'a URL alone takes the keys of the home that has it',
      files: 'full',
      env: { POSTERN_URL: 'http://127.0.0.1:8080/' },
      found: {
        baseUrl: 'http://127.0.0.1:8080',
        credentials: { kind: 'digest', publicKey: 'ownerkey', privateKey: 'secret-of-home' },
      },
    },
    {
      says: '--baseUrl takes the keys of the profile that has it',
      files: 'full',
      flags: { baseUrl: 'https://work.test/' },
      found: { baseUrl: 'https://work.test', from: 'profile work' },
    },
    {
      says: '--baseUrl takes keys in the environment that come without a URL',
      files: 'full',
      env: { POSTERN_ACCESS_TOKEN: 'token' },
      flags: { baseUrl: 'http://new.test' },
      found: { baseUrl: 'http://new.test', credentials: { kind: 'bearer', token: 'token' } },
    },
    {
      says: 'POSTERN_HOME names the home',
      files: 'none',
      env: () => ({ POSTERN_HOME: join(folder, 'full/data/postern') }),
      found: { baseUrl: 'http://127.0.0.1:8080' },
    },
    {
      says: 'empty variables are as good as none',
      files: 'full',
      env: { POSTERN_URL: '', POSTERN_PROJECT_ID: '' },
      found: { from: 'profile default', groupId: 'b00000000000000000000001' },
    },
  ])('$says', async ({ files, env, flags, found }) => {
    expect(await find(files, typeof env === 'function' ? env() : env, flags)).toMatchObject(found)
  })
})

describe('what is refused, and with what advice', () => {
  test.each([
    {
      says: 'nothing anywhere',
      files: 'none',
      error: /^no Postern server found: .*config\.toml.*bootstrap\.json\.\nStart one with `npx postern up`/s,
    },
    { says: 'a profile that there is not', files: 'full', flags: { profile: 'nope' }, error: /^no profile "nope" in / },
    {
      says: 'a chosen profile without a base URL',
      files: 'full',
      flags: { profile: 'imported' },
      error: 'profile "imported" has no ops_manager_url',
    },
    {
      says: 'a chosen profile that names Atlas',
      files: 'full',
      flags: { profile: 'cloud' },
      error: /never contacts MongoDB Atlas/,
    },
    {
      says: '--baseUrl that names Atlas',
      files: 'full',
      env: own,
      flags: { baseUrl: 'https://cloud.MongoDB.com./' },
      error: /no keys for|never contacts/,
    },
    {
      says: 'POSTERN_URL that names Atlas',
      files: 'full',
      env: { ...own, POSTERN_URL: 'https://mongodb.com' },
      error: /never contacts MongoDB Atlas/,
    },
    {
      says: 'a URL that nobody has keys for',
      files: 'full',
      env: { POSTERN_URL: 'http://unknown.test' },
      error: /^no keys for http:\/\/unknown\.test/,
    },
    {
      says: 'keys for one URL do not go to another',
      files: 'full',
      env: own,
      flags: { baseUrl: 'http://evil.test' },
      error: /^no keys for http:\/\/evil\.test/,
    },
    {
      says: 'half a key',
      files: 'full',
      env: { POSTERN_URL: 'http://x.test', POSTERN_PUBLIC_KEY: 'a' },
      error: /^no keys for/,
    },
    {
      says: 'something that is no URL',
      files: 'full',
      env: { ...own, POSTERN_URL: 'ftp://x.test' },
      error: /not an http or https URL/,
    },
    { says: 'broken TOML', files: 'broken', error: /config\.toml is not valid TOML at line \d+, column \d+$/ },
    {
      says: 'a home whose server has not come up yet',
      files: 'early',
      error: /has never come up; run `npx postern up`$/,
    },
    { says: 'a home whose first key was deleted', files: 'ended', error: /names http.* but has no keys for it/ },
    { says: 'a bootstrap file that is not ours', files: 'strange', error: /not what `postern up` writes/ },
  ])('$says', async ({ files, env, flags, error }) => {
    await expect(find(files, env, flags)).rejects.toThrow(error)
  })

  test('no message holds a secret', async () => {
    const messages = await Promise.all(
      [
        find('full', own, { baseUrl: 'http://evil.test' }),
        find('full', {}, { profile: 'cloud' }),
        find('full', { ...own, POSTERN_URL: 'https://mongodb.com' }),
      ].map((found) => found.then(String, String)),
    )
    expect(messages.join('\n')).not.toContain('secret-of')
  })
})

describe('keys without a server of their own are passed over, with one line', () => {
  const line = (from: string, why: string) => `Passed over the keys of ${from}: ${why}.`
  test.each([
    {
      says: 'variables without a base URL',
      files: 'full',
      env: atlas,
      lines: [line('environment (MONGODB_ATLAS_…)', 'no base URL comes with them')],
    },
    {
      says: 'variables that name Atlas',
      files: 'full',
      env: { ...atlas, MONGODB_ATLAS_BASE_URL: 'https://cloud-dev.mongodb.com' },
      lines: [line('environment (MONGODB_ATLAS_…)', 'they are for MongoDB Atlas')],
    },
    {
      says: 'a default profile without a base URL',
      files: 'atlasDefault',
      env: {},
      lines: [line('profile default', 'no base URL comes with them')],
    },
    {
      says: 'our own variables without POSTERN_URL',
      files: 'noDefault',
      env: { ...own, POSTERN_URL: '' },
      lines: [line('environment (POSTERN_…)', 'no base URL comes with them')],
    },
    { says: 'nothing where they would not have been used', files: 'full', env: { ...atlas, ...own }, lines: [] },
    { says: 'nothing where there are none', files: 'full', env: {}, lines: [] },
  ])('$says', async ({ files, env, lines }) => {
    const told: string[] = []
    await find(files, env, { tell: (one) => told.push(one) })
    expect(told).toEqual(lines)
    expect(told.join()).not.toContain('secret-of')
  })
})

test('folders follow XDG, else the home folder', () => {
  expect(homeFolder({ HOME: '/h' })).toBe('/h/.local/share/postern')
  expect(homeFolder({ HOME: '/h', XDG_DATA_HOME: '/d' })).toBe('/d/postern')
  expect(homeFolder({ HOME: '/h', POSTERN_HOME: '/p' })).toBe('/p')
  expect(configFile({ HOME: '/h' })).toBe('/h/.config/postern/config.toml')
  expect(configFile({ HOME: '/h', XDG_CONFIG_HOME: '/c' })).toBe('/c/postern/config.toml')
})
