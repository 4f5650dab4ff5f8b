// mongosh through a private endpoint: it starts without an error line of ours, sees the endpoint's names, writes, reads.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { drills, startForTest, targetsOf } from './running.ts'
import { mongoshMissing, shell } from './shell.ts'

let running: Running

beforeAll(async () => {
  if (mongoshMissing === null) running = await startForTest({ sample: true })
})

afterAll(async () => {
  await running?.stop()
})

/** On the sample's connection string. */
const onSample = (script: string) => {
  const { connectionStrings, dbUser, dbPassword } = running.bootstrap
  return shell(script, {
    uri: String(connectionStrings[0]),
    user: { username: dbUser, password: dbPassword },
    home: running.home,
  })
}

test('writes and reads, and hello shows the endpoint’s names only', async (context) => {
  if (mongoshMissing !== null) context.skip(mongoshMissing)
  const { stdout, stderr } = await onSample(
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
  if (mongoshMissing !== null) context.skip(mongoshMissing)
  const { stdout } = await onSample(
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
