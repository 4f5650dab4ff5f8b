// Endpoint services in Postern's own API, over the real handlers, reconcilers and store.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'
import { serviceDifferences } from './own-handlers.ts'

let open: TestStore
let journey: Journey
let own: string
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  journey = await createJourney(open.store)
  own = `/api/postern/v1/groups/${journey.groupId}/privateEndpoint`
})

const send = (method: string, at: string, body?: unknown) =>
  journey.ask({ method, path: at, ...(body !== undefined && { body }) })
const ensure = (body: object) => send('POST', `${own}/endpointService:ensure`, body)
const at = (service: View, provider = 'AWS') => `${own}/${provider}/endpointService/${service.id}`
const aws = { providerName: 'AWS', region: 'us-east-1' }
const refusal = ({ status, body }: { readonly status: number; readonly body: unknown }) => [
  status,
  (body as View).errorCode,
]
const events = async () => {
  const rows = await open.store.read
    .selectFrom('event')
    .select('type')
    .where('group_id', '=', journey.groupId)
    .where('type', 'like', 'ENDPOINT_SERVICE%')
    .where('actor_kind', '<>', 'SYSTEM')
    .execute()
  return rows.map(({ type }) => type).toSorted()
}

describe('ensure', () => {
  test('a new one, then the same, whatever the spelling; one event', async () => {
    const made = await ensure({ ...aws, labels: { env: 'prod' }, description: 'of the shop' })
    expect(made).toMatchObject({
      status: 200,
      body: {
        created: true,
        cloudProvider: 'AWS',
        regionName: 'US_EAST_1',
        status: 'INITIATING',
        labels: { env: 'prod' },
        description: 'of the shop',
        endpointIds: [],
        undoUntil: null,
      },
    })
    await journey.settle()
    const again = await ensure({ ...aws, region: 'US_EAST_1', labels: { env: 'other' } })
    expect(again.body).toEqual({ ...(await journey.get(at(made.body as View))), created: false })
    expect(again.body).toMatchObject({ id: (made.body as View).id, status: 'AVAILABLE', labels: { env: 'prod' } })
    expect(await events()).toEqual(['ENDPOINT_SERVICE_CREATED'])
  })

  test('eight at once: all of them get the one that is made', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ensure(aws)))
    expect(answers.filter(({ body }) => (body as View).created)).toHaveLength(1)
    expect(new Set(answers.map(({ body }) => (body as View).id)).size).toBe(1)
  })

  test('Google Cloud’s two forms are two services', async () => {
    const gcp = { providerName: 'GCP', region: 'us-east4' }
    const [legacy, mapped] = [await ensure(gcp), await ensure({ ...gcp, portMappingEnabled: true })]
    expect([legacy.body, mapped.body]).toMatchObject([{ created: true }, { created: true }])
    expect((await ensure(gcp)).body).toMatchObject({
      id: (legacy.body as View).id,
      portMappingEnabled: false,
      created: false,
    })
  })

  test('409 where it is there and other than asked for, also while it is going', async () => {
    const { id } = (await ensure(aws)).body as View
    const other = await ensure({ ...aws, supportedRemoteRegions: ['EU_WEST_1'] })
    expect(refusal(other)).toEqual([409, 'POSTERN_ENSURE_DIFFERS'])
    expect(other.text).toContain('supportedRemoteRegions are none, not EU_WEST_1')
    await send('DELETE', journey.servicePath('AWS', id))
    const going = await ensure(aws)
    expect(refusal(going)).toEqual([409, 'POSTERN_ENSURE_DIFFERS'])
    expect(going.text).toContain('DELETING')
  })

  test.each([
    { says: 'nothing told of remote regions', there: ['EU_WEST_1'], asked: null, differs: false },
    {
      says: 'the same in another order',
      there: ['EU_WEST_1', 'SA_EAST_1'],
      asked: ['SA_EAST_1', 'EU_WEST_1'],
      differs: false,
    },
    { says: 'none asked for and none there', there: null, asked: [], differs: false },
    { says: 'fewer', there: ['EU_WEST_1'], asked: [], differs: true },
  ])('remote regions, $says: differs is $differs', ({ there, asked, differs }) => {
    const found = { status: 'AVAILABLE' as const, supportedRemoteRegions: there }
    expect(serviceDifferences(found, { remoteRegions: asked }) !== null).toBe(differs)
  })
})

describe('a list over all providers', () => {
  let east: View
  let west: View
  let azure: View
  const listed = async (query: string) =>
    (await journey.get(`${own}/endpointService${query}`)).results.map(({ id }: View) => id)

  test('filtered by provider, region, status and label, a page at a time', async () => {
    east = (await ensure({ ...aws, labels: { env: 'prod', team: 'shop' } })).body
    // Lists are in order of age.
    await journey.pass(1)
    azure = (await ensure({ providerName: 'AZURE', region: 'eastus', labels: { env: 'dev' } })).body
    await journey.pass(1)
    west = (await ensure({ ...aws, region: 'us-west-2' })).body
    const rows: readonly (readonly [string, readonly View[]])[] = [
      ['', [east, azure, west]],
      ['?cloudProvider=AZURE', [azure]],
      ['?cloudProvider=AWS&cloudProvider=AZURE&region=us-east-1', [east]],
      ['?region=eastus', [azure]],
      ['?region=US_EAST_1', [east]],
      ['?status=AVAILABLE', [east, azure]],
      ['?status=INITIATING', [west]],
      ['?status=AVAILABLE&status=INITIATING&cloudProvider=AWS', [east, west]],
      ['?status=FAILED', []],
      ['?label=env', [east, azure]],
      ['?label=env:prod', [east]],
      ['?label=env:', []],
      ['?itemsPerPage=2&pageNum=2', [west]],
    ]
    for (const [query, services] of rows) {
      const ids = services.map(({ id }) => id)
      expect([query, (await listed(query)).toSorted()]).toEqual([query, ids.toSorted()])
    }
    const page = await journey.get(`${own}/endpointService?itemsPerPage=1`)
    expect([page.totalCount, page.links.map(({ rel }: View) => rel)]).toEqual([3, ['self', 'next']])
  })

  test.each([
    '?region=mars',
    '?cloudProvider=AWS&region=eastus2',
    '?status=BROKEN',
    '?cloudProvider=IBM',
    '?label=env=prod',
    '?label=:prod',
  ])('%s: 400, the parameter named', async (query) => {
    const answer = await send('GET', `${own}/endpointService${query}`)
    expect(refusal(answer)).toEqual([400, 'QUERY_PARAM_PARSE_ERROR'])
  })
})

describe('PATCH', () => {
  test('labels and description replace what was there; what is not named stays; nothing named leaves no event', async () => {
    const service = (await ensure({ ...aws, labels: { a: '1' } })).body as View
    expect((await send('PATCH', at(service), { labels: { b: '2' } })).body).toMatchObject({ labels: { b: '2' } })
    const described = await send('PATCH', at(service), { description: 'x', supportedRemoteRegions: ['EU_WEST_1'] })
    expect(described.body).toMatchObject({
      labels: { b: '2' },
      description: 'x',
      supportedRemoteRegions: ['EU_WEST_1'],
    })
    expect((await send('PATCH', at(service), {})).body).toEqual(described.body)
    expect(await events()).toEqual(['ENDPOINT_SERVICE_CREATED', 'ENDPOINT_SERVICE_UPDATED', 'ENDPOINT_SERVICE_UPDATED'])
    // Atlas's API shows nothing of them.
    const seen = Object.keys(await journey.get(journey.servicePath('AWS', service.id)))
    expect(seen).not.toContain('labels')
  })

  test.each([
    { says: 'a label without a name', body: { labels: { '': 'x' } }, code: 'INVALID_ATTRIBUTE' },
    { says: 'a label that is no text', body: { labels: { a: 1 } }, code: 'INVALID_ATTRIBUTE' },
    {
      says: 'more than 50 labels',
      body: { labels: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, ''])) },
      code: 'INVALID_ATTRIBUTE',
    },
    { says: 'a field that is none', body: { region: 'x' }, code: 'INVALID_ATTRIBUTE' },
    {
      says: 'its own region',
      body: { supportedRemoteRegions: ['US_EAST_1'] },
      code: 'CROSS_REGION_PRIVATE_LINK_SELF_REGION',
    },
  ])('$says is refused, and nothing is changed', async ({ body, code }) => {
    const service = (await ensure(aws)).body as View
    expect(refusal(await send('PATCH', at(service), body))).toEqual([400, code])
    const { created: _, ...before } = service
    expect(await journey.get(at(service))).toEqual(before)
  })
})

describe('retry', () => {
  test('a service that FAILED is made anew under its id; any other has nothing to be retried', async () => {
    const service = await journey.newService(aws as { providerName: 'AWS' })
    expect(refusal(await send('POST', `${at(service)}:retry`))).toEqual([409, 'POSTERN_NOT_RETRYABLE'])
    await open.store.transact((tx) => tx.deleteFrom('local_service').where('service_id', '=', service.id).execute())
    journey.parts.woken.push({ kind: 'endpointService', id: service.id })
    await journey.settle()
    expect((await journey.get(at(service))).status).toBe('FAILED')
    expect(await send('POST', `${at(service)}:retry`)).toMatchObject({
      status: 202,
      body: { id: service.id, status: 'INITIATING', errorMessage: null },
    })
    await journey.settle()
    expect(await journey.get(journey.servicePath('AWS', service.id))).toEqual(service)
    expect(await events()).toEqual(['ENDPOINT_SERVICE_CREATED', 'ENDPOINT_SERVICE_RETRIED'])
  })
})

describe('limits', () => {
  const limit = 'atlas.project.deployment.nodesPerPrivateLinkRegion'
  const set = (name: string, value: number) =>
    open.store.transact((tx) =>
      tx.insertInto('group_limit').values({ group_id: journey.groupId, name, value }).execute(),
    )

  test('a group with more members than a region may address gets no service there', async () => {
    await set(limit, 2)
    await journey.newCluster('Cluster0', 3)
    const answer = await ensure(aws)
    expect(answer).toMatchObject({
      status: 409,
      body: { errorCode: 'CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK', parameters: ['US_EAST_1', 2] },
    })
    expect((await ensure({ providerName: 'AZURE', region: 'eastus' })).status).toBe(200)
    expect((await journey.get(`${own}/endpointService`)).totalCount).toBe(1)
  })
})
