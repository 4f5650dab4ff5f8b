// Changes of a cluster, seen through to its members: the real handlers, turns and sandbox, with the official driver.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Deployed, startDeployed } from '../../engines/deployed.testing.ts'
import { createEngines, type Engines } from '../../engines/engines.ts'
import type { TurnDriver } from '../../engines/turn-driver.testing.ts'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { databaseUserHandlers } from '../database-user/handlers.ts'
import { databaseUserReconciler } from '../database-user/reconcile.ts'
import { clusterHandlers } from './handlers.ts'
import { clusterOverviewHandlers } from './overview-handlers.ts'
import { clusterReconciler } from './reconcile.ts'
import { clusterRestartHandlers } from './restart-handlers.ts'
import { clusterSettingsHandlers } from './settings-handlers.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; each test says what it must be.
type Body = any

let on: Deployed
let driver: TurnDriver
let engines: Engines
let api: TestApi

beforeAll(async () => {
  on = await startDeployed({
    handlers: (parts, engines) => ({
      ...clusterHandlers(parts),
      ...clusterSettingsHandlers(parts),
      ...clusterRestartHandlers(parts, engines),
      ...clusterOverviewHandlers(parts),
      ...databaseUserHandlers(parts),
    }),
    reconcilers: (parts, engines) => [clusterReconciler(parts, engines), databaseUserReconciler(parts, engines)],
  })
})
afterAll(() => on?.close())
beforeEach(async () => {
  ;({ api, driver, engines } = await on.begin())
})

const region = (nodeCount: number, more: object = {}) => ({
  providerName: 'AWS',
  regionName: 'US_EAST_1',
  priority: 7,
  electableSpecs: { instanceSize: 'M10', nodeCount },
  ...more,
})
const ask = async (method: string, path: string, body?: object, version = '2024-11-13') => {
  const answer = await api.ask({
    method,
    path: `/api/atlas/v2/groups/${api.groupId}${path}`,
    version,
    ...(body && { body }),
  })
  return { ...answer, body: answer.body as Body }
}
const becomes = (path: string, state: string) =>
  expect.poll(async () => (await ask('GET', path)).body.stateName, { timeout: 20_000, interval: 20 }).toBe(state)
const make = async (name: string, nodes: number) => {
  const body = { name, clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs: [region(nodes)] }] }
  expect((await ask('POST', '/clusters', body)).status).toBe(201)
  await ask('GET', `/clusters/${name}`)
  await becomes(`/clusters/${name}`, 'IDLE')
}
const change = (name: string, patch: object) => ask('PATCH', `/clusters/${name}`, patch)
const hostsOf = async (name: string): Promise<string[]> => {
  const { body } = await ask('GET', `/clusters/${name}`)
  return /^mongodb:\/\/([^/]*)/.exec(body.connectionStrings.standard)?.[1]?.split(',') ?? []
}
const helloFrom = async (host: string | undefined) => {
  const client = new MongoClient(`mongodb://${host}/`, { directConnection: true, serverSelectionTimeoutMS: 300 })
  try {
    return await client.db('admin').command({ hello: 1 })
  } finally {
    await client.close()
  }
}
const eventsOf = async (type: string) =>
  on.store.read.selectFrom('event').selectAll().where('group_id', '=', api.groupId).where('type', '=', type).execute()

describe('a change', () => {
  test('of the node count: UPDATING, then IDLE with the new members in the set, and back again', async () => {
    await make('Sized', 1)
    const [first] = await hostsOf('Sized')
    const west = region(2, { regionName: 'US_WEST_2', priority: 6 })
    const answer = await change('Sized', { replicationSpecs: [{ regionConfigs: [region(1), west] }] })
    expect(answer).toMatchObject({ status: 200, body: { stateName: 'UPDATING' } })
    expect((await ask('GET', '/clusters/Sized/status')).body.changeStatus).toMatch(/PENDING|APPLIED/)
    await becomes('/clusters/Sized', 'IDLE')
    const hosts = await hostsOf('Sized')
    expect(hosts).toHaveLength(3)
    expect(hosts[0]).toBe(first)
    expect((await helloFrom(first)).hosts).toEqual(hosts)
    const members = await on.store.read.selectFrom('member').select('region').orderBy('position').execute()
    expect(members.map((member) => member.region)).toEqual(['US_EAST_1', 'US_WEST_2', 'US_WEST_2'])
    await change('Sized', { replicationSpecs: [{ regionConfigs: [region(1)] }] })
    await becomes('/clusters/Sized', 'IDLE')
    expect(await hostsOf('Sized')).toEqual([first])
    await expect(helloFrom(hosts[2])).rejects.toThrow()
    expect(await eventsOf('CLUSTER_UPDATE_SUBMITTED')).toHaveLength(2)
    expect(await eventsOf('CLUSTER_UPDATE_COMPLETED')).toHaveLength(2)
    expect((await ask('GET', '/clusters/Sized/status')).body).toMatchObject({ changeStatus: 'APPLIED' })
    expect((await ask('GET', '/clusters/Sized/globalWrites')).body).toMatchObject({
      customZoneMapping: {},
      managedNamespaces: [],
    })
  })

  test('to paused and back: nobody is let in meanwhile, strings stay, and nothing else can be changed', async () => {
    await make('Rests', 1)
    const hosts = await hostsOf('Rests')
    expect((await change('Rests', { paused: true })).body).toMatchObject({ paused: true, stateName: 'UPDATING' })
    await becomes('/clusters/Rests', 'IDLE')
    expect(await hostsOf('Rests')).toEqual(hosts)
    await expect(helloFrom(hosts[0])).rejects.toThrow()
    const larger = [{ regionConfigs: [region(1, { electableSpecs: { instanceSize: 'M20', nodeCount: 1 } })] }]
    expect(await change('Rests', { paused: true, replicationSpecs: larger })).toMatchObject({
      status: 409,
      body: { errorCode: 'CANNOT_UPDATE_PAUSED_CLUSTER', parameters: ['Rests'] },
    })
    expect(await ask('POST', '/clusters/Rests/restartPrimaries')).toMatchObject({ status: 409 })
    expect((await change('Rests', { tags: [{ key: 'a', value: 'b' }] })).status).toBe(200)
    expect((await change('Rests', { paused: false })).body).toMatchObject({ paused: false, stateName: 'UPDATING' })
    await becomes('/clusters/Rests', 'IDLE')
    expect((await helloFrom(hosts[0])).isWritablePrimary).toBe(true)
    const error = await on.store.read
      .selectFrom('cluster')
      .select('error_message')
      .where('name', '=', 'Rests')
      .execute()
    expect(error).toEqual([{ error_message: null }])
  })

  test('to paused keeps users for later: who was made meanwhile gets in after the resume, who was removed does not', async () => {
    await make('Later', 1)
    const [host] = await hostsOf('Later')
    const user = (username: string) => ({
      ...{ username, databaseName: 'admin', groupId: api.groupId, password: 'correct-horse-battery' },
      roles: [{ databaseName: 'admin', roleName: 'readWriteAnyDatabase' }],
    })
    const getsIn = async (username: string): Promise<boolean> => {
      const auth = { username, password: 'correct-horse-battery' }
      const client = new MongoClient(`mongodb://${host}/`, { auth, serverSelectionTimeoutMS: 1000 })
      try {
        await client.db('admin').command({ ping: 1 })
        return true
      } catch {
        return false
      } finally {
        await client.close()
      }
    }
    await ask('POST', '/databaseUsers', user('first'))
    await expect.poll(() => getsIn('first'), { timeout: 10_000 }).toBe(true)
    await change('Later', { paused: true })
    await becomes('/clusters/Later', 'IDLE')
    await ask('POST', '/databaseUsers', user('second'))
    await ask('DELETE', '/databaseUsers/admin/first')
    await change('Later', { paused: false })
    await becomes('/clusters/Later', 'IDLE')
    await expect.poll(() => getsIn('second'), { timeout: 10_000 }).toBe(true)
    await expect.poll(() => getsIn('first'), { timeout: 10_000 }).toBe(false)
    expect(driver.retries).toEqual([])
  })

  test('is seen through by whichever control plane has the turn, whatever the others made before', async () => {
    await make('Shared', 1)
    await driver.stop()
    const others = createEngines(api.parts, { fetch })
    const planes = [clusterReconciler(api.parts, engines), clusterReconciler(api.parts, others)] as const
    const { id } = await on.store.read
      .selectFrom('cluster')
      .select('id')
      .where('name', '=', 'Shared')
      .executeTakeFirstOrThrow()
    const [host] = await hostsOf('Shared')
    for (const [plane, paused] of [
      [planes[0], true],
      [planes[1], false],
      [planes[0], true],
      [planes[1], false],
      [planes[1], true],
      [planes[0], false],
    ] as const) {
      await change('Shared', { paused })
      await expect
        .poll(
          async () => {
            await plane.turn(id)
            return (await ask('GET', '/clusters/Shared')).body.stateName
          },
          { timeout: 20_000, interval: 20 },
        )
        .toBe('IDLE')
      const answers = helloFrom(host).then(
        () => true,
        () => false,
      )
      expect(await answers).toBe(!paused)
    }
    await others.close()
  })

  test('of tags leaves IDLE as it is, and tells of them', async () => {
    await make('Tagged', 1)
    const answer = await change('Tagged', { tags: [{ key: 'env', value: 'test' }] })
    expect(answer.body).toMatchObject({ stateName: 'IDLE', tags: [{ key: 'env', value: 'test' }] })
    expect((await eventsOf('CLUSTER_TAGS_MODIFIED'))[0]?.target).toMatchObject({ resourceType: 'cluster' })
  })

  test('of the protection: no deletion with it, and one without', async () => {
    await make('Safe', 1)
    await change('Safe', { terminationProtectionEnabled: true })
    expect(await ask('DELETE', '/clusters/Safe')).toMatchObject({
      status: 400,
      body: {
        errorCode: 'CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED',
        parameters: [expect.stringContaining(`Cannot terminate cluster Safe in group ${api.groupId} because`)],
      },
    })
    await change('Safe', { terminationProtectionEnabled: false })
    expect((await ask('DELETE', '/clusters/Safe')).status).toBe(202)
    expect(await change('Safe', { pitEnabled: true })).toMatchObject({ status: expect.toSatisfy((n) => n >= 400) })
  })

  test.each(['2023-01-01', '2023-02-01', '2024-08-05'])(
    'to what it is, as a client sends back what it read in %s, is taken and changes nothing',
    async (version) => {
      await make('Same', 3)
      await change('Same', { tags: [{ key: 'a', value: 'b' }], pitEnabled: true })
      await becomes('/clusters/Same', 'IDLE')
      const before = (await ask('GET', '/clusters/Same', undefined, version)).body
      const answer = await ask('PATCH', '/clusters/Same', before, version)
      expect(answer).toMatchObject({ status: 200, body: { stateName: 'IDLE' } })
      expect((await ask('GET', '/clusters/Same', undefined, version)).body).toEqual(before)
      const gone = { ...before, name: 'Copy' }
      expect(await ask('POST', '/clusters', gone, version)).toMatchObject({ status: 201 })
      const copy = (await ask('GET', '/clusters/Copy', undefined, version)).body
      expect(copy.replicationSpecs[0].regionConfigs).toEqual(before.replicationSpecs[0].regionConfigs)
    },
  )

  test('of nothing that there is', async () => {
    expect(await change('Nobody', {})).toMatchObject({ status: 404, body: { errorCode: 'CLUSTER_NOT_FOUND' } })
  })
})

describe('process arguments', () => {
  test('change by name, null puts one back, and the older version shows two more', async () => {
    await make('Args', 1)
    const path = '/clusters/Args/processArgs'
    const first = (await ask('GET', path, undefined, '2023-01-01')).body
    expect(first).toMatchObject({ defaultWriteConcern: 'majority', noTableScan: false, defaultReadConcern: null })
    const changed = await ask('PATCH', path, { noTableScan: true, minimumEnabledTlsProtocol: 'TLS1_3' }, '2023-01-01')
    expect(changed.body).toEqual({ ...first, noTableScan: true, minimumEnabledTlsProtocol: 'TLS1_3' })
    const { defaultReadConcern, failIndexKeyTooLong, ...newer } = changed.body
    expect((await ask('GET', path)).body).toEqual(newer)
    expect((await ask('GET', '/clusters/Args')).body.advancedConfiguration.minimumEnabledTlsProtocol).toBe('TLS1_3')
    expect((await ask('PATCH', path, { noTableScan: null })).body.noTableScan).toBe(false)
    expect(await ask('PATCH', path, { oplogSizeMB: 'large' })).toMatchObject({ status: 400 })
    expect(await eventsOf('CLUSTER_PROCESS_ARGS_UPDATE_SUBMITTED')).toHaveLength(2)
  })
})

describe('versions on their way out say so', () => {
  const headersOf = async (path: string, version: string) => {
    const { headers } = await ask('GET', path, undefined, version)
    return [headers.get('deprecation'), headers.get('sunset')]
  }
  const dates = ['Mon, 5 Aug 2024 00:00:00 GMT', 'Thu, 1 Jul 2027 00:00:00 GMT']
  test.each([
    { path: '/clusters', version: '2023-02-01', says: dates },
    { path: '/clusters', version: '2024-08-05', says: [null, null] },
    { path: '/clusters/None', version: '2023-02-01', says: dates },
    { path: '/clusters/None/processArgs', version: '2023-01-01', says: dates },
    {
      path: '/clusters/None/autoScalingConfiguration',
      version: '2024-08-05',
      says: ['Wed, 23 Oct 2024 00:00:00 GMT', null],
    },
  ])('$path in $version', async ({ path, version, says }) => {
    expect(await headersOf(path, version)).toEqual(says)
  })
})

describe('a fail-over', () => {
  test('another member leads, and the cluster stays IDLE', async () => {
    await make('Fails', 3)
    const leader = async () => (await helloFrom((await hostsOf('Fails'))[0])).primary
    const before = await leader()
    expect(await ask('POST', '/clusters/Fails/restartPrimaries')).toMatchObject({ status: 200, body: {} })
    await expect.poll(leader, { timeout: 10_000 }).toSatisfy((now) => now !== undefined && now !== before)
    expect((await ask('GET', '/clusters/Fails')).body.stateName).toBe('IDLE')
    expect(await eventsOf('TEST_FAILOVER_REQUESTED')).toHaveLength(1)
  })
  test('of a member alone is refused with the reason', async () => {
    await make('Alone', 1)
    expect(await ask('POST', '/clusters/Alone/restartPrimaries')).toMatchObject({
      status: 409,
      body: { errorCode: 'POSTERN_PRIMARY_NOT_RESTARTED', detail: expect.stringContaining('No electable secondaries') },
    })
  })
})

describe('overviews', () => {
  test('scaling is told by how the cluster was described last', async () => {
    await make('Scales', 1)
    expect((await ask('GET', '/clusters/Scales/autoScalingConfiguration')).body).toEqual({
      autoScalingMode: 'INDEPENDENT_SHARD_SCALING',
    })
  })
  test('regions of the clouds and tier that are asked for', async () => {
    const path = '/clusters/provider/regions'
    const { body } = await ask('GET', `${path}?providers=AWS&tier=M10`)
    expect(body).toMatchObject({ totalCount: 1, results: [{ provider: 'AWS', instanceSizes: [{ name: 'M10' }] }] })
    expect(body.results[0].instanceSizes[0].availableRegions[0]).toEqual({ default: true, name: 'US_EAST_1' })
    const two = await ask('GET', `${path}?providers=AZURE&providers=GCP`)
    expect(two.body.results.map((each: Body) => each.provider)).toEqual(['AZURE', 'GCP'])
    expect((await ask('GET', path)).body.totalCount).toBe(3)
    expect(await ask('GET', `${path}?tier=M11`)).toMatchObject({ status: 400 })
    expect(await ask('GET', `${path}?providers=IBM`)).toMatchObject({ status: 400 })
  })
  test('all clusters of all groups that the caller sees', async () => {
    await make('Seen', 1)
    const { body } = (await api.ask({ method: 'GET', path: '/api/atlas/v2/clusters' })) as { body: Body }
    expect(body.results).toMatchObject([
      { groupId: api.groupId, orgId: api.orgId, clusters: [{ name: 'Seen', availability: 'available', nodeCount: 1 }] },
    ])
    const stranger = await createTestApi(on.store, (parts) => clusterOverviewHandlers(parts))
    const other = (await stranger.ask({ method: 'GET', path: '/api/atlas/v2/clusters' })) as { body: Body }
    expect(other.body.results.flatMap((each: Body) => each.clusters)).toEqual([])
  })
})
