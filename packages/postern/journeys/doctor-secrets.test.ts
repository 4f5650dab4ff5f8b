// Nothing that the doctor prints, sends to the control plane or leaves in a log holds a password, whatever its shape, and
// whether the string that it is in is right, wrong or no string at all.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { homePaths } from '../src/up/home.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { application, doctorAt, isWell, names } from './examined.ts'
import { startForTest } from './running.ts'

/** In every password here, so that not even a part of one goes unseen. */
const core = 'kumquat'

let running: Running
let at: ReturnType<typeof doctorAt>
let uri: string
const sent: string[] = []

beforeAll(async () => {
  running = await startForTest({ sample: true })
  at = doctorAt(running, [core])
  uri = running.bootstrap.connectionStrings[0] ?? ''
})
afterAll(() => running?.stop())

const seen: typeof fetch = async (url, init) => {
  sent.push(JSON.stringify([url, init?.headers, init?.body]))
  return fetch(url, init)
}

async function logs(): Promise<string> {
  const folder = homePaths(running.home).logs
  const files = await readdir(folder)
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('')
}

const userInfo = (username: string, password: string): string => uri.replace('://', `://${username}:${password}@`)

const passwords = [
  `${core}@example:com/%41`,
  `%25${core}%40`,
  `${core} with "quotes" and 'others' $(id) \`id\``,
  `${core}?a=b&c=d#e`,
  `ÄÖ€${core}\\`,
  `mongodb://app:${core}@host/`,
]

test.each(passwords)('%j', async (password) => {
  const username = `user-${passwords.indexOf(password)}`
  const { groupId } = running.bootstrap
  await running.client.call('createGroupDatabaseUser', {
    params: { groupId },
    body: {
      username,
      password,
      databaseName: 'admin',
      roles: [{ roleName: 'readAnyDatabase', databaseName: 'admin' }],
    },
  })
  const right = userInfo(username, encodeURIComponent(password))
  await until('the user being let in', 20_000, async () =>
    (await at.examine(right, { fetch: seen })).found.length === 0 ? true : undefined,
  )
  isWell(await at.examine(right, { env: application }))
  await at.examinePlainly(right, { fetch: seen })
  names(await at.examine(userInfo(username, encodeURIComponent(`${password}!`)), { fetch: seen }), 'authentication')
  const asItIs = await at.examine(userInfo(username, password), { fetch: seen })
  // Some can be written as they are; of the others no part is taken for a host.
  expect([undefined, 'string-readable', 'authentication']).toContain(asItIs.found[0])
  expect(sent.length).toBeGreaterThan(0)
  expect(sent.join('\n')).not.toContain(core)
  expect(await logs()).not.toContain(core)
})

test.each([
  `mongodb://app:${core}@/`,
  `mongodb://app:12/${core}@127.0.0.1:1/`,
  `mongodb://app:12?${core}@127.0.0.1:1/`,
  `mongodb+srv://app:${core}@one,two/`,
  `mongodb://app:${core}%@127.0.0.1:1/`,
  `mongo://app:${core}@127.0.0.1:1/`,
  `app:${core}@127.0.0.1:1`,
])('what is no connection string: %j', async (text) => {
  names(await at.examine(text, { fetch: seen }), 'string-readable')
  expect(await at.examinePlainly(text, { fetch: seen })).toMatch(/^string-readable: failed$/m)
  expect(sent.join('\n')).not.toContain(core)
})

test('in the environment, and, with a warning, in argv', async () => {
  const string = userInfo('nobody', core)
  const env = { POSTERN_HOME: running.home, XDG_CONFIG_HOME: running.home }
  names(await at.doctor([], { env: { ...env, POSTERN_URI: string }, fetch: seen }), 'user-known')
  const typed = await at.doctor([string], { fetch: seen })
  names(typed, 'user-known')
  expect(typed.printed).toMatch(/can be read by other processes/)
  expect(sent.join('\n')).not.toContain(core)
})

provesItsChecks('secrets')
