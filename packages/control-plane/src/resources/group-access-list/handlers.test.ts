// A group's IP access list: one entry for each address however it is spelled, and entries that end.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { limitHandlers } from '../limit/handlers.ts'
import { groupAccessListHandlers } from './handlers.ts'
import { groupAccessListReconciler } from './reconcile.ts'

let store: TestStore
let api: TestApi
let now = Date.UTC(2026, 7, 10)
let list: string

beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, (parts) => ({ ...groupAccessListHandlers(parts), ...limitHandlers(parts) }), {
    clock: { now: () => now },
  })
  list = `/api/atlas/v2/groups/${api.groupId}/accessList`
})
afterAll(() => store.close())

const add = (...body: readonly object[]) => api.ask({ method: 'POST', path: list, body })
const see = (value: string) => api.ask({ method: 'GET', path: `${list}/${encodeURIComponent(value)}` })
const remove = (value: string) => api.ask({ method: 'DELETE', path: `${list}/${encodeURIComponent(value)}` })
const soon = (ms: number) => new Date(now + ms).toISOString()
const eventsOf = async (value: string) => {
  const rows = await store.store.read.selectFrom('event').select(['type', 'target']).execute()
  return rows
    .filter(({ target }) => JSON.stringify(target).includes(`"${value}"`))
    .map(({ type }) => type)
    .sort()
}

describe('an entry', () => {
  test('is answered with the whole list, as Atlas shows it', async () => {
    expect(await add({ ipAddress: '192.168.0.243', comment: 'test' })).toMatchObject({
      status: 201,
      text: JSON.stringify({
        links: [{ href: `http://localhost:8080${list}?pageNum=1&itemsPerPage=100`, rel: 'self' }],
        results: [
          {
            cidrBlock: '192.168.0.243/32',
            comment: 'test',
            groupId: api.groupId,
            ipAddress: '192.168.0.243',
            links: [{ href: `http://localhost:8080${list}/192.168.0.243%2F32`, rel: 'self' }],
          },
        ],
        totalCount: 1,
      }),
    })
  })

  test.each<{ given: object; asked: string; body: object }>([
    { given: { ipAddress: '192.0.2.1' }, asked: '192.0.2.1/32', body: { ipAddress: '192.0.2.1', comment: '' } },
    { given: { cidrBlock: '192.0.2.2/32' }, asked: '192.0.2.2', body: { ipAddress: '192.0.2.2' } },
    { given: { cidrBlock: '10.1.0.0/16' }, asked: '10.1.0.0/16', body: { cidrBlock: '10.1.0.0/16' } },
    { given: { cidrBlock: '2001:DB8::/48' }, asked: '2001:db8:0::/48', body: { cidrBlock: '2001:db8::/48' } },
    { given: { awsSecurityGroup: 'sg-903004f8' }, asked: 'sg-903004f8', body: { awsSecurityGroup: 'sg-903004f8' } },
  ])('$given is found as $asked, is active, and goes', async ({ given, asked, body }) => {
    await add(given)
    expect(await see(asked)).toMatchObject({ status: 200, body })
    expect((await api.ask({ method: 'GET', path: `${list}/${encodeURIComponent(asked)}/status` })).body).toEqual({
      STATUS: 'ACTIVE',
    })
    expect(await remove(asked)).toMatchObject({ status: 204, text: '' })
    expect(await see(asked)).toMatchObject({
      status: 404,
      body: { errorCode: 'ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND', parameters: [asked, api.groupId] },
    })
    expect((await remove(asked)).status).toBe(404)
  })

  test('that is sent again takes the new comment, and nothing where nothing is new', async () => {
    await add({ ipAddress: '192.0.2.3', comment: 'one' })
    await add({ cidrBlock: '192.0.2.3/32', comment: 'two' })
    await add({ cidrBlock: '192.0.2.3/32', comment: 'two' })
    expect(await see('192.0.2.3')).toMatchObject({ body: { comment: 'two' } })
    expect(await eventsOf('192.0.2.3/32')).toEqual([
      'NETWORK_PERMISSION_ENTRY_ADDED',
      'NETWORK_PERMISSION_ENTRY_UPDATED',
    ])
  })

  test.each<{ says: string; entry: object; code: string; field?: string }>([
    { says: 'of no form', entry: { comment: 'x' }, code: 'MISSING_ATTRIBUTE', field: '[1].cidrBlock' },
    {
      says: 'of two forms',
      entry: { awsSecurityGroup: 'sg-1', ipAddress: '192.0.2.9' },
      code: 'INVALID_ATTRIBUTE',
      field: '[1].awsSecurityGroup',
    },
    { says: 'of text', entry: { cidrBlock: 'everywhere' }, code: 'INVALID_ATTRIBUTE', field: '[1].cidrBlock' },
    {
      says: 'with a long comment',
      entry: { ipAddress: '192.0.2.9', comment: 'x'.repeat(81) },
      code: 'INVALID_ATTRIBUTE',
      field: '[1].comment',
    },
    {
      says: 'that ended yesterday',
      entry: { ipAddress: '192.0.2.9', deleteAfterDate: '2026-08-09T00:00:00Z' },
      code: 'EXPIRATION_DATE_IN_PAST',
    },
  ])('$says is refused, and the one beside it is not kept', async ({ entry, code, field }) => {
    expect(await add({ ipAddress: '192.0.2.10' }, entry)).toMatchObject({
      status: 400,
      body: { errorCode: code, ...(field && { badRequestDetail: { fields: [{ field }] } }) },
    })
    expect((await see('192.0.2.10')).status).toBe(404)
  })
})

describe('a temporary entry', () => {
  test('is gone with its date, before any turn; the turn takes the row and tells of it', async () => {
    await add({ ipAddress: '192.0.2.20', deleteAfterDate: soon(60_000) })
    expect(await see('192.0.2.20')).toMatchObject({ body: { deleteAfterDate: '2026-08-10T00:01:00Z' } })
    expect(api.parts.woken.at(-1)).toEqual({ kind: 'group', id: api.groupId })
    const { turn, ids } = groupAccessListReconciler(api.parts)
    expect(await ids()).toEqual([api.groupId])
    expect(await turn(api.groupId)).toEqual({ do: 'again', afterMs: 60_000 })
    now += 60_000
    expect((await see('192.0.2.20')).status).toBe(404)
    expect(await turn(api.groupId)).toEqual({ do: 'settled' })
    expect(await turn(api.groupId)).toEqual({ do: 'settled' })
    expect(await eventsOf('192.0.2.20/32')).toEqual([
      'NETWORK_PERMISSION_ENTRY_ADDED',
      'NETWORK_PERMISSION_ENTRY_REMOVED',
    ])
    expect(await ids()).toEqual([])
  })

  test('may be prolonged or made permanent, and never the other way', async () => {
    await add({ ipAddress: '192.0.2.21', deleteAfterDate: soon(60_000) })
    expect((await add({ ipAddress: '192.0.2.21', deleteAfterDate: soon(120_000) })).status).toBe(201)
    expect((await add({ ipAddress: '192.0.2.21' })).status).toBe(201)
    expect((await see('192.0.2.21')).body).not.toHaveProperty('deleteAfterDate')
    expect(await add({ ipAddress: '192.0.2.21', deleteAfterDate: soon(60_000) })).toMatchObject({
      body: { errorCode: 'PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY' },
    })
  })

  test('whose date has passed may come back as a new one', async () => {
    await add({ ipAddress: '192.0.2.22', deleteAfterDate: soon(1000) })
    now += 1000
    expect((await add({ ipAddress: '192.0.2.22', comment: 'back' })).status).toBe(201)
    expect(await see('192.0.2.22')).toMatchObject({ body: { comment: 'back' } })
  })
})

test("a list holds as many entries as the group's limit allows", async () => {
  const { body } = await api.ask({ method: 'GET', path: list })
  const { totalCount } = body as { totalCount: number }
  const limit = `/api/atlas/v2/groups/${api.groupId}/limits/atlas.project.security.networkAccess.entries`
  await api.ask({ method: 'PATCH', path: limit, body: { value: totalCount + 1 } })
  expect(await add({ ipAddress: '192.0.2.30' }, { ipAddress: '192.0.2.31' })).toMatchObject({
    status: 400,
    body: { errorCode: 'ACCESS_LIST_LIMIT_EXCEEDED' },
  })
  expect((await see('192.0.2.30')).status).toBe(404)
  expect((await add({ ipAddress: '192.0.2.30' })).status).toBe(201)
})
