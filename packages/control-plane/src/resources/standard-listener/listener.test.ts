// A standard listener over the real handlers, store and feed: off at first, its ports and names when it is on, what edges are
// told, what strings say, and that private only closes it.

import { type GatewaySnapshot, type Numbered, snapshotSchemas, snapshotSchemasHeader } from '@postern/contract/snapshot'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { clusterHandlers } from '../cluster/handlers.ts'
import { sharedTierSpec } from '../cluster/shared-tier.testing.ts'
import { describeDeployment } from '../deployment/description.ts'
import { groupAccessListHandlers } from '../group-access-list/handlers.ts'
import { groupAccessListReconciler } from '../group-access-list/reconcile.ts'
import { groupSwitchHandlers } from '../group-switch/handlers.ts'
import { createJourney, type Journey, type JourneyOptions, type View } from '../private-endpoint/testing.ts'
import { standardListenerHandlers } from './handlers.ts'

let open: TestStore
let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => clearStore(open.store))

const begin = async (settings: JourneyOptions['settings'] = {}): Promise<void> => {
  journey = await createJourney(open.store, {
    settings,
    more: {
      handlers: (parts) => ({
        ...clusterHandlers(parts),
        ...groupAccessListHandlers(parts),
        ...groupSwitchHandlers(parts),
        ...standardListenerHandlers(parts),
      }),
      reconcilers: (parts) => [groupAccessListReconciler(parts)],
    },
  })
  const place = {
    provider: 'AWS',
    region: 'US_EAST_1',
    clusterType: 'REPLICASET',
    members: 3,
    version: '8.0.4',
  } as const
  await journey.newCluster('Shop', 3, { spec: JSON.stringify(describeDeployment(place, journey.parts.ids)) })
}

const own = (path: string): string => `/api/postern/v1/groups/${journey.groupId}/${path}`
const atlas = (path: string): string => `/api/atlas/v2/groups/${journey.groupId}/${path}`
const told = (): Promise<View> => journey.get(own('clusters/Shop/standardListener'))
const change = async (method: string, path: string, body?: unknown): Promise<View> => {
  const answer = await journey.ask({ method, path, ...(body !== undefined && { body }) })
  if (answer.status >= 400) throw new Error(answer.text)
  await journey.settle()
  return answer.body
}
const turn = (enabled: boolean) => change('PATCH', own('clusters/Shop/standardListener'), { enabled })
const privateOnly = (enabled: boolean) => change('PATCH', own('privateOnly'), { enabled })
const allow = (...entries: readonly object[]) => change('POST', atlas('accessList'), entries)
const strings = async (): Promise<View> => (await journey.get(atlas('clusters/Shop'))).connectionStrings
/** As an edge of this release is told. */
const gateway = async (): Promise<Numbered<GatewaySnapshot>> => {
  const headers = {
    authorization: 'Bearer edge-token-of-this-test',
    [snapshotSchemasHeader]: snapshotSchemas.join(', '),
  }
  const path = '/api/postern/v1/edges/edge-1/snapshots/gateway'
  return (await journey.ask({ method: 'GET', path, as: null, headers })).body as Numbered<GatewaySnapshot>
}

test('off at first; on, it has a port for each member, and is OPEN once every gateway serves it', async () => {
  await begin()
  expect(await told()).toEqual({
    id: null,
    enabled: false,
    policy: { maxSnapshotAgeSeconds: null },
    state: 'OFF',
    problem: null,
    accessList: 0,
    connectionString: null,
    srvConnectionString: null,
    members: [],
  })
  const before = await strings()
  expect(await turn(true)).toMatchObject({ enabled: true, state: 'OPENING' })
  expect(await told()).toMatchObject({ state: 'OPENING', problem: 'No gateway has ever reported; start one.' })
  const edge = journey.edge('edge-1')
  await edge.takeOver()
  const { state, problem, connectionString, srvConnectionString, members } = await told()
  expect({ state, problem }).toEqual({
    state: 'OPEN',
    problem: "The project's IP access list is empty, so nobody is let in.",
  })
  expect(connectionString).toBe(
    'mongodb://127.0.0.1:40000,127.0.0.1:40001,127.0.0.1:40002/?ssl=true&authSource=admin&replicaSet=rs0',
  )
  expect(members[0]).toEqual({ hostPort: '127.0.0.1:27017', host: '127.0.0.1', port: 40_000, gatewayPort: 40_000 })
  expect(await strings()).toMatchObject({ standard: connectionString, standardSrv: srvConnectionString })
  await turn(false)
  expect(await told()).toMatchObject({
    state: 'CLOSING',
    problem: 'The gateway of edge edge-1 has not let go of it yet.',
  })
  await edge.takeOver()
  expect(await told()).toMatchObject({ enabled: false, state: 'OFF', problem: null, members: [] })
  expect(await strings()).toEqual(before)
  await turn(true)
  expect((await told()).connectionString).toBe(connectionString)
})

test('a port that a gateway cannot bind is told, with its words', async () => {
  await begin()
  await turn(true)
  await journey.edge('edge-1').takeOver({ '40001': 'in use by another program' })
  expect(await told()).toMatchObject({ state: 'FAILED', problem: expect.stringContaining('in use by another program') })
})

test('gateways are told of its door, with the access list, and our DNS of its names', async () => {
  await begin({ standardHost: '192.0.2.1' })
  await turn(true)
  await allow({ cidrBlock: '10.0.0.0/8' }, { ipAddress: '198.51.100.7', deleteAfterDate: '2026-01-01T01:00:00Z' })
  const { body } = await gateway()
  const [endpoint] = body.endpoints
  const srv = new URL((await told()).srvConnectionString).hostname
  expect(body.listeners).toMatchObject(
    [40_000, 40_001, 40_002].map((gatewayPort) => ({ gatewayPort, endpointId: endpoint?.id })),
  )
  expect(endpoint).toMatchObject({
    cloudEndpointId: 'standard:Shop',
    tls: true,
    byAddress: true,
    names: [`standard.${srv}`],
    policy: {
      accessList: [{ cidr: '10.0.0.0/8' }, { cidr: '198.51.100.7/32', untilMs: Date.UTC(2026, 0, 1, 1) }],
    },
  })
  const { body: zone } = await journey.edge('edge-1').fetch('dns')
  expect(zone.records).toMatchObject([
    { type: 'A', name: `standard.${srv}`, value: '192.0.2.1' },
    ...[40_000, 40_001, 40_002].map((port) => ({
      type: 'SRV',
      name: `_mongodb._tcp.${srv}`,
      port,
      target: `standard.${srv}`,
    })),
    { type: 'TXT', name: srv, value: 'authSource=admin&replicaSet=rs0' },
  ])
})

describe('its policy', () => {
  const patch = (body: object) => change('PATCH', own('clusters/Shop/standardListener'), body)
  const policyOfDoor = async () => (await gateway()).body.endpoints[0]?.policy

  test('reaches the gateways beside the access list, stays while it is off, and is taken back', async () => {
    await begin()
    await turn(true)
    const edge = journey.edge('edge-1')
    await edge.takeOver()
    expect(await policyOfDoor()).toEqual({ accessList: [] })
    const policy = { maxSnapshotAgeSeconds: 300 }
    // It is open, and was not opened anew.
    expect(await patch({ policy })).toMatchObject({ enabled: true, policy, state: 'OPEN' })
    expect(await policyOfDoor()).toEqual({ accessList: [], maxSnapshotAgeMs: 300_000 })
    await turn(false)
    await turn(true)
    expect(await told()).toMatchObject({ policy })
    expect(await policyOfDoor()).toMatchObject({ maxSnapshotAgeMs: 300_000 })
    await patch({ policy: { maxSnapshotAgeSeconds: null } })
    expect(await policyOfDoor()).toEqual({ accessList: [] })
  })

  test('can be said before it is first opened, and together with that', async () => {
    await begin()
    expect(await patch({ policy: { maxSnapshotAgeSeconds: 60 } })).toMatchObject({ enabled: false })
    expect((await gateway()).body.endpoints).toEqual([])
    expect(await patch({ enabled: true, policy: { maxSnapshotAgeSeconds: 90 } })).toMatchObject({
      enabled: true,
      policy: { maxSnapshotAgeSeconds: 90 },
    })
    expect(await policyOfDoor()).toMatchObject({ maxSnapshotAgeMs: 90_000 })
  })

  test('said before it is first opened, closes nothing: no gateway ever had it', async () => {
    await begin()
    await journey.edge('edge-1').takeOver()
    await journey.pass(61_000)
    expect(await patch({ policy: { maxSnapshotAgeSeconds: 60 } })).toMatchObject({ state: 'OFF', problem: null })
    await journey.ask({ method: 'DELETE', path: atlas('clusters/Shop') })
    expect(await told()).toMatchObject({ state: 'OFF', problem: null })
  })

  test('leaves an event that says it', async () => {
    await begin()
    await turn(true)
    for (const _ of [1, 2]) await patch({ policy: { maxSnapshotAgeSeconds: 300 } })
    const rows = await open.store.read
      .selectFrom('event')
      .select('target')
      .where('type', '=', 'CLUSTER_STANDARD_LISTENER_UPDATED')
      .orderBy('n')
      .execute()
    expect(rows.map(({ target }) => target)).toMatchObject([
      { enabled: true, maxSnapshotAgeSeconds: null },
      { enabled: true, maxSnapshotAgeSeconds: 300 },
    ])
  })

  test.each([59, 604_801, 60.5, 'soon'])('refuses an age of %j, names the field, and writes nothing', async (age) => {
    await begin()
    const body = { enabled: true, policy: { maxSnapshotAgeSeconds: age } }
    const answer = await journey.ask({ method: 'PATCH', path: own('clusters/Shop/standardListener'), body })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('policy.maxSnapshotAgeSeconds')
    expect(await told()).toMatchObject({ id: null, enabled: false })
  })
})

test('an edge that reads no policies is told to let nobody in there', async () => {
  await begin()
  await turn(true)
  await allow({ cidrBlock: '0.0.0.0/0' })
  const older = await journey.edge('edge-1').fetch('gateway')
  expect(older.body.endpoints).toMatchObject([{ cloudEndpointId: 'standard:Shop', status: 'REFUSED' }])
})

test('an entry that is added, removed, or whose time is over reaches the gateways; a security group lets nobody in', async () => {
  await begin()
  await turn(true)
  await journey.edge('edge-1').takeOver()
  const list = async () => (await gateway()).body.endpoints[0]?.policy?.accessList
  await allow({ awsSecurityGroup: 'sg-0123456789abcdef0' })
  await journey.edge('edge-1').takeOver()
  expect(await told()).toMatchObject({ accessList: 0, problem: expect.stringContaining('only AWS security groups') })
  expect(await list()).toEqual([])
  await allow({ ipAddress: '198.51.100.7' }, { ipAddress: '198.51.100.8', deleteAfterDate: '2026-01-01T00:30:00Z' })
  await journey.edge('edge-1').takeOver()
  expect(await told()).toMatchObject({ state: 'OPEN', accessList: 2, problem: null })
  await change('DELETE', atlas(`accessList/${encodeURIComponent('198.51.100.7/32')}`))
  expect(await list()).toMatchObject([{ cidr: '198.51.100.8/32' }])
  await journey.pass(30 * 60_000)
  expect(await list()).toEqual([])
})

test('private only closes it, and opens it again', async () => {
  await begin()
  const edge = journey.edge('edge-1')
  await turn(true)
  await edge.takeOver()
  await privateOnly(true)
  expect(await told()).toMatchObject({ enabled: true, state: 'CLOSING' })
  expect((await gateway()).body).toEqual({ listeners: [], endpoints: [], clusters: [] })
  await edge.takeOver()
  expect(await told()).toMatchObject({
    enabled: true,
    state: 'CLOSED_BY_PRIVATE_ONLY',
    connectionString: null,
    problem: expect.stringContaining('private only'),
  })
  expect(await strings()).not.toHaveProperty('standard')
  expect(await strings()).not.toHaveProperty('standardSrv')
  await privateOnly(false)
  await edge.takeOver()
  expect(await told()).toMatchObject({ state: 'OPEN' })
})

test('a member that becomes hidden has no port while it is, and the same one afterwards', async () => {
  await begin()
  const edge = journey.edge('edge-1')
  await turn(true)
  await edge.takeOver()
  const { connectionString } = await told()
  const becomes = async (role: string): Promise<void> => {
    await open.store.transact((tx) => tx.updateTable('member').set({ role }).where('position', '=', 1).execute())
    await allow({ ipAddress: `198.51.100.${role.length}` })
    await edge.takeOver()
  }
  await becomes('hidden')
  expect((await gateway()).body.listeners.map(({ gatewayPort }) => gatewayPort)).toEqual([40_000, 40_002])
  expect(await told()).toMatchObject({ state: 'OPEN', members: [{ port: 40_000 }, { port: 40_002 }] })
  await becomes('secondary')
  expect(await told()).toMatchObject({ state: 'OPEN', connectionString })
})

test('a member that comes has its port with the next turn, and OPEN is told once gateways serve that too', async () => {
  await begin()
  const edge = journey.edge('edge-1')
  await turn(true)
  await edge.takeOver()
  const { connectionString } = await told()
  await open.store.transact(async (tx) => {
    const one = await tx.selectFrom('member').selectAll().where('position', '=', 0).executeTakeFirstOrThrow()
    const more = { id: journey.parts.ids.objectId(), host_port: '127.0.0.1:27030', role: 'secondary', position: 3 }
    await tx
      .insertInto('member')
      .values({ ...one, ...more })
      .execute()
  })
  expect(await told()).toMatchObject({
    state: 'OPENING',
    problem: 'No port of the gateways was given to 127.0.0.1:27030 yet.',
    connectionString,
  })
  await allow({ ipAddress: '198.51.100.7' })
  expect(await told()).toMatchObject({ state: 'OPENING', problem: expect.stringContaining('40003') })
  await edge.takeOver()
  expect(await told()).toMatchObject({ state: 'OPEN', problem: null, members: [{}, {}, {}, { port: 40_003 }] })
})

test('one of a cluster that is to be deleted is CLOSING until the gateways have let go of it', async () => {
  await begin()
  const edge = journey.edge('edge-1')
  await turn(true)
  await edge.takeOver()
  await journey.ask({ method: 'DELETE', path: atlas('clusters/Shop') })
  expect(await told()).toMatchObject({ state: 'CLOSING' })
  await journey.settle()
  expect(await told()).toMatchObject({
    state: 'CLOSING',
    problem: 'The gateway of edge edge-1 has not let go of it yet.',
  })
  await edge.takeOver()
  expect(await told()).toMatchObject({ state: 'OFF', problem: null })
})

test('of a sharded cluster every router has a port, and none spreads over them', async () => {
  await begin()
  await open.store.transact((tx) =>
    tx.updateTable('cluster').set({ cluster_type: 'SHARDED', set_name: null }).execute(),
  )
  await open.store.transact((tx) => tx.updateTable('member').set({ role: 'mongos' }).execute())
  await turn(true)
  expect(await told()).toMatchObject({
    connectionString: 'mongodb://127.0.0.1:40000,127.0.0.1:40001,127.0.0.1:40002/?ssl=true&authSource=admin',
  })
  expect((await gateway()).body.listeners).toHaveLength(3)
  const { body } = await journey.edge('edge-1').fetch('dns')
  expect(body.records.filter(({ type }) => type === 'TXT')).toMatchObject([{ value: 'authSource=admin' }])
})

test('ports that are used up: told, and given when there are some', async () => {
  await begin({ gatewayPorts: { from: 40_000, to: 40_001 } })
  await turn(true)
  const edge = journey.edge('edge-1')
  await edge.takeOver()
  expect(await told()).toMatchObject({
    state: 'FAILED',
    problem: 'No port of the gateways is left for 127.0.0.1:27019: widen POSTERN_GATEWAY_PORTS.',
  })
  await open.store.transact((tx) => tx.deleteFrom('member').where('position', '=', 0).execute())
  await allow({ ipAddress: '198.51.100.7' })
  await edge.takeOver()
  expect(await told()).toMatchObject({ state: 'OPEN', members: [{ port: 40_001 }, { port: 40_000 }] })
})

test('an edge gets a certificate for a listener that is open, and for no other', async () => {
  await begin()
  await turn(true)
  const [endpoint] = (await gateway()).body.endpoints
  const ask = () =>
    journey.ask({
      method: 'POST',
      path: '/api/postern/v1/edges/edge-1/certificates',
      as: null,
      headers: { authorization: 'Bearer edge-token-of-this-test' },
      body: { endpointId: endpoint?.id, csr: 'none' },
    })
  expect((await ask()).body).not.toMatchObject({ errorCode: 'POSTERN_NO_SUCH_TLS_ENDPOINT' })
  await privateOnly(true)
  expect(await ask()).toMatchObject({ status: 404, body: { errorCode: 'POSTERN_NO_SUCH_TLS_ENDPOINT' } })
})

test('a cluster without private endpoints for its tier may have one, and still has no private way in', async () => {
  await begin()
  const spec = sharedTierSpec(journey.parts.ids)
  await journey.newCluster('Free', 1, { engine: 'sandbox', spec })
  await change('PATCH', own('clusters/Free/standardListener'), { enabled: true })
  const { body } = await gateway()
  expect(body.endpoints).toMatchObject([{ cloudEndpointId: 'standard:Free' }])
  expect(body.listeners).toMatchObject([{ endpointId: body.endpoints[0]?.id }])
})

test('a deleted cluster takes its listener along', async () => {
  await begin()
  await turn(true)
  await open.store.transact((tx) => tx.updateTable('cluster').set({ delete_requested: true }).execute())
  await journey.settle()
  await turn(true).catch((error: Error) => expect(error.message).toContain('CLUSTER_ALREADY_REQUESTED_DELETION'))
  await privateOnly(true)
  expect((await gateway()).body.listeners).toEqual([])
})

test('an edge that serves another project alone is told nothing of it', async () => {
  await begin()
  await turn(true)
  const { createCuts } = await import('../edge/cuts.ts')
  const cuts = createCuts(open)
  const { epoch, n, body } = await gateway()
  const whole = { schema: 3, epoch, n, text: JSON.stringify({ epoch, n, body }) }
  const serves = (groupIds: readonly string[]) => ({ programs: ['gateway'] as const, orgIds: null, groupIds })
  const sent = async (groupIds: readonly string[]) => JSON.parse((await cuts.whole(serves(groupIds), whole)).text).body
  expect(await sent([journey.groupId])).toEqual(body)
  expect(await sent(['f'.repeat(24)])).toEqual({ listeners: [], endpoints: [], clusters: [] })
})

test('each change leaves an event, and one that changes nothing none', async () => {
  await begin()
  for (const enabled of [false, true, true, false]) await turn(enabled)
  const rows = await open.store.read
    .selectFrom('event')
    .select('target')
    .where('type', '=', 'CLUSTER_STANDARD_LISTENER_UPDATED')
    .orderBy('n')
    .execute()
  expect(rows.map(({ target }) => target)).toMatchObject([
    { clusterName: 'Shop', enabled: true },
    { clusterName: 'Shop', enabled: false },
  ])
})

test.each([{}, { enabled: 'yes' }, { enabled: true, more: 1 }, { policy: { readOnly: true } }, [], null])(
  'a body that is none is refused: %j',
  async (body) => {
    await begin()
    const answer = await journey.ask({ method: 'PATCH', path: own('clusters/Shop/standardListener'), body })
    expect(answer.status).toBe(400)
    expect(await told()).toMatchObject({ enabled: false })
  },
)

test('a cluster that is not there: 404', async () => {
  await begin()
  for (const method of ['GET', 'PATCH'])
    expect(
      await journey.ask({
        method,
        path: own('clusters/Other/standardListener'),
        ...(method === 'PATCH' && { body: { enabled: true } }),
      }),
    ).toMatchObject({ status: 404, body: { errorCode: 'CLUSTER_NOT_FOUND' } })
})
