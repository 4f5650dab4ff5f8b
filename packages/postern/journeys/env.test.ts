// What `postern env` prints, evaluated by a shell and used by the clients that it is for, as far as they are found here.

import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runCli } from '@postern/cli/run-cli'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostern } from '../src/testing.ts'
import type { Running } from '../src/up/start.ts'
import { startForTest } from './running.ts'
import { mongoshMissing } from './shell.ts'

const tools = fileURLToPath(new URL('../../../test-tools/', import.meta.url))
let running: Running

beforeAll(async () => {
  running = await startForTest({ sample: true })
})
afterAll(() => running?.stop())

test('startPostern does not take one that was started without --testing', async () => {
  const { apiUrl } = running.bootstrap
  await expect(startPostern({ running: running.home })).rejects.toThrow(`${apiUrl} was not started for tests`)
})

async function printed(client: string): Promise<string> {
  let stdout = ''
  const code = await runCli({
    argv: ['env', client],
    env: { POSTERN_HOME: running.home, XDG_CONFIG_HOME: running.home },
    stdin: { async *[Symbol.asyncIterator]() {} },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => {} },
  })
  expect(code).toBe(0)
  return stdout
}

/** Evaluates the lines in a shell that has what Atlas's own set-up may have left, then runs the command. */
async function afterwards(lines: string, command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `eval "$LINES_OF_ENV"; ${command}`], {
    env: {
      PATH: process.env.PATH,
      HOME: running.home,
      NODE: process.execPath,
      TOOLS: tools,
      MONGODB_ATLAS_CLIENT_ID: 'left over',
      MONGODB_ATLAS_CLIENT_SECRET: 'left over',
      LINES_OF_ENV: lines,
    },
    timeout: 60_000,
  })
  return stdout
}

test('mongosh connects to the only cluster, through its endpoint, with user and password', async (context) => {
  if (mongoshMissing !== null) context.skip(mongoshMissing)
  const eval_ = 'db = connect(process.env.POSTERN_URI); print(db.hello().hosts.join())'
  const stdout = await afterwards(
    await printed('mongosh'),
    `"$NODE" "$TOOLS/node_modules/.bin/mongosh" --nodb --quiet --norc --eval '${eval_}'`,
  )
  const [uri = ''] = running.bootstrap.connectionStrings
  const hosts = stdout.trim().split('\n').at(-1)?.split(',') ?? []
  expect(hosts).toHaveLength(3)
  for (const host of hosts) expect(uri).toContain(host)
})

test('an SDK for Node.js is given what it wants', async (context) => {
  if (!existsSync(`${tools}node_modules/mongodb-atlas-api-client/package.json`)) {
    context.skip('mongodb-atlas-api-client is not installed: run npm test, which installs test-tools')
  }
  const script = `
    const { MONGODB_ATLAS_BASE_URL: url, MONGODB_ATLAS_PROJECT_ID: projectId, ...env } = process.env
    const client = require(process.env.TOOLS + 'node_modules/mongodb-atlas-api-client')({
      baseUrl: url + '/api/atlas/v1.0', projectId,
      publicKey: env.MONGODB_ATLAS_PUBLIC_KEY, privateKey: env.MONGODB_ATLAS_PRIVATE_KEY,
    })
    client.cluster.getAll().then((found) => console.log(found.results.map(({ name }) => name).join()))`
  const stdout = await afterwards(await printed('sdk'), `"$NODE" -e "$(cat <<'END'\n${script}\nEND\n)"`)
  expect(stdout).toBe('Cluster0\n')
})

test('the Atlas CLI lists the clusters', async (context) => {
  if (spawnSync('atlas', ['--version']).status !== 0) context.skip('atlas is not installed here: it was not tried')
  const stdout = await afterwards(await printed('atlas'), 'atlas clusters list')
  expect(stdout).toContain('Cluster0')
})

test('a shell that has evaluated the lines for Terraform has one kind of keys, for this server', async () => {
  const stdout = await afterwards(await printed('terraform'), 'env | grep ^MONGODB_ATLAS_ | sort')
  const { apiUrl, publicKey, privateKey } = running.bootstrap
  expect(stdout.split('\n')).toEqual([
    `MONGODB_ATLAS_BASE_URL=${apiUrl}`,
    `MONGODB_ATLAS_PRIVATE_KEY=${privateKey}`,
    `MONGODB_ATLAS_PUBLIC_KEY=${publicKey}`,
    '',
  ])
})
