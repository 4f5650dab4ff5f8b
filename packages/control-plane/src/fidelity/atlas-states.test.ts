// States that pass and changes of clusters under Atlas's behaviour, as an automation sees them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeDeployment } from '../resources/deployment/description.ts'
import type { View } from '../resources/private-endpoint/testing.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { type automation, begin, delayMs, prepared } from './automation.testing.ts'

const minute = 60_000

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

describe('a state that passes', () => {
  test('INITIATING and DELETING of a service are shown for as long as the delay says; its region is taken till then', async () => {
    const { journey, does } = await begin(open.store, 'atlas')
    const service = await does.makeService()
    expect((await journey.get(service)).status).toBe('INITIATING')
    await journey.pass(delayMs)
    expect((await journey.get(service)).status).toBe('AVAILABLE')
    await does.must({ method: 'DELETE', path: service })
    await journey.settle()
    expect((await journey.get(service)).status).toBe('DELETING')
    await expect(does.makeService()).rejects.toThrow('PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION')
    await journey.pass(delayMs)
    expect((await journey.get(await does.makeService())).status).toBe('INITIATING')
  })

  test('CREATING and DELETING of a cluster are', async () => {
    const { journey, does } = await begin(open.store, 'atlas')
    await does.makeCluster()
    expect((await does.cluster()).stateName).toBe('CREATING')
    await journey.pass(delayMs)
    expect((await does.cluster()).stateName).toBe('IDLE')
    await does.removeCluster()
    await journey.settle()
    await does.cluster()
    expect((await does.cluster()).stateName).toBe('DELETING')
    await journey.pass(delayMs)
    expect((await does.cluster()).errorCode).toBe('CLUSTER_NOT_FOUND')
  })

  test('PENDING of an entry of the IP access list is', async () => {
    const { journey, does } = await begin(open.store, 'atlas')
    const list = `/api/atlas/v2/groups/${journey.groupId}/accessList`
    await does.must({ method: 'POST', path: list, body: [{ ipAddress: '192.0.2.7' }] })
    const status = async () => (await journey.get(`${list}/192.0.2.7/status`)).STATUS
    expect(await status()).toBe('PENDING')
    await journey.pass(delayMs)
    expect(await status()).toBe('ACTIVE')
  })
})

describe('a change of a cluster', () => {
  test.each([
    { says: 'tags', body: { tags: [{ key: 'env', value: 'test' }] } },
    { says: 'labels', body: { labels: [{ key: 'env', value: 'test' }] } },
    { says: 'backup', body: { backupEnabled: true } },
  ])('$says: UPDATING for a while', async ({ body }) => {
    const { journey, does } = await prepared(open.store, 'atlas')
    expect((await does.patch(body)).body).toMatchObject({ stateName: 'UPDATING' })
    await journey.settle()
    expect((await does.cluster()).stateName).toBe('UPDATING')
    await journey.pass(delayMs)
    expect((await does.cluster()).stateName).toBe('IDLE')
  })

  const codeOf = async (answer: ReturnType<ReturnType<typeof automation>['patch']>): Promise<unknown> =>
    ((await answer).body as View).errorCode

  test('a pause stands alone, and comes an hour after the last resume at the earliest', async () => {
    const { journey, does } = await prepared(open.store, 'atlas')
    expect(await codeOf(does.patch({ paused: true, backupEnabled: true }))).toBe('CANNOT_UPDATE_AND_PAUSE_CLUSTER')
    expect(await codeOf(does.patch({ paused: true, tags: [{ key: 'a', value: 'b' }] }))).toBe(
      'CANNOT_UPDATE_AND_PAUSE_CLUSTER',
    )
    for (const paused of [true, false]) {
      expect((await does.patch({ paused })).status).toBe(200)
      await journey.pass(delayMs)
    }
    expect(await codeOf(does.patch({ paused: true }))).toBe('CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER')
    // A key, because tokens do not live as long.
    const as = await journey.newCaller('API_KEY', { group: ['GROUP_OWNER'] })
    await journey.pass(59 * minute)
    const path = `/api/atlas/v2/groups/${journey.groupId}/clusters/Cluster0`
    expect((await journey.ask({ method: 'PATCH', path, body: { paused: true }, as })).status).toBe(200)
  })

  test('a paused cluster takes nothing but its resume', async () => {
    const { does } = await prepared(open.store, 'atlas')
    await does.patch({ paused: true })
    for (const body of [{ tags: [{ key: 'a', value: 'b' }] }, { terminationProtectionEnabled: true }]) {
      expect(await codeOf(does.patch(body))).toBe('CANNOT_UPDATE_PAUSED_CLUSTER')
    }
    expect((await does.patch({ paused: false })).status).toBe(200)
  })

  test('here, all of that is taken at once', async () => {
    const { does } = await prepared(open.store, 'postern')
    const tags = [{ key: 'a', value: 'b' }]
    expect((await does.patch({ tags })).body).toMatchObject({ stateName: 'IDLE' })
    for (const body of [{ paused: true, backupEnabled: true }, { tags: [] }, { paused: false }, { paused: true }]) {
      expect((await does.patch(body)).status).toBe(200)
    }
  })
})

describe('what is changed of the regional mode', () => {
  test('turns clusters UPDATING', async () => {
    const { journey, does } = await begin(open.store, 'atlas')
    const place = { provider: 'AWS', region: 'US_EAST_1' } as const
    const found = { ...place, clusterType: 'SHARDED', members: 2, version: null } as const
    const spec = JSON.stringify(describeDeployment(found, journey.parts.ids))
    await journey.newCluster('Sharded', 2, { cluster_type: 'SHARDED', spec })
    const path = `${journey.groupPath}/regionalMode`
    await does.must({ method: 'PATCH', path, body: { enabled: true } })
    const { state } = await open.store.read
      .selectFrom('cluster')
      .select('state')
      .where('group_id', '=', journey.groupId)
      .executeTakeFirstOrThrow()
    expect(state).toBe('UPDATING')
  })
})
