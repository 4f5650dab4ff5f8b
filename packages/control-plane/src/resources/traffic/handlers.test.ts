// Traffic over the real handlers and store: edges report over the HTTP engine, and the clock is the test's.

import type { EndpointTraffic, TrafficReport } from '@postern/contract/edge-traffic'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '../../http/testing.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { describeDeployment } from '../deployment/description.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'
import { trafficHandlers } from './handlers.ts'

const minute = 60_000
const cloudId = 'vpce-11111111111111111'

let open: TestStore
let journey: Journey
let path: string
let endpointId: string
/** By a key, which lasts however far the clock moves. */
let reader: Caller

beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

beforeEach(async () => {
  await clearStore(open.store)
  journey = await createJourney(open.store, { more: { handlers: trafficHandlers, reconcilers: () => [] } })
  reader = await journey.newCaller('API_KEY', { group: ['GROUP_READ_ONLY'] })
  const { id } = await journey.newService({ providerName: 'AWS' })
  const body = { id: cloudId }
  await journey.ask({ method: 'POST', path: `${journey.servicePath('AWS', id)}/endpoint`, body })
  endpointId = (await open.store.read.selectFrom('private_endpoint').select('id').executeTakeFirstOrThrow()).id
  path = `/api/postern/v1/groups/${journey.groupId}/privateEndpoint/AWS/endpointService/${id}/endpoint/${cloudId}/traffic`
})

const told = (bytes: number, over: Partial<EndpointTraffic> = {}): EndpointTraffic => ({
  endpointId,
  bytesFromClient: bytes,
  bytesFromMember: 10 * bytes,
  connections: 1,
  newConnections: 1,
  refused: 0,
  ...over,
})

const report = (edge: string, traffic?: TrafficReport) =>
  journey.edge(edge).report('gateway', { epoch: 'e', n: 1, bound: [], failed: [], traffic })
const say = async (edge: string, run: string, n: number, endpoints: readonly EndpointTraffic[]): Promise<void> => {
  const { status, text } = await report(edge, { run, n, endpoints })
  if (status !== 204) throw new Error(text)
}

const points = async (query = '?period=PT3M'): Promise<readonly View[]> => {
  const { status, body, text } = await journey.ask({ method: 'GET', path: `${path}${query}`, as: reader })
  if (status !== 200) throw new Error(text)
  return (body as View).points
}
const bytes = async (query?: string) => (await points(query)).map(({ bytesFromClient }) => bytesFromClient)
const connections = async (query?: string) => (await points(query)).map((point) => point.connections)
const rows = async (table: 'traffic_point' | 'edge_traffic' | 'edge_run'): Promise<number> =>
  (await open.store.read.selectFrom(table).selectAll().execute()).length

test('what an edge counted is a point of the minute in which it told', async () => {
  await say('edge-1', 'run-1', 1, [told(100, { connections: 3, newConnections: 4, refused: 2 })])
  expect(await points('?period=PT2M')).toEqual([
    {
      from: '2025-12-31T23:59:00.000Z',
      bytesFromClient: 0,
      bytesFromMember: 0,
      connections: 0,
      newConnections: 0,
      refused: 0,
    },
    {
      from: '2026-01-01T00:00:00.000Z',
      bytesFromClient: 100,
      bytesFromMember: 1_000,
      connections: 3,
      newConnections: 4,
      refused: 2,
    },
  ])
})

test('reports of a minute are one point, those of the next another', async () => {
  await say('edge-1', 'run-1', 1, [told(100)])
  await journey.pass(5_000)
  await say('edge-1', 'run-1', 2, [told(150)])
  await journey.pass(minute)
  await say('edge-1', 'run-1', 3, [told(175)])
  expect(await bytes()).toEqual([0, 150, 25])
})

test('edges are added up', async () => {
  await say('edge-1', 'run-1', 1, [told(100)])
  await say('edge-2', 'run-9', 1, [told(7)])
  expect([await bytes(), await connections()]).toEqual([
    [0, 0, 107],
    [0, 0, 2],
  ])
})

describe('nothing counts twice', () => {
  test('a report that is sent again, since its answer was lost', async () => {
    await say('edge-1', 'run-1', 1, [told(100)])
    await say('edge-1', 'run-1', 1, [told(100)])
    await say('edge-1', 'run-1', 2, [told(100)])
    expect(await bytes()).toEqual([0, 0, 100])
  })

  test('ten of them at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => say('edge-1', 'run-1', 1, [told(100)])))
    expect(await bytes()).toEqual([0, 0, 100])
  })

  test('another control plane of the same store goes on from what the first was told', async () => {
    await say('edge-1', 'run-1', 1, [told(100)])
    journey = await createOther()
    await say('edge-1', 'run-1', 2, [told(140)])
    const kept = await open.store.read.selectFrom('traffic_point').select('bytes_from_client').execute()
    expect(kept.reduce((sum, row) => sum + row.bytes_from_client, 0)).toBe(140)
  })

  test('an edge that was killed begins at zero, and its connections are over', async () => {
    await say('edge-1', 'run-1', 1, [told(100, { connections: 5 })])
    await journey.pass(2 * minute)
    await say('edge-1', 'run-2', 1, [])
    expect([await bytes(), await connections()]).toEqual([
      [100, 0, 0],
      [0, 0, 0],
    ])
    await say('edge-1', 'run-2', 2, [told(8)])
    await say('edge-1', 'run-1', 2, [told(120)])
    expect([await bytes(), await connections()]).toEqual([
      [100, 0, 8],
      [0, 0, 1],
    ])
  })

  test('an edge that is removed while it lives, and comes back', async () => {
    await say('edge-1', 'run-1', 1, [told(100)])
    await open.store.transact((tx) => tx.deleteFrom('edge_report').execute())
    await say('edge-1', 'run-1', 2, [told(101)])
    expect(await bytes()).toEqual([0, 0, 101])
  })
})

describe('what is kept', () => {
  test('nothing is written where nothing moved', async () => {
    await say('edge-1', 'run-1', 1, [told(100)])
    const before = await open.store.read.selectFrom('edge_run').selectAll().execute()
    await journey.pass(5 * minute)
    await report('edge-1')
    expect([await rows('traffic_point'), await rows('edge_traffic')]).toEqual([1, 1])
    expect(await open.store.read.selectFrom('edge_run').selectAll().execute()).toEqual(before)
  })

  test('a point is there for a day', async () => {
    await say('edge-1', 'run-1', 1, [told(100)])
    await journey.pass(24 * 60 * minute - minute)
    await say('edge-1', 'run-1', 2, [told(101)])
    expect(await rows('traffic_point')).toBe(2)
    await journey.pass(2 * minute)
    await say('edge-1', 'run-1', 3, [told(103)])
    expect(await rows('traffic_point')).toBe(2)
    expect((await bytes('?period=PT24H')).reduce((sum, one) => sum + one, 0)).toBe(3)
  })

  test('an edge that was removed and told nothing for a day is forgotten; one that is only quiet is not', async () => {
    await say('edge-1', 'run-1', 1, [told(100)])
    await say('edge-2', 'run-1', 1, [told(100)])
    await open.store.transact((tx) => tx.deleteFrom('edge_report').where('edge', '=', 'edge-1').execute())
    await journey.pass(25 * 60 * minute)
    await say('edge-3', 'run-1', 1, [])
    const edges = await open.store.read.selectFrom('edge_run').select('edge').orderBy('edge').execute()
    expect(edges).toEqual([{ edge: 'edge-2' }, { edge: 'edge-3' }])
    await say('edge-2', 'run-1', 2, [told(101)])
    expect(await bytes()).toEqual([0, 0, 1])
  })

  test('endpoints that an edge still knows and the store does not are passed over', async () => {
    await say('edge-1', 'run-1', 1, [told(100, { endpointId: 'f'.repeat(24) }), told(5)])
    expect([await bytes(), await rows('traffic_point')]).toEqual([[0, 0, 5], 1])
  })

  test('it goes with the endpoint', async () => {
    await say('edge-1', 'run-1', 1, [told(100)])
    await open.store.transact((tx) => tx.deleteFrom('private_endpoint').execute())
    expect([await rows('traffic_point'), await rows('edge_traffic')]).toEqual([0, 0])
  })
})

test('connections of an edge that is not heard of any more are not shown as open', async () => {
  await say('edge-1', 'run-1', 1, [told(100, { connections: 5 })])
  expect(await connections('?period=PT1M')).toEqual([5])
  await journey.pass(minute)
  expect(await connections('?period=PT2M')).toEqual([5, 5])
  await journey.pass(minute)
  expect(await connections('?period=PT3M')).toEqual([5, 0, 0])
})

describe('the period', () => {
  test.each([
    { query: '', count: 60 },
    { query: '?period=PT5M', count: 5 },
    { query: '?period=PT1H', count: 60 },
    { query: '?period=PT1H30M', count: 6 },
    { query: '?period=P1D', count: 96 },
  ])('"$query" answers $count points', async ({ query, count }) => {
    expect(await points(query)).toHaveLength(count)
  })

  test.each(['PT', 'PT0M', 'PT25H', 'PT1441M', 'P2D', '1h', 'PT1S', 'PT-1H', 'pt1h', 'PT99999999999M'])(
    '%s is refused, and named',
    async (period) => {
      const { status, body } = await journey.ask({ method: 'GET', path: `${path}?period=${period}` })
      expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('period')])
    },
  )
})

test('whoever has no role on the project is told nothing', async () => {
  const stranger = await journey.newCaller('API_KEY', { org: ['ORG_MEMBER'] })
  expect(await journey.ask({ method: 'GET', path, as: stranger })).toMatchObject({ status: 404 })
})

test('an unknown endpoint is not found', async () => {
  const { status, body } = await journey.ask({ method: 'GET', path: path.replace(cloudId, 'vpce-22222222222222222') })
  expect([status, (body as View).errorCode]).toEqual([404, 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND'])
})

test.each([
  { says: 'a count below zero', traffic: { run: 'r', n: 1, endpoints: [{ ...nothing(), bytesFromClient: -1 }] } },
  { says: 'a part of a byte', traffic: { run: 'r', n: 1, endpoints: [{ ...nothing(), refused: 0.5 }] } },
  { says: 'no run', traffic: { n: 1, endpoints: [] } },
])('a report with $says is refused, and nothing written', async ({ traffic }) => {
  const { status } = await report('edge-1', traffic as TrafficReport)
  expect([status, await rows('edge_run'), await rows('traffic_point')]).toEqual([400, 0, 0])
})

function nothing(): EndpointTraffic {
  return { endpointId: 'e', bytesFromClient: 0, bytesFromMember: 0, connections: 0, newConnections: 0, refused: 0 }
}

/** A control plane beside the first one, which the same edges may report to. */
async function createOther(): Promise<Journey> {
  return createJourney(open.store, { more: { handlers: trafficHandlers, reconcilers: () => [] } })
}

describe('of a standard listener', () => {
  let clusterId: string
  const listenerId = '9'.repeat(24)
  const points = async (): Promise<View> => {
    const at = `/api/postern/v1/groups/${journey.groupId}/clusters/Shop/standardListener/traffic?period=PT1M`
    const { status, body, text } = await journey.ask({ method: 'GET', path: at, as: reader })
    if (status !== 200) throw new Error(text)
    return (body as View).points
  }
  beforeEach(async () => {
    const place = {
      provider: 'AWS',
      region: 'US_EAST_1',
      clusterType: 'REPLICASET',
      members: 1,
      version: '8.0.4',
    } as const
    await journey.newCluster('Shop', 1, { spec: JSON.stringify(describeDeployment(place, journey.parts.ids)) })
    clusterId = (await open.store.read.selectFrom('cluster').select('id').executeTakeFirstOrThrow()).id
  })
  const made = () =>
    open.store.transact((tx) =>
      tx
        .insertInto('standard_listener')
        .values({ id: listenerId, cluster_id: clusterId, enabled: true, created: new Date() })
        .execute(),
    )

  test('it is told as that of an endpoint, beside it', async () => {
    await made()
    await say('edge-1', 'run-1', 1, [told(100, { endpointId: listenerId, refused: 2 }), told(7)])
    expect(await points()).toMatchObject([{ bytesFromClient: 100, bytesFromMember: 1_000, connections: 1, refused: 2 }])
    expect(await bytes('?period=PT1M')).toEqual([7])
  })

  test('one that was never on has points of zero, and what an edge says of it is passed over', async () => {
    await say('edge-1', 'run-1', 1, [told(100, { endpointId: listenerId })])
    expect(await points()).toMatchObject([{ bytesFromClient: 0, connections: 0 }])
    expect(await rows('traffic_point')).toBe(0)
  })

  test('it goes with the cluster', async () => {
    await made()
    await say('edge-1', 'run-1', 1, [told(100, { endpointId: listenerId }), told(7)])
    await open.store.transact((tx) => tx.deleteFrom('cluster').where('id', '=', clusterId).execute())
    expect([await rows('traffic_point'), await rows('edge_traffic')]).toEqual([1, 1])
  })

  test('of a cluster that is not there: 404', async () => {
    const at = `/api/postern/v1/groups/${journey.groupId}/clusters/Other/standardListener/traffic`
    const { status, body } = await journey.ask({ method: 'GET', path: at, as: reader })
    expect([status, (body as View).errorCode]).toEqual([404, 'CLUSTER_NOT_FOUND'])
  })
})
