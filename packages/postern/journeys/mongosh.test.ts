// mongosh through a private endpoint: it starts without an error line of ours, sees the endpoint's names, writes, reads.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { drills, startForTest, targetsOf } from './running.ts'

const mongosh = fileURLToPath(new URL('../../../test-tools/node_modules/.bin/mongosh', import.meta.url))
const installed = existsSync(mongosh)

let running: Running

beforeAll(async () => {
  if (installed) running = await startForTest({ sample: true })
})

afterAll(async () => {
  await running?.stop()
})

/** Runs a script in mongosh on the sample's connection string; the password travels in the environment. */
async function shell(script: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { connectionStrings, dbUser, dbPassword } = running.bootstrap
  const uri = String(connectionStrings[0]).replace(
    'mongodb://',
    `mongodb://${dbUser}:${encodeURIComponent(dbPassword)}@`,
  )
  return promisify(execFile)(
    process.execPath,
    [mongosh, '--nodb', '--quiet', '--norc', '--eval', `db = connect(process.env.URI); ${script}`],
    { env: { PATH: process.env.PATH, HOME: running.home, URI: uri }, timeout: 60_000 },
  )
}

test('writes and reads, and hello shows the endpoint’s names only', async (context) => {
  if (!installed) context.skip('mongosh is not installed: run npm test, which installs test-tools')
  const { stdout, stderr } = await shell(
    'db.kept.insertOne({ from: "mongosh" }); const hello = db.hello();' +
      ' print(EJSON.stringify({ found: db.kept.countDocuments({ from: "mongosh" }), hosts: hello.hosts, me: hello.me, primary: hello.primary }))',
  )
  expect(stderr).toBe('')
  const told = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    found: number
    hosts: string[]
    me: string
    primary: string
  }
  const targets = targetsOf(String(running.bootstrap.connectionStrings[0]))
  expect(told.found).toBe(1)
  expect([...told.hosts].sort()).toEqual([...targets].sort())
  expect(targets).toContain(told.me)
  expect(targets).toContain(told.primary)
})

test('show dbs, rs.status() and a cursor over several batches work', async (context) => {
  if (!installed) context.skip('mongosh is not installed: run npm test, which installs test-tools')
  const { stdout } = await shell(
    'db.many.insertMany(Array.from({ length: 300 }, (_, i) => ({ i })));' +
      ' print(EJSON.stringify({ dbs: db.adminCommand({ listDatabases: 1 }).databases.length, set: rs.status().set, found: db.many.find().batchSize(50).toArray().length }))',
  )
  const told = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { dbs: number; set: string; found: number }
  expect(told.found).toBe(300)
  expect(told.dbs).toBeGreaterThanOrEqual(1)
  const { groupId, clusterName } = running.bootstrap
  const { id } = (await running.client.call('getGroupCluster', { params: { groupId, clusterName } })).body
  expect(await drills(running).members(id)).toHaveLength(3)
})
