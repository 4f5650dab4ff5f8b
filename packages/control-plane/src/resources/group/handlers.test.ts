// Groups over the real engine and store.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caller, TestApi } from '../../http/testing.ts'
import { createTestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { organizationHandlers } from '../organization/handlers.ts'
import { groupHandlers } from './handlers.ts'

let store: TestStore
let api: TestApi
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, (parts) => ({ ...groupHandlers(parts), ...organizationHandlers(parts) }), {
    clock: { now: () => Date.UTC(2026, 7, 10, 3, 5, 16, 789) },
  })
})
afterAll(() => store.close())

const groups = '/api/atlas/v2/groups'
const create = async (body: object, as?: Caller, query = '') =>
  api.ask({ method: 'POST', path: `${groups}${query}`, body: { orgId: api.orgId, ...body }, ...(as && { as }) })
const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id
const names = ({ body }: { body: unknown }) => (body as { results: { name: string }[] }).results.map(({ name }) => name)

describe('POST /groups', () => {
  test('answers the group with the recorded keys, in their order', async () => {
    const answer = await create({ name: 'privateEndpointsAWS-e2e-266' })
    const id = idOf(answer)
    expect(answer.status).toBe(201)
    const href = `http://localhost:8080/api/atlas/v2/groups/${id}`
    const related = ['containers', 'clusters', 'databaseUsers', 'peers', 'processes', 'whitelist']
    expect(answer.text).toBe(
      JSON.stringify({
        clusterCount: 0,
        created: '2026-08-10T03:05:16Z',
        id,
        links: [
          { href, rel: 'self' },
          ...related.map((each) => ({ href: `${href}/${each}`, rel: `https://cloud.mongodb.com/${each}` })),
        ],
        name: 'privateEndpointsAWS-e2e-266',
        orgId: api.orgId,
        withDefaultAlertsSettings: true,
      }),
    )
  })
  test('keeps tags', async () => {
    const tags = [{ key: 'env', value: 'e2e' }]
    expect((await create({ name: 'tagged', tags })).body).toMatchObject({ tags })
  })
  test('gives each group a label of its own for its host names', async () => {
    await Promise.all([1, 2, 3].map((n) => create({ name: `labelled ${n}` })))
    const hashes = (await store.store.read.selectFrom('group').select('hash').execute()).map(({ hash }) => hash)
    expect(new Set(hashes).size).toBe(hashes.length)
    for (const hash of hashes) expect(hash).toMatch(/^[a-z0-9]{5,6}$/)
  })
  test('leaves an audit event with who did it and from where', async () => {
    const id = idOf(await create({ name: 'audited' }))
    const event = await store.store.read.selectFrom('event').selectAll().where('group_id', '=', id).executeTakeFirst()
    expect(event).toMatchObject({
      type: 'GROUP_CREATED',
      actor_kind: 'SERVICE_ACCOUNT',
      source_address: '127.0.0.1',
      target: { groupName: 'audited' },
    })
  })
  test('makes its creator the owner', async () => {
    const creator = await api.newCaller('API_KEY', { org: ['ORG_GROUP_CREATOR'] })
    const id = idOf(await create({ name: 'owned' }, creator, '?projectOwnerId='))
    expect((await api.ask({ method: 'DELETE', path: `${groups}/${id}`, as: creator })).status).toBe(202)
  })
  test.each([
    { says: 'a name that is taken', body: { name: 'Group 0' }, status: 409, code: 'GROUP_ALREADY_EXISTS' },
    { says: 'a name with a slash', body: { name: 'a/b' }, status: 400, code: 'INVALID_ATTRIBUTE' },
    { says: 'a blank name', body: { name: '   ' }, status: 400, code: 'INVALID_ATTRIBUTE' },
    { says: 'a name of 65 letters', body: { name: 'x'.repeat(65) }, status: 400, code: 'INVALID_ATTRIBUTE' },
    {
      says: 'an organization nobody knows',
      body: { name: 'n', orgId: '0'.repeat(24) },
      status: 404,
      code: 'ORG_NOT_FOUND',
    },
  ])('refuses $says', async ({ body, status, code }) => {
    expect(await create(body)).toMatchObject({ status, body: { errorCode: code } })
  })
  test('refuses whom the organization did not make a project creator', async () => {
    const member = await api.newCaller('SERVICE_ACCOUNT', { org: ['ORG_MEMBER', 'ORG_READ_ONLY'] })
    expect(await create({ name: 'never' }, member)).toMatchObject({
      status: 403,
      body: { errorCode: 'NOT_ORG_GROUP_CREATOR' },
    })
  })
  test('refuses an owner who is no member', async () => {
    expect(await create({ name: 'never' }, api.owner, `?projectOwnerId=${'1'.repeat(24)}`)).toMatchObject({
      status: 400,
      body: { errorCode: 'QUERY_PARAM_PARSE_ERROR', parameters: ['projectOwnerId', '1'.repeat(24)] },
    })
  })
  test('makes one group of two equal wishes at the same moment', async () => {
    const answers = await Promise.all([create({ name: 'twice' }), create({ name: 'twice' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })
})

describe('groups are seen', () => {
  let reader: Caller
  let stranger: Caller
  beforeAll(async () => {
    reader = await api.newCaller('SERVICE_ACCOUNT', { group: ['GROUP_DATA_ACCESS_READ_ONLY'], org: ['ORG_MEMBER'] })
    stranger = await api.newCaller('SERVICE_ACCOUNT', { org: ['ORG_MEMBER'] })
  })
  test('all of them by the owner of their organization, in the order of their names', async () => {
    const seen = names(await api.ask({ method: 'GET', path: groups }))
    expect(seen).toContain('Group 0')
    expect(seen.length).toBeGreaterThan(1)
    expect(seen).toEqual([...seen].sort())
  })
  test('a page at a time, with the whole count', async () => {
    const path = `${groups}?itemsPerPage=2&pageNum=2`
    const { body } = await api.ask({ method: 'GET', path })
    const all = names(await api.ask({ method: 'GET', path: groups }))
    expect(body).toMatchObject({ totalCount: all.length })
    expect(names({ body })).toEqual(all.slice(2, 4))
  })
  test('with only their own link in a list, and tags even when there are none (recorded)', async () => {
    const { body } = await api.ask({ method: 'GET', path: groups, as: reader })
    expect(body).toMatchObject({ totalCount: 1, results: [{ name: 'Group 0', tags: [], links: [{ rel: 'self' }] }] })
  })
  test('one by one by whoever holds any role there', async () => {
    expect((await api.ask({ method: 'GET', path: `${groups}/${api.groupId}`, as: reader })).body).toMatchObject({
      id: api.groupId,
      tags: [],
    })
    expect(names(await api.ask({ method: 'GET', path: `/api/atlas/v2/orgs/${api.orgId}/groups`, as: reader }))).toEqual(
      ['Group 0'],
    )
  })
  test('by name', async () => {
    const path = `${groups}/byName/Group%200`
    expect((await api.ask({ method: 'GET', path, as: reader })).body).toMatchObject({ id: api.groupId })
    const refused = { status: 401, body: { errorCode: 'NOT_IN_GROUP' } }
    expect(await api.ask({ method: 'GET', path, as: stranger })).toMatchObject(refused)
    expect(await api.ask({ method: 'GET', path: `${groups}/byName/Nowhere`, as: reader })).toMatchObject(refused)
  })
  test('not by whoever has no role there', async () => {
    expect(names(await api.ask({ method: 'GET', path: groups, as: stranger }))).toEqual([])
  })
  test('filtered by the beginning of their name, in any case, taken literally', async () => {
    const within = `/api/atlas/v2/orgs/${api.orgId}/groups`
    expect(names(await api.ask({ method: 'GET', path: `${within}?name=gROUP` }))).toEqual(['Group 0'])
    expect(names(await api.ask({ method: 'GET', path: `${within}?name=%25` }))).toEqual([])
  })
})

describe('DELETE /groups/{groupId}', () => {
  test('answers 202 with an empty object, and the group is gone', async () => {
    const id = idOf(await create({ name: 'short-lived' }))
    expect(await api.ask({ method: 'DELETE', path: `${groups}/${id}` })).toMatchObject({ status: 202, text: '{}' })
    expect(await api.ask({ method: 'GET', path: `${groups}/${id}` })).toMatchObject({ status: 404 })
    const left = await store.store.read.selectFrom('role_assignment').selectAll().where('group_id', '=', id).execute()
    expect(left).toEqual([])
  })
  test('names the endpoint services that stand in its way, and changes nothing', async () => {
    const id = idOf(await create({ name: 'with a service' }))
    const serviceId = 'e'.repeat(24)
    await store.store.read
      .insertInto('endpoint_service')
      .values({
        id: serviceId,
        group_id: id,
        provider: 'AWS',
        region: 'US_EAST_1',
        port_mapping: false,
        status: 'AVAILABLE',
        names: '{}',
        supported_remote_regions: '[]',
        created: new Date(),
      })
      .execute()
    expect(await api.ask({ method: 'DELETE', path: `${groups}/${id}` })).toMatchObject({
      status: 409,
      body: {
        errorCode: 'CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES',
        detail: expect.stringContaining(serviceId),
      },
    })
    expect((await api.ask({ method: 'GET', path: `${groups}/${id}` })).status).toBe(200)
  })
  test('names the clusters that stand in its way, and counts them', async () => {
    const id = idOf(await create({ name: 'with a cluster' }))
    await store.store.read
      .insertInto('cluster')
      .values({
        id: 'f'.repeat(24),
        group_id: id,
        name: 'Cluster0',
        engine: 'sandbox',
        cluster_type: 'REPLICASET',
        state: 'IDLE',
        spec: '{}',
        created: new Date(),
      })
      .execute()
    expect(await api.ask({ method: 'DELETE', path: `${groups}/${id}` })).toMatchObject({
      status: 409,
      body: { errorCode: 'CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS', parameters: [id, 'Cluster0'] },
    })
    expect((await api.ask({ method: 'GET', path: `${groups}/${id}` })).body).toMatchObject({ clusterCount: 1 })
  })
})

describe('organizations', () => {
  test('are listed to their members, filtered by the beginning of their name', async () => {
    const path = '/api/atlas/v2/orgs?includeCount=true&itemsPerPage=100&name=&pageNum=1'
    expect((await api.ask({ method: 'GET', path })).body).toEqual({
      links: [
        {
          href: 'http://localhost:8080/api/atlas/v2/orgs?includeCount=true&name=&pageNum=1&itemsPerPage=100',
          rel: 'self',
        },
      ],
      results: [
        {
          id: api.orgId,
          isDeleted: false,
          links: [{ href: `http://localhost:8080/api/atlas/v2/orgs/${api.orgId}`, rel: 'self' }],
          name: 'Org',
          skipDefaultAlertsSettings: false,
        },
      ],
      totalCount: 1,
    })
    expect((await api.ask({ method: 'GET', path: '/api/atlas/v2/orgs?name=x' })).body).toMatchObject({ totalCount: 0 })
  })
  test('are hidden from everybody else', async () => {
    expect(await api.ask({ method: 'GET', path: `/api/atlas/v2/orgs/${'0'.repeat(24)}` })).toMatchObject({
      status: 404,
      body: { errorCode: 'ORG_NOT_FOUND' },
    })
  })
})
