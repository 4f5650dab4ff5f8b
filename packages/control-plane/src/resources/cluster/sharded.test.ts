// Sharded clusters through the API, on a real sandbox: routers in every place of a node, and none left over.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Deployed, startDeployed } from '../../engines/deployed.testing.ts'
import type { TestApi } from '../../http/testing.ts'
import { clusterHandlers } from './handlers.ts'
import { clusterReconciler } from './reconcile.ts'

const region = (regionName = 'US_EAST_1') => ({
  providerName: 'AWS',
  regionName,
  priority: 7,
  electableSpecs: { instanceSize: 'M30', nodeCount: 3 },
})
const shards = (howMany: number) => Array.from({ length: howMany }, () => ({ regionConfigs: [region()] }))

let on: Deployed
let api: TestApi

beforeAll(async () => {
  on = await startDeployed({
    handlers: clusterHandlers,
    reconcilers: (parts, engines) => [clusterReconciler(parts, engines)],
  })
  ;({ api } = await on.begin())
})
afterAll(() => on?.close())

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path = '', body?: object) =>
  api.ask({
    method,
    path: `/api/atlas/v2/groups/${api.groupId}/clusters${path}`,
    ...(body && { body }),
    version: method === 'DELETE' ? '2023-02-01' : '2024-08-05',
  })
const members = () => on.store.read.selectFrom('member').selectAll().orderBy('position').execute()
const stands = (howMany: number) =>
  expect
    .poll(
      async () => {
        const row = await on.store.read.selectFrom('cluster').select('state').executeTakeFirst()
        return [row?.state, ...(await members()).map(({ role }) => role)]
      },
      { timeout: 20_000 },
    )
    .toEqual(['IDLE', ...Array.from({ length: howMany }, () => 'mongos')])

test('two shards: six routers, a string without a set, and empty private strings', async () => {
  const wish = { name: 'Sharded', clusterType: 'SHARDED', replicationSpecs: shards(2) }
  const { status, body } = await ask('POST', '', wish)
  expect(status).toBe(201)
  expect(body).toMatchObject({
    clusterType: 'SHARDED',
    stateName: 'CREATING',
    connectionStrings: { awsPrivateLinkSrv: {}, privateEndpoint: [] },
  })
  await stands(6)
  const described = await ask('GET', '/Sharded').then(() => ask('GET', '/Sharded'))
  const { standard } = (described.body as { connectionStrings: { standard: string } }).connectionStrings
  expect(standard).toBe(`mongodb://${(await members()).map(({ host_port }) => host_port).join(',')}/?authSource=admin`)
})

test('the driver finds routers there, and nothing else', async () => {
  const [first] = await members()
  const client = new MongoClient(`mongodb://${first?.host_port}/?directConnection=true`)
  try {
    expect(await client.db('admin').command({ hello: 1 })).toMatchObject({ msg: 'isdbgrid' })
  } finally {
    await client.close()
  }
})

test('a shard more, and one less: routers come and go, those that stay keep their ids', async () => {
  const before = await members()
  expect((await ask('PATCH', '/Sharded', { replicationSpecs: shards(3) })).status).toBe(200)
  await stands(9)
  expect((await members()).slice(0, 6)).toEqual(before)
  expect((await ask('PATCH', '/Sharded', { replicationSpecs: shards(1) })).status).toBe(200)
  await stands(3)
  expect(await members()).toEqual(before.slice(0, 3))
})

test('deleted, nothing of it stays', async () => {
  expect((await ask('DELETE', '/Sharded')).status).toBe(202)
  await expect.poll(() => on.store.read.selectFrom('cluster').select('id').execute(), { timeout: 20_000 }).toEqual([])
})

test('over a crash of the sandbox and of the control plane they are the same', async () => {
  const wish = { name: 'Again', clusterType: 'SHARDED', replicationSpecs: shards(1) }
  expect((await ask('POST', '', wish)).status).toBe(201)
  await stands(3)
  const before = await members()
  await on.end()
  await on.restartSandbox()
  ;({ api } = await on.begin())
  await stands(3)
  expect(await members()).toEqual(before)
})
