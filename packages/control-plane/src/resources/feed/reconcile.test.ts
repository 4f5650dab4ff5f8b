import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { sharedTierSpec } from '../cluster/shared-tier.testing.ts'
import { createJourney, type Journey } from '../private-endpoint/testing.ts'
import { everyFeed } from './wake.ts'

let open: TestStore
let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  await clearStore(open.store)
  journey = await createJourney(open.store)
})

const wake = async (times: number): Promise<void> => {
  for (let time = 0; time < times; time++) journey.parts.woken.push({ kind: 'feed', id: everyFeed })
  await journey.settle()
}
const gateway = () => journey.edge('edge-1').fetch('gateway')

describe('numbers', () => {
  test('a rebuild that changes nothing publishes nothing', async () => {
    await journey.newAwsEndpoint()
    const before = await gateway()
    await wake(2)
    expect(await gateway()).toEqual(before)
  })

  test('each change is the next number', async () => {
    await journey.newAwsEndpoint()
    const { n } = await gateway()
    await journey.newCluster('Cluster0', 1)
    expect((await gateway()).n).toBe(n + 1)
  })

  test('one turn publishes every feed, and counts up only those that say something else', async () => {
    const numbers = async () => {
      const rows = await open.store.read.selectFrom('snapshot').select(['feed', 'n']).execute()
      return Object.fromEntries(rows.map(({ feed, n }) => [feed, n]))
    }
    await journey.newAwsEndpoint()
    const { gateway = 0, ...others } = await numbers()
    const [id = ''] = await journey.newCluster('Cluster0', 1)
    const after = await numbers()
    expect(after).toEqual({ gateway: gateway + 1, dns: (others.dns ?? 0) + 1, forwarder: (others.forwarder ?? 0) + 1 })
    await open.store.transact((tx) =>
      tx.updateTable('member').set({ host_port: 'moved.example.com:27017' }).where('id', '=', id).execute(),
    )
    await wake(1)
    expect(await numbers()).toEqual({ ...after, gateway: gateway + 2 })
  })
})

describe('members behind services', () => {
  test('every member of every cluster of the group, through every service that has an endpoint', async () => {
    await journey.newCluster('Cluster0', 2)
    await journey.newCluster('Cluster1', 1)
    await journey.newAwsEndpoint('US_EAST_1')
    await journey.newAwsEndpoint('EU_WEST_1')
    await journey.newService({ providerName: 'AWS', region: 'SA_EAST_1' })
    const { body } = await gateway()
    expect(body.clusters.map(({ name }) => name).toSorted()).toEqual(['Cluster0', 'Cluster1'])
    expect(body.listeners).toHaveLength(2 * 3)
    expect(new Set(body.listeners.map(({ gatewayPort }) => gatewayPort)).size).toBe(6)
  })

  test('a member keeps its ports while others come and go, and a newcomer does not get those of one that went', async () => {
    const [first, second] = await journey.newCluster('Cluster0', 2)
    await journey.newAwsEndpoint()
    await open.store.transact((tx) =>
      tx
        .deleteFrom('member')
        .where('id', '=', first ?? '')
        .execute(),
    )
    await journey.newCluster('Cluster1', 2)
    const { body } = await gateway()
    const [endpoint] = body.endpoints
    expect(endpoint?.advertised[second ?? '']?.port).toBe(1025)
    expect(
      Object.values(endpoint?.advertised ?? {})
        .map(({ port }) => port)
        .toSorted(),
    ).toEqual([1025, 1026, 1027])
  })

  test('beyond the project’s limit a member has no port', async () => {
    await open.store.transact((tx) =>
      tx
        .insertInto('group_limit')
        .values({ group_id: journey.groupId, name: 'atlas.project.deployment.nodesPerPrivateLinkRegion', value: 2 })
        .execute(),
    )
    await journey.newAwsEndpoint()
    await journey.newCluster('Cluster0', 3)
    expect((await gateway()).body.listeners).toHaveLength(2)
  })

  test('a cluster that is being deleted is left out, and M0 was never in', async () => {
    await journey.newAwsEndpoint()
    await journey.newCluster('Gone', 1, { delete_requested: true })
    const spec = sharedTierSpec(journey.parts.ids)
    await journey.newCluster('Free', 1, { engine: 'sandbox', spec })
    expect((await gateway()).body.clusters).toEqual([])
  })

  test('TLS of a deployment goes into the gateway’s whole', async () => {
    await journey.newCluster('Cluster0', 1, { tls: JSON.stringify({ ca: null, allowInvalidHostnames: true }) })
    await journey.newAwsEndpoint()
    expect((await gateway()).body.clusters[0]?.tls).toEqual({ ca: null, allowInvalidHostnames: true })
  })

  test.each([
    { role: 'arbiter', reached: 2 },
    { role: 'delayed', reached: 2 },
    { role: 'hidden', reached: 1 },
  ])('no SRV record names a member that is $role; ports: $reached', async ({ role, reached }) => {
    const [, second] = await journey.newCluster('Cluster0', 2)
    await open.store.transact((tx) =>
      tx
        .updateTable('member')
        .set({ role })
        .where('id', '=', second ?? '')
        .execute(),
    )
    await journey.newAwsEndpoint()
    expect((await gateway()).body.listeners).toHaveLength(reached)
    const zone = await journey.edge('edge-1').fetch('dns')
    expect(zone.body.records.filter(({ type }) => type === 'SRV')).toHaveLength(1)
  })
})
