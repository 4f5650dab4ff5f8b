// Live connections over the real handlers and store, with edges that answer over the same HTTP engine.

import type { LiveConnection } from '@postern/contract/edge-question'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHttp } from '../../http/http.ts'
import { testHttpParts } from '../../http/testing.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { type AnsweringEdge, liveConnection, startAnswering } from '../edge/answering.testing.ts'
import { createEdgeNews } from '../edge/news.ts'
import { edgeQuestionHandlers } from '../edge/question-handlers.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'
import { connectionHandlers } from './handlers.ts'

let open: TestStore
let journey: Journey
let path: string
/** The endpoint, by its cloud's id and by ours. */
let cloudId: string
let serviceId: string
let endpointId: string
let clusterId: string
let edges: AnsweringEdge[]
let patience = new AbortController()

beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

beforeEach(async () => {
  await clearStore(open.store)
  edges = []
  const news = createEdgeNews()
  const more = {
    handlers: (parts: Journey['parts']) => ({
      ...connectionHandlers({ ...parts, news, patience: () => patience.signal }),
      ...edgeQuestionHandlers(parts, news),
    }),
    reconcilers: () => [],
  }
  journey = await createJourney(open.store, { more })
  path = `/api/postern/v1/groups/${journey.groupId}/connections`
  const service = await journey.newService({ providerName: 'AWS' })
  serviceId = service.id
  cloudId = 'vpce-11111111111111111'
  const body = { id: cloudId }
  await journey.ask({ method: 'POST', path: `${journey.servicePath('AWS', service.id)}/endpoint`, body })
  await journey.newCluster('Shop', 1)
  endpointId = (await open.store.read.selectFrom('private_endpoint').select('id').executeTakeFirstOrThrow()).id
  clusterId = (await open.store.read.selectFrom('cluster').select('id').executeTakeFirstOrThrow()).id
})
afterEach(async () => {
  for (const edge of edges) await edge.stop()
})

const none = { epoch: 'e', n: 1, bound: [], failed: [] }

/** An edge that has reported and holds `count` connections, numbered from `first` on. */
async function startEdge(
  name: string,
  count: number,
  { first = 1, over = {}, answers }: { first?: number; over?: Partial<LiveConnection>; answers?: number } = {},
): Promise<AnsweringEdge> {
  await journey.edge(name).report('gateway', none)
  const held = Array.from({ length: count }, (_, at) => liveConnection(first + at, { endpointId, clusterId, ...over }))
  const edge = startAnswering(journey.http, name, held, answers)
  edges.push(edge)
  return edge
}

/** Whoever waits for edges now waits no longer. */
const runOutOfPatience = (): void => {
  const before = patience
  patience = new AbortController()
  before.abort()
}

const list = async (query = ''): Promise<View> => {
  const { status, body, text } = await journey.ask({ method: 'GET', path: `${path}${query}` })
  if (status !== 200) throw new Error(text)
  return body
}
const kill = (rest: string) => journey.ask({ method: 'DELETE', path: `${path}${rest}` })
const idsOf = (body: View): string[] => body.results.map(({ id }: View) => Number.parseInt(id, 16))
const events = async () =>
  (await open.store.read.selectFrom('event').selectAll().where('type', '=', 'CONNECTIONS_KILLED').execute()).map(
    ({ actor_kind, source_address, target }) => ({ actor_kind, source_address, target }),
  )

describe('list', () => {
  test('what a connection shows', async () => {
    await startEdge('edge-1', 1)
    const { results, totalCount, unansweredEdges } = await list()
    expect([totalCount, unansweredEdges]).toEqual([1, []])
    expect(results).toEqual([
      {
        id: '000000000000000000000001',
        edge: 'edge-1',
        endpointId: cloudId,
        endpointServiceId: expect.stringMatching(/^[0-9a-f]{24}$/),
        cloudProvider: 'AWS',
        clusterName: 'Shop',
        member: '127.0.0.1:27017',
        source: '10.0.0.9:50001',
        tls: false,
        driver: 'nodejs 7.9.0',
        appName: 'shop',
        os: 'Linux 6.1 x64',
        platform: 'Node.js v22.1.0, LE',
        user: 'app@admin',
        since: '2026-01-01T00:00:01.000Z',
        lastActivity: '2026-01-01T01:00:00.000Z',
        operations: 3,
        bytesFromClient: 100,
        bytesFromMember: 200,
      },
    ])
  })

  test('pages go from edge to edge and show each connection once', async () => {
    await startEdge('edge-1', 3)
    await startEdge('edge-2', 2, { first: 11 })
    const pages = [1, 2, 3, 4].map((pageNum) => list(`?itemsPerPage=2&pageNum=${pageNum}`))
    expect((await Promise.all(pages)).map(idsOf)).toEqual([[1, 2], [3, 11], [12], []])
    expect(await list('?itemsPerPage=2')).toMatchObject({ totalCount: 5 })
  })

  test.each([
    { says: 'an application', query: '?appName=cart', found: [11] },
    { says: 'no such application', query: '?appName=none', found: [] },
    { says: 'an endpoint, in any case', query: '?endpointId=VPCE-11111111111111111', found: [1, 11] },
    { says: 'a cluster', query: '?clusterName=Shop', found: [1] },
  ])('those of $says', async ({ query, found }) => {
    await startEdge('edge-1', 1)
    await startEdge('edge-2', 1, { first: 11, over: { appName: 'cart', clusterId: 'd'.repeat(24) } })
    expect(idsOf(await list(query))).toEqual(found)
  })

  test('a connection of another group’s endpoint is never shown', async () => {
    await startEdge('edge-1', 1, { over: { endpointId: 'f'.repeat(24) } })
    expect(await list()).toMatchObject({ results: [], totalCount: 0 })
  })

  test('nobody is asked about a group without endpoints', async () => {
    await journey.edge('edge-1').report('gateway', none)
    await open.store.transact((tx) => tx.deleteFrom('private_endpoint').execute())
    expect(await list()).toMatchObject({ results: [], totalCount: 0, unansweredEdges: [] })
  })

  test('an edge that was not heard of for a while is named and not asked', async () => {
    await journey.edge('edge-0').report('gateway', none)
    await journey.pass(61_000)
    await startEdge('edge-1', 1)
    expect(await list()).toMatchObject({ totalCount: 1, unansweredEdges: ['edge-0'] })
  })

  test('an edge that does not answer is waited for a while, and named', async () => {
    await startEdge('edge-1', 1)
    await journey.edge('edge-2').report('gateway', none)
    const listing = list()
    await expect.poll(() => questionsOf('edge-1')).toBe(0)
    await expect.poll(() => questionsOf('edge-2')).toBe(1)
    runOutOfPatience()
    expect(await listing).toMatchObject({ totalCount: 1, unansweredEdges: ['edge-2'] })
    expect(await questionsOf()).toBe(0)
  })

  test('another control plane than the edge polls gets the answers too', async () => {
    await startEdge('edge-1', 1)
    const other = createHttp(
      { ...testHttpParts, ...journey.parts },
      connectionHandlers({ ...journey.parts, news: createEdgeNews() }),
    )
    const authorization = await journey.owner({ method: 'GET', path, challenge: '' })
    const request = new Request(`http://localhost:8080${path}`, { headers: { authorization } })
    const response = await other.fetch(request, { remoteAddress: '127.0.0.1', rawTarget: path })
    expect(await response.json()).toMatchObject({ totalCount: 1, unansweredEdges: [] })
  })
})

describe('summary', () => {
  const summary = async (query = ''): Promise<View> => {
    const { status, body, text } = await journey.ask({ method: 'GET', path: `${path}:summary${query}` })
    if (status !== 200) throw new Error(text)
    return body
  }
  const gateway = {
    connectionsPerEndpointLimit: 5_000,
    newPerSecondPerEndpointLimit: 1_000,
    connectionsLimit: 20_000,
  }

  test('is added up over the edges', async () => {
    await startEdge('edge-1', 1)
    await startEdge('edge-2', 2, { first: 11, over: { appName: 'cart' } })
    expect(await summary()).toEqual({
      connections: 3,
      endpoints: [
        {
          endpointId: cloudId,
          endpointServiceId: expect.stringMatching(/^[0-9a-f]{24}$/),
          cloudProvider: 'AWS',
          connections: 3,
          working: 1,
          connectionsLimit: null,
          newPerSecondLimit: null,
          refused: [
            {
              code: 'TOO_MANY_CONNECTIONS',
              count: 2,
              last: '2026-01-01T00:00:11.000Z',
              lastConnection: expect.stringMatching(/^0+[0-9a-f]+$/),
            },
          ],
        },
      ],
      endpointServices: [
        {
          endpointServiceId: serviceId,
          cloudProvider: 'AWS',
          refused: [
            {
              code: 'UNTRUSTED_SOURCE',
              count: 4,
              last: '2026-01-01T00:00:11.000Z',
              lastConnection: '00000000000000000000000b',
              lastEdge: 'edge-2',
              lastPort: 27_021,
              lastFrom: '10.0.0.8',
            },
          ],
        },
      ],
      appNames: [
        { appName: 'cart', connections: 2 },
        { appName: 'shop', connections: 1 },
      ],
      sources: [{ source: '10.0.0.9', connections: 3 }],
      gateways: [
        { edge: 'edge-1', connections: 1, ...gateway },
        { edge: 'edge-2', connections: 2, ...gateway },
      ],
      unansweredEdges: [],
    })
  })

  test('who was turned away at a port is told of the service of the endpoint that is asked for, and of no other', async () => {
    await startEdge('edge-1', 1)
    const { id } = await journey.newService({ providerName: 'AZURE' })
    const servicesIn = async (query = '') =>
      (await summary(query)).endpointServices.map(({ endpointServiceId }: View) => endpointServiceId)
    expect((await servicesIn()).sort()).toEqual([serviceId, id].sort())
    expect(await servicesIn(`?endpointId=${cloudId}`)).toEqual([serviceId])
  })

  test('of one application, and of an edge that has none of it', async () => {
    await startEdge('edge-1', 1)
    await startEdge('edge-2', 2, { first: 11, over: { appName: 'cart' } })
    expect(await summary('?appName=shop')).toMatchObject({
      connections: 1,
      appNames: [{ appName: 'shop', connections: 1 }],
      gateways: [{ connections: 1 }, { connections: 0 }],
    })
  })

  test('where nobody has ever reported, there is nothing', async () => {
    const nothing = {
      connections: 0,
      endpoints: [],
      endpointServices: [],
      appNames: [],
      sources: [],
      gateways: [],
      unansweredEdges: [],
    }
    expect(await summary()).toEqual(nothing)
  })
})

/** How many questions wait for an answer. */
const questionsOf = async (edge?: string): Promise<number> => {
  const waiting = open.store.read.selectFrom('edge_question').select('id').where('answer', 'is', null)
  return (await (edge === undefined ? waiting : waiting.where('edge', '=', edge)).execute()).length
}

describe('kill', () => {
  test('one by its id, and the event says which', async () => {
    const edge = await startEdge('edge-1', 3)
    const other = await startEdge('edge-2', 1, { first: 11 })
    expect(await kill('/000000000000000000000002')).toMatchObject({
      status: 200,
      body: { killed: 1, unansweredEdges: [] },
    })
    expect([edge.held().length, other.held().length]).toEqual([2, 1])
    expect(idsOf(await list())).toEqual([1, 3, 11])
    expect(await events()).toEqual([
      {
        actor_kind: 'SERVICE_ACCOUNT',
        source_address: '127.0.0.1',
        target: {
          connectionId: '000000000000000000000002',
          endpointId: cloudId,
          source: '10.0.0.9:50002',
          driver: 'nodejs 7.9.0',
          appName: 'shop',
          connections: 1,
        },
      },
    ])
  })

  test('all of an application, on every edge', async () => {
    await startEdge('edge-1', 2)
    const stays = await startEdge('edge-2', 1, { first: 11, over: { appName: 'cart' } })
    await startEdge('edge-3', 1, { first: 21 })
    expect(await kill('?appName=shop')).toMatchObject({ status: 200, body: { killed: 3, unansweredEdges: [] } })
    expect(stays.held()).toHaveLength(1)
    expect((await events()).map(({ target }) => target)).toEqual([{ appName: 'shop', connections: 3 }])
  })

  test('where there is none, nothing is done and no event is left', async () => {
    await startEdge('edge-1', 1)
    expect(await kill('?appName=none')).toMatchObject({ status: 200, body: { killed: 0, unansweredEdges: [] } })
    expect(await events()).toEqual([])
  })

  test('an edge that falls silent between the questions is named, and the event is there', async () => {
    const edge = await startEdge('edge-1', 1, { answers: 1 })
    const killing = kill('?appName=shop')
    await expect.poll(async () => (await events()).length).toBe(1)
    runOutOfPatience()
    expect(await killing).toMatchObject({ status: 200, body: { killed: 0, unansweredEdges: ['edge-1'] } })
    expect(edge.held()).toHaveLength(1)
  })

  test.each([
    { says: 'nothing that says which', rest: '', refused: [400, 'VALIDATION_ERROR'] },
    { says: 'an empty name', rest: '?appName=', refused: [400, 'QUERY_PARAM_PARSE_ERROR'] },
    { says: 'no such endpoint', rest: '?endpointId=vpce-0', refused: [404, 'POSTERN_ENDPOINT_NOT_FOUND'] },
    { says: 'no such cluster', rest: '?clusterName=None', refused: [404, 'CLUSTER_NOT_FOUND'] },
    { says: 'an id that is none', rest: '/7', refused: [400, 'PATH_PARAM_PARSE_ERROR'] },
    { says: 'no such connection', rest: `/${'f'.repeat(24)}`, refused: [404, 'POSTERN_CONNECTION_NOT_FOUND'] },
  ])('$says is refused, and nothing ends', async ({ rest, refused }) => {
    const edge = await startEdge('edge-1', 1)
    const { status, body } = await kill(rest)
    expect([status, (body as View).errorCode]).toEqual(refused)
    expect(edge.held()).toHaveLength(1)
    expect(await events()).toEqual([])
  })

  test('whether a connection is at an edge that does not answer, nobody can say', async () => {
    await journey.edge('edge-0').report('gateway', none)
    await journey.pass(61_000)
    await startEdge('edge-1', 1)
    const { status, body } = await kill(`/${'f'.repeat(24)}`)
    expect([status, body]).toEqual([503, expect.objectContaining({ errorCode: 'POSTERN_EDGES_UNANSWERED' })])
    expect((body as View).detail).toContain('edge-0')
  })

  test('who only reads may list and not kill', async () => {
    const edge = await startEdge('edge-1', 1)
    const as = await journey.newCaller('API_KEY', { group: ['GROUP_READ_ONLY'] })
    expect((await journey.ask({ method: 'GET', path, as })).status).toBe(200)
    for (const rest of ['?appName=shop', '/000000000000000000000001'])
      expect((await journey.ask({ method: 'DELETE', path: `${path}${rest}`, as })).status).toBe(403)
    expect(edge.held()).toHaveLength(1)
  })
})

describe('the edge’s side', () => {
  const base = '/api/postern/v1/edges/edge-1/questions'
  const headers = { authorization: `Bearer ${testHttpParts.edgeToken}` }
  const answer = { count: 0, connections: [] }

  test('an answer that nobody waits for is refused', async () => {
    const wish = { method: 'POST', path: `${base}/${'a'.repeat(24)}/answer`, body: answer, as: null, headers }
    expect(await journey.ask(wish)).toMatchObject({
      status: 404,
      body: { errorCode: 'POSTERN_EDGE_QUESTION_NOT_FOUND' },
    })
  })

  test('a question that a control plane left behind when it died is handed to nobody, and goes with the next one', async () => {
    const old = {
      id: 'a'.repeat(24),
      edge: 'edge-1',
      body: '{}',
      created: new Date(journey.parts.clock.now() - 10_000),
    }
    await open.store.transact((tx) => tx.insertInto('edge_question').values(old).execute())
    await startEdge('edge-1', 1)
    expect((await list()).totalCount).toBe(1)
    expect(await questionsOf()).toBe(1)
    await journey.pass(1)
    await list()
    expect(await questionsOf()).toBe(0)
  })

  test.each([{}, { authorization: 'Bearer nonsense' }])('nobody but an edge: %j', async (wrong) => {
    expect((await journey.ask({ method: 'GET', path: base, as: null, headers: wrong })).status).toBe(401)
    const answerPath = `${base}/${'a'.repeat(24)}/answer`
    expect(
      (await journey.ask({ method: 'POST', path: answerPath, body: answer, as: null, headers: wrong })).status,
    ).toBe(401)
  })
})
