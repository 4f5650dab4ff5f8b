import { snapshotSchemas } from '@postern/contract/snapshot'
import { withChange } from '@postern/contract/snapshot-change'
import { version } from '@postern/contract/version'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHttp } from '../../http/http.ts'
import { createTestApi, testHttpParts } from '../../http/testing.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { everyFeed } from '../feed/wake.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'
import { newPerson } from '../user/testing.ts'
import { edgeForgetHandlers } from './forget-handlers.ts'
import { edgeHandlers } from './handlers.ts'
import { createEdgeNews, type EdgeNews } from './news.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => clearStore(open.store))

const headers = { authorization: 'Bearer edge-token-of-this-test' }
const base = '/api/postern/v1/edges/edge-1'
const report = { epoch: 'e', n: 1, bound: ['40000'], failed: [{ id: '40001', reason: 'in use' }] }
const traffic = {
  endpointId: 'a'.repeat(24),
  bytesFromClient: 1,
  bytesFromMember: 1,
  connections: 0,
  newConnections: 0,
  refused: 0,
}

describe('snapshots by long poll', () => {
  test('who holds nothing gets the newest whole at once', async () => {
    const journey = await createJourney(open.store)
    expect(await journey.edge('edge-1').fetch('gateway')).toEqual({
      epoch: open.epoch,
      n: 1,
      body: { listeners: [], endpoints: [], clusters: [] },
    })
  })

  test('who holds a number of another epoch gets the newest whole at once, however high it was', async () => {
    const journey = await createJourney(open.store)
    const path = `${base}/snapshots/gateway?epoch=other&after=99`
    expect((await journey.ask({ method: 'GET', path, as: null, headers })).status).toBe(200)
  })

  const answerFor = async (schemas?: string) => {
    const journey = await createJourney(open.store)
    const said: Record<string, string> = schemas === undefined ? {} : { 'postern-snapshot-schemas': schemas }
    return journey.ask({
      method: 'GET',
      path: `${base}/snapshots/forwarder`,
      as: null,
      headers: { ...headers, ...said },
    })
  }
  const served = { epoch: expect.any(String), n: 1, body: { listeners: [] } }

  test('an edge of the release before, which says nothing of schemas, is served the three fields that it knows', async () => {
    const { status, body } = await answerFor()
    expect([status, body]).toEqual([200, served])
  })

  test.each([
    { says: 'an edge of the release before', reads: '1, 2', schema: 2 },
    { says: 'an edge of this release', reads: '1, 2, 3', schema: 3 },
    { says: 'an edge of the next release', reads: '3, 4', schema: 3 },
  ])('$says is served the newest schema that both know', async ({ reads, schema }) => {
    const { status, body } = await answerFor(reads)
    expect([status, body]).toEqual([200, { schema, ...served }])
  })

  test('an edge that is two releases ahead is refused, told what to do, and keeps what it has', async () => {
    const { status, body } = await answerFor('4, 5')
    expect([status, body]).toEqual([
      406,
      expect.objectContaining({
        errorCode: 'POSTERN_SNAPSHOT_SCHEMA_UNKNOWN',
        detail:
          'Edge edge-1 reads snapshots of schema 4, 5, and this control plane writes 1, 2, 3. Upgrade the control plane; until then the edge serves what it has.',
      }),
    ])
  })

  test('a whole that was stored by the release before is served as it is until it is published anew', async () => {
    const journey = await createJourney(open.store)
    await open.store.transact((tx) => tx.updateTable('snapshot').set({ schema: 1 }).execute())
    const ask = { method: 'GET', path: `${base}/snapshots/forwarder`, as: null }
    const both = { ...headers, 'postern-snapshot-schemas': '1, 2' }
    expect((await journey.ask({ ...ask, headers: both })).body).toMatchObject({ schema: 1, n: 1 })
    expect((await journey.ask({ ...ask, headers: { ...headers, 'postern-snapshot-schemas': '2' } })).status).toBe(406)
  })

  test('who holds the newest waits, and is answered when the next is published', async () => {
    const journey = await createJourney(open.store)
    const path = `${base}/snapshots/gateway?epoch=${open.epoch}&after=1`
    const waiting = journey.ask({ method: 'GET', path, as: null, headers })
    await journey.newAwsEndpoint()
    const answer = await waiting
    expect([answer.status, (answer.body as View).n]).toEqual([200, 2])
    expect((answer.body as View).body.endpoints).toHaveLength(1)
  })

  test('what another control plane published is seen without a word from it', async () => {
    const [one, two] = [await createJourney(open.store), createEdgeNews()]
    const other = createHttp({ ...testHttpParts, ...one.parts }, edgeHandlers(one.parts, two))
    const path = `${base}/snapshots/dns?epoch=${open.epoch}&after=1`
    const request = new Request(`http://localhost:8080${path}`, { headers })
    const waiting = other.fetch(request, { remoteAddress: '127.0.0.1', rawTarget: path })
    await open.store.transact((tx) => tx.updateTable('snapshot').set({ n: 2 }).where('feed', '=', 'dns').execute())
    expect(await (await waiting).json()).toMatchObject({ n: 2 })
  })

  test('it is laid out or wrapped for a person who asks for that, and says the same', async () => {
    const journey = await createJourney(open.store)
    const ask = { method: 'GET', path: `${base}/snapshots/dns`, as: null, headers }
    const { body } = await journey.ask(ask)
    const pretty = await journey.ask({ ...ask, path: `${ask.path}?pretty=true` })
    expect(pretty.body).toEqual(body)
    expect(pretty.text.split('\n').length).toBeGreaterThan(3)
    const wrapped = await journey.ask({ ...ask, path: `${ask.path}?envelope=true` })
    expect(wrapped.body).toEqual({ status: 200, content: body })
  })

  test('nothing newer within the time: 204 without a body', async () => {
    const start = Date.UTC(2026, 0, 1)
    let looks = 0
    // Each look at the clock is 26 s after the last: the time is up at the first one after the question.
    const api = await createTestApi(open.store, (parts) => edgeHandlers(parts, createEdgeNews()), {
      clock: { now: () => start + 26_000 * looks++ },
    })
    const answer = await api.ask({ method: 'GET', path: `${base}/snapshots/gateway`, as: null, headers })
    expect([answer.status, answer.text]).toEqual([204, ''])
  })

  test('a caller that went away is not waited for', async () => {
    const journey = await createJourney(open.store)
    const leave = new AbortController()
    const news: EdgeNews = {
      ...createEdgeNews(),
      next: async () => leave.abort(),
    }
    const http = createHttp({ ...testHttpParts, ...journey.parts }, edgeHandlers(journey.parts, news))
    const path = `${base}/snapshots/gateway?epoch=${open.epoch}&after=1`
    const request = new Request(`http://localhost:8080${path}`, { headers, signal: leave.signal })
    expect((await http.fetch(request, { remoteAddress: '127.0.0.1', rawTarget: path })).status).toBe(204)
  })
})

describe('changes instead of a whole', () => {
  const reads = { ...headers, 'postern-snapshot-schemas': snapshotSchemas.join(', ') }
  const takes = { ...reads, 'postern-snapshot-changes': '1' }
  interface Answered {
    readonly n: number
    readonly body?: unknown
    readonly changes?: readonly unknown[]
  }
  const ask = async (journey: Journey, after: number, said: Readonly<Record<string, string>> = takes) => {
    const path = `${base}/snapshots/gateway?epoch=${open.epoch}&after=${after}`
    const { status, body } = await journey.ask({ method: 'GET', path, as: null, headers: said })
    expect(status).toBe(200)
    return body as Answered
  }
  /** A world of some size, so that a change of it is much smaller than the whole: its gateway feed and a way to change it. */
  const world = async () => {
    const journey = await createJourney(open.store)
    const { id } = await journey.newAwsEndpoint()
    await journey.newCluster('Cluster0', 20)
    const members = await open.store.read.selectFrom('member').select('id').orderBy('id').execute()
    const move = async (at: number): Promise<void> => {
      const host_port = `moved-${at}.example.com:27017`
      await open.store.transact((tx) =>
        tx
          .updateTable('member')
          .set({ host_port })
          .where('id', '=', members[0]?.id ?? '')
          .execute(),
      )
      journey.parts.woken.push({ kind: 'feed', id: everyFeed })
      await journey.settle()
    }
    return { journey, id, move, whole: () => journey.edge('edge-1').fetch('gateway') }
  }
  const laidUpon = (body: unknown, { changes = [] }: Answered): unknown =>
    changes.reduce((made: unknown, change) => ({ ...withChange(made, change) }), body)

  test('whoever holds the number before, or a few less, is told what is other', async () => {
    const { move, journey, whole } = await world()
    const held = await whole()
    await move(1)
    const one = await ask(journey, held.n)
    expect(one).toMatchObject({ schema: snapshotSchemas.at(-1), epoch: open.epoch, n: held.n + 1, after: held.n })
    expect(laidUpon(held.body, one)).toEqual((await whole()).body)
    await move(2)
    const two = await ask(journey, held.n)
    expect(two.changes).toHaveLength(2)
    expect(laidUpon(held.body, two)).toEqual((await whole()).body)
    expect(JSON.stringify(one).length).toBeLessThan(JSON.stringify(await whole()).length / 2)
  })

  test.each([
    { says: 'an edge of the release before', said: reads },
    { says: 'one that reads an older schema', said: { ...takes, 'postern-snapshot-schemas': '1' } },
    { says: 'one that takes them in another form', said: { ...takes, 'postern-snapshot-changes': '2' } },
  ])('$says is sent the whole', async ({ said }) => {
    const { move, journey, whole } = await world()
    const { n } = await whole()
    await move(1)
    expect(await ask(journey, n, said)).toMatchObject({ n: n + 1, body: (await whole()).body })
  })

  test('so is who is further behind than changes are kept, or holds a number that none began at', async () => {
    const { move, journey, whole } = await world()
    const { n } = await whole()
    await move(1)
    await move(2)
    await open.store.transact((tx) =>
      tx
        .deleteFrom('snapshot_change')
        .where('n', '=', n + 1)
        .execute(),
    )
    expect(await ask(journey, n)).toMatchObject({ n: n + 2, body: (await whole()).body })
    expect((await ask(journey, n + 1)).changes).toHaveLength(1)
  })

  test('a control plane that started since tells them too, from the whole that is stored', async () => {
    const { move, whole } = await world()
    const held = await whole()
    await move(1)
    const journey = await createJourney(open.store)
    const answer = await ask(journey, held.n)
    expect(laidUpon(held.body, answer)).toEqual((await whole()).body)
  })

  test('no more of them are kept than edges can be behind', async () => {
    const { move } = await world()
    for (let at = 0; at < 40; at += 1) await move(at)
    const rows = await open.store.read.selectFrom('snapshot_change').select('n').where('feed', '=', 'gateway').execute()
    expect(rows).toHaveLength(32)
  })
})

describe('who may', () => {
  test.each([
    { says: 'nobody', as: {} },
    { says: 'a wrong token', as: { authorization: 'Bearer nonsense' } },
  ])('$says: 401', async ({ as }) => {
    const journey = await createJourney(open.store)
    for (const [method, path] of [
      ['GET', `${base}/snapshots/gateway`],
      ['POST', `${base}/reports/gateway`],
    ] as const) {
      const body = method === 'POST' ? { body: report } : {}
      expect((await journey.ask({ method, path, as: null, headers: as, ...body })).status).toBe(401)
    }
    expect((await journey.get('/api/postern/v1/edges')).results).toEqual([])
  })
})

describe('reports', () => {
  const send = (journey: Awaited<ReturnType<typeof createJourney>>, body: unknown, path = `${base}/reports/gateway`) =>
    journey.ask({ method: 'POST', path, body, as: null, headers })

  test('the version of the program that reported last, beside the control plane’s own', async () => {
    const journey = await createJourney(open.store)
    const listed = async () => (await journey.get('/api/postern/v1/edges')).results
    await journey.edge('edge-1').fetch('gateway')
    expect(await listed()).toMatchObject([{ version: null, versionIs: null }])
    await send(journey, { ...report, version: '99.0.0-rc.1' })
    expect(await listed()).toMatchObject([{ version: '99.0.0-rc.1', versionIs: 'NEWER' }])
    await journey.pass(1)
    await send(journey, { ...report, version }, `${base}/reports/dns`)
    expect(await listed()).toMatchObject([{ version, versionIs: 'SAME' }])
    expect((await send(journey, { ...report, version: 'new' })).status).toBe(400)
  })

  test('the last one of each feed is kept and listed', async () => {
    const journey = await createJourney(open.store)
    expect((await send(journey, { ...report, n: 0 })).status).toBe(204)
    expect((await send(journey, report)).status).toBe(204)
    const { results, totalCount } = await journey.get('/api/postern/v1/edges')
    expect([results, totalCount]).toEqual([
      [
        {
          edge: 'edge-1',
          state: 'LIVE',
          seen: '2026-01-01T00:00:00.000Z',
          dnsAddress: null,
          connections: 0,
          version: null,
          versionIs: 'OLDER',
          identity: null,
          enrolment: null,
          feeds: [
            {
              feed: 'gateway',
              epoch: 'e',
              n: 1,
              behind: null,
              bound: 1,
              failed: [{ id: '40001', reason: 'in use' }],
              seen: '2026-01-01T00:00:00.000Z',
            },
          ],
        },
      ],
      1,
    ])
  })

  test.each<{ says: string; orgIds: readonly ('ours' | 'others' | 'gone')[] | null | 'shared token'; sees: boolean }>([
    { says: 'came by the shared token', orgIds: 'shared token', sees: false },
    { says: 'was enrolled for everything', orgIds: null, sees: false },
    { says: 'was enrolled for this organization', orgIds: ['ours'], sees: true },
    { says: 'was enrolled for this one and that of others', orgIds: ['ours', 'others'], sees: false },
    { says: 'was enrolled for this one and one that is gone', orgIds: ['ours', 'gone'], sees: true },
    { says: 'was enrolled for one that is gone', orgIds: ['gone'], sees: false },
  ])('of one that $says, the owner of one of two organizations sees what it cannot serve: $sees', async (row) => {
    const journey = await createJourney(open.store)
    await send(journey, report)
    const { orgIds } = row
    const ids = { ours: journey.orgId, others: 'e'.repeat(24), gone: 'f'.repeat(24) }
    await open.store.transact(async (tx) => {
      await tx
        .insertInto('organization')
        .values({ id: ids.others, name: 'Others', created: new Date(0) })
        .execute()
      if (orgIds === 'shared token') return
      const identity = {
        proof: 'CREDENTIAL',
        key_hash: '',
        credential_hash: '',
        token_hash: '',
        programs: '["gateway"]',
        enrolled: new Date(0),
        revoked: null,
      }
      const served = orgIds && JSON.stringify(orgIds.map((each) => ids[each]))
      await tx
        .insertInto('edge_identity')
        .values({ ...identity, edge: 'edge-1', org_ids: served, group_ids: null, owner_org_ids: served ?? '[]' })
        .execute()
    })
    expect((await journey.get('/api/postern/v1/edges')).results[0].feeds).toMatchObject([
      { failed: row.sees ? report.failed : null },
    ])
  })

  test('what it cannot serve is null, which is not nothing, to who owns no organization', async () => {
    const journey = await createJourney(open.store)
    await send(journey, report)
    const reader = await newPerson(journey, 'reader@example.com', { group: ['GROUP_READ_ONLY'] })
    const { body } = await reader.ask({ method: 'GET', path: '/api/postern/v1/edges' })
    expect(body).toMatchObject({ results: [{ edge: 'edge-1', feeds: [{ bound: 1, failed: null }] }] })
  })

  test('where its DNS server is asked is what its last report of that feed says', async () => {
    const journey = await createJourney(open.store)
    const addressOf = async () => (await journey.get('/api/postern/v1/edges')).results[0].dnsAddress
    await send(journey, { ...report, dnsAddress: '127.0.0.1:5300' })
    expect(await addressOf()).toBe(null)
    await send(journey, { ...report, dnsAddress: '127.0.0.1:5300' }, `${base}/reports/dns`)
    expect(await addressOf()).toBe('127.0.0.1:5300')
    await send(journey, report, `${base}/reports/dns`)
    expect(await addressOf()).toBe(null)
  })

  test('how far it is behind, and how many connections it has open, are told', async () => {
    const journey = await createJourney(open.store)
    await journey.newAwsEndpoint()
    const { n, body: snapshot } = await journey.edge('edge-1').fetch('gateway')
    const [endpoint] = snapshot.endpoints
    const counted = { ...traffic, endpointId: endpoint?.id, connections: 3 }
    await send(journey, {
      ...report,
      epoch: open.epoch,
      n: n - 1,
      traffic: { run: 'r', n: 1, endpoints: [counted, { ...traffic, connections: 9 }] },
    })
    expect((await journey.get('/api/postern/v1/edges')).results).toMatchObject([
      { edge: 'edge-1', connections: 3, feeds: [{ feed: 'gateway', n: n - 1, behind: 1 }] },
    ])
    await send(journey, { ...report, epoch: open.epoch, n }, `${base}/reports/forwarder`)
    expect((await journey.get('/api/postern/v1/edges')).results[0].feeds).toMatchObject([
      { feed: 'forwarder', behind: 0 },
      { feed: 'gateway', behind: 1 },
    ])
  })

  test('an edge that polls is alive though it has nothing new to report', async () => {
    const journey = await createJourney(open.store)
    await send(journey, report)
    await journey.pass(61_000)
    expect((await journey.get('/api/postern/v1/edges')).results[0].state).toBe('SILENT')
    await journey.edge('edge-1').fetch('gateway')
    expect((await journey.get('/api/postern/v1/edges')).results[0].state).toBe('LIVE')
  })

  test('the same again, as a sign of life, wakes nobody', async () => {
    const journey = await createJourney(open.store)
    await send(journey, report)
    await journey.newAwsEndpoint()
    await send(journey, report)
    expect(journey.parts.woken).toEqual([])
    await send(journey, { ...report, bound: [] })
    expect(journey.parts.woken.map(({ kind }) => kind)).toEqual(['privateEndpoint'])
  })

  test.each([
    { says: 'no such feed', path: `${base}/reports/news`, body: report },
    { says: 'a name that is none', path: '/api/postern/v1/edges/a%2Fb/reports/gateway', body: report },
    { says: 'a number below zero', path: `${base}/reports/gateway`, body: { ...report, n: -1 } },
    { says: 'no list', path: `${base}/reports/gateway`, body: { ...report, bound: 'all' } },
    { says: 'neither lists nor what they are known by', path: `${base}/reports/gateway`, body: { epoch: 'e', n: 1 } },
    { says: 'both', path: `${base}/reports/gateway`, body: { ...report, lists: 'a'.repeat(64) } },
    { says: 'what no lists are known by', path: `${base}/reports/gateway`, body: { epoch: 'e', n: 1, lists: 'a' } },
    {
      says: 'the traffic of an endpoint twice',
      path: `${base}/reports/gateway`,
      body: { ...report, traffic: { run: 'r', n: 1, endpoints: [traffic, traffic] } },
    },
  ])('$says: 400, and nothing is kept', async ({ path, body }) => {
    const journey = await createJourney(open.store)
    expect((await send(journey, body, path)).status).toBe(400)
    expect((await journey.get('/api/postern/v1/edges')).results).toEqual([])
  })
})

test('an edge is forgotten by who owns an organization, and by nobody else', async () => {
  const api = await createTestApi(open.store, (parts) => ({
    ...edgeHandlers(parts, createEdgeNews()),
    ...edgeForgetHandlers(parts),
  }))
  await api.ask({ method: 'POST', path: `${base}/reports/gateway`, body: report, as: null, headers })
  const path = '/api/postern/v1/edges/edge-1'
  const member = await api.newCaller('API_KEY', { org: ['ORG_MEMBER'], group: ['GROUP_OWNER'] })
  expect(await api.ask({ method: 'DELETE', path, as: member })).toMatchObject({
    status: 403,
    body: { errorCode: 'USER_UNAUTHORIZED' },
  })
  expect((await api.ask({ method: 'DELETE', path })).status).toBe(204)
  expect(await api.ask({ method: 'DELETE', path })).toMatchObject({ body: { errorCode: 'POSTERN_EDGE_NOT_FOUND' } })
})
