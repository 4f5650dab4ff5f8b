import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { eventHandlers } from './handlers.ts'
import { type NewEvent, recordEvent } from './record.ts'

interface Shown {
  readonly id: string
  readonly eventTypeName: string
  readonly links: readonly { readonly href: string }[]
}
interface Page {
  readonly totalCount: number
  readonly results: readonly Shown[]
  readonly links: readonly { readonly rel: string; readonly href: string }[]
}

const start = Date.parse('2026-08-10T03:00:00Z')
const key = { kind: 'API_KEY', id: 'a'.repeat(24), name: 'abcdefgh' } as const

let stored: TestStore
let api: TestApi
let now = start

/** One event a minute, oldest first. */
const happens = async (events: readonly Partial<NewEvent>[]): Promise<void> => {
  for (const event of events) {
    now += 60_000
    await stored.store.transact((tx) =>
      recordEvent(tx, api.parts, {
        type: 'CLUSTER_CREATED',
        orgId: api.orgId,
        groupId: api.groupId,
        actor: key,
        sourceAddress: '192.0.2.1',
        target: {},
        ...event,
      }),
    )
  }
}

beforeAll(async () => {
  stored = await createTestStore()
  api = await createTestApi(stored.store, eventHandlers, { clock: { now: () => now } })
  await stored.store.transact((tx) => tx.deleteFrom('event').execute())
  await happens([
    { type: 'GROUP_CREATED', actor: { kind: 'USER', id: 'b'.repeat(24), name: 'jane@example.com' } },
    { type: 'CLUSTER_CREATED', target: { clusterName: 'one' } },
    { type: 'CLUSTER_READY', target: { clusterName: 'one' }, actor: null, sourceAddress: null },
    { type: 'CLUSTER_CREATED', target: { clusterName: 'two' } },
    { type: 'MONGODB_USER_ADDED', target: { username: 'app', databaseName: 'admin' } },
    { type: 'API_KEY_CREATED', groupId: null, target: { targetPublicKey: 'hgfedcba' } },
    { type: 'CLUSTER_CREATED', groupId: 'c'.repeat(24), target: { clusterName: 'elsewhere' } },
  ])
})
afterAll(() => stored?.close())

const ofGroup = async (query = '') =>
  (await api.ask({ method: 'GET', path: `/api/atlas/v2/groups/${api.groupId}/events${query}` })).body as Page
const ofOrg = async (query = '') =>
  (await api.ask({ method: 'GET', path: `/api/atlas/v2/orgs/${api.orgId}/events${query}` })).body as Page
const types = ({ results }: Page): readonly string[] => results.map(({ eventTypeName }) => eventTypeName)

describe('what a list shows', () => {
  test("a group's own events, newest first", async () => {
    expect(types(await ofGroup())).toEqual([
      'MONGODB_USER_ADDED',
      'CLUSTER_CREATED',
      'CLUSTER_READY',
      'CLUSTER_CREATED',
      'GROUP_CREATED',
    ])
  })
  test("an organization's own events, and those of its groups that concern the whole", async () => {
    expect(types(await ofOrg())).toEqual(['API_KEY_CREATED', 'GROUP_CREATED'])
  })
  test('who acted, from where and on what, in the fields of their kind', async () => {
    const [user, , ready, made, group] = (await ofGroup()).results
    expect(user).toMatchObject({
      apiKeyId: key.id,
      publicKey: key.name,
      remoteAddress: '192.0.2.1',
      dbUserUsername: 'app',
      groupId: api.groupId,
      isGlobalAdmin: false,
      created: '2026-08-10T03:05:00Z',
    })
    expect(user).not.toHaveProperty('orgId')
    expect(made).toMatchObject({ clusterName: 'one' })
    expect(ready).not.toHaveProperty('publicKey')
    expect(ready).not.toHaveProperty('remoteAddress')
    expect(group).toMatchObject({ userId: 'b'.repeat(24), username: 'jane@example.com' })
    const [apiKey] = (await ofOrg()).results
    expect(apiKey).toMatchObject({ orgId: api.orgId, targetPublicKey: 'hgfedcba' })
    expect(apiKey?.links[0]?.href).toContain('/groups/null/events/')
  })
})

describe('filters', () => {
  test.each([
    { says: 'one type', query: '?eventType=CLUSTER_READY', found: ['CLUSTER_READY'] },
    {
      says: 'several types',
      query: '?eventType=CLUSTER_READY&eventType=GROUP_CREATED',
      found: ['CLUSTER_READY', 'GROUP_CREATED'],
    },
    {
      says: 'all but some types',
      query: '?excludedEventType=CLUSTER_CREATED&excludedEventType=MONGODB_USER_ADDED',
      found: ['CLUSTER_READY', 'GROUP_CREATED'],
    },
    { says: 'one cluster', query: '?clusterNames=one', found: ['CLUSTER_READY', 'CLUSTER_CREATED'] },
    { says: 'a type of one cluster', query: '?clusterNames=two&eventType=CLUSTER_CREATED', found: ['CLUSTER_CREATED'] },
    { says: 'a cluster without events', query: '?clusterNames=none', found: [] },
    {
      says: 'from a moment on',
      query: '?minDate=2026-08-10T03:04:00Z',
      found: ['MONGODB_USER_ADDED', 'CLUSTER_CREATED'],
    },
    { says: 'up to a moment', query: '?maxDate=2026-08-10T03:01:00Z', found: ['GROUP_CREATED'] },
    {
      says: 'between two moments, one with an offset',
      query: `?minDate=2026-08-10T03:02:00Z&maxDate=${encodeURIComponent('2026-08-10T05:03:00+02:00')}`,
      found: ['CLUSTER_READY', 'CLUSTER_CREATED'],
    },
    { says: 'a type that no event has', query: '?eventType=NO_SUCH_TYPE', found: [] },
  ])('$says', async ({ query, found }) => {
    const page = await ofGroup(query)
    expect(types(page)).toEqual(found)
    expect(page.totalCount).toBe(found.length)
  })
  test.each([
    { says: 'a person', query: '?actor=jane@example.com', found: ['GROUP_CREATED'] },
    { says: 'the system itself', query: '?actor=postern', found: ['CLUSTER_READY'] },
    {
      says: 'a key, on one cluster',
      query: '?actor=abcdefgh&clusterNames=one',
      found: ['CLUSTER_CREATED'],
    },
    { says: 'one of two', query: '?actor=postern&actor=jane@example.com', found: ['CLUSTER_READY', 'GROUP_CREATED'] },
    { says: 'nobody', query: '?actor=nobody', found: [] },
  ])('Postern’s own list, by $says', async ({ query, found }) => {
    const { body } = await api.ask({ method: 'GET', path: `/api/postern/v1/groups/${api.groupId}/events${query}` })
    expect(types(body as Page)).toEqual(found)
    expect((body as Page).totalCount).toBe(found.length)
  })
  test('Postern’s own list of an organization, by who acted', async () => {
    const of = (query: string) => api.ask({ method: 'GET', path: `/api/postern/v1/orgs/${api.orgId}/events${query}` })
    expect(types((await of('?actor=jane@example.com')).body as Page)).toEqual(['GROUP_CREATED'])
    expect(types((await of('?actor=abcdefgh&clusterNames=one')).body as Page)).toEqual([])
    expect(types((await of('?excludedEventType=GROUP_CREATED')).body as Page)).toEqual(['API_KEY_CREATED'])
  })
  test.each([
    { says: 'a day that is none', query: '?minDate=yesterday', parameter: 'minDate' },
    { says: 'a type in small letters', query: '?eventType=cluster_ready', parameter: 'eventType' },
    { says: 'a cluster name with a space', query: '?clusterNames=a%20b', parameter: 'clusterNames' },
    { says: 'a flag that is neither', query: '?includeRaw=maybe', parameter: 'includeRaw' },
    { says: 'one date twice', query: '?minDate=2026-08-10T03:04:00Z&minDate=x', parameter: 'minDate' },
  ])('$says is refused by name', async ({ query, parameter }) => {
    const answer = await api.ask({ method: 'GET', path: `/api/atlas/v2/groups/${api.groupId}/events${query}` })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'QUERY_PARAM_PARSE_ERROR' } })
    expect((answer.body as { parameters: readonly string[] }).parameters).toContain(parameter)
  })
})

describe('pages', () => {
  test.each([
    { says: 'counted', query: '?itemsPerPage=2', total: 5 },
    { says: 'not counted: 0, as recorded', query: '?itemsPerPage=2&includeCount=false', total: 0 },
  ])('follow each other, $says', async ({ query, total }) => {
    const seen: string[] = []
    let path: string | undefined = `/api/atlas/v2/groups/${api.groupId}/events${query}`
    while (path !== undefined) {
      const page = (await api.ask({ method: 'GET', path })).body as Page
      expect(page.totalCount).toBe(total)
      seen.push(...page.results.map(({ id }) => id))
      path = page.links.find(({ rel }) => rel === 'next')?.href.replace('http://localhost:8080', '')
    }
    expect(seen).toEqual((await ofGroup()).results.map(({ id }) => id))
  })
})

describe('one event', () => {
  test('is read by its id, and in full where asked', async () => {
    const [first] = (await ofGroup('?eventType=CLUSTER_READY')).results
    const path = `/api/atlas/v2/groups/${api.groupId}/events/${first?.id}`
    expect((await api.ask({ method: 'GET', path })).body).toEqual(first)
    const { body } = await api.ask({ method: 'GET', path: `${path}?includeRaw=true` })
    expect(body).toMatchObject({ raw: { id: first?.id, cid: api.groupId, gn: 'Group 0', orgName: 'Org' } })
  })
  test('of the organization, only where its list shows it', async () => {
    const [shown] = (await ofOrg()).results
    const [hidden] = (await ofGroup()).results
    const path = `/api/atlas/v2/orgs/${api.orgId}/events`
    expect((await api.ask({ method: 'GET', path: `${path}/${shown?.id}` })).body).toEqual(shown)
    expect(await api.ask({ method: 'GET', path: `${path}/${hidden?.id}` })).toMatchObject({
      status: 404,
      body: { errorCode: 'EVENT_NOT_FOUND', parameters: [hidden?.id] },
    })
  })
})
