// Groups whose id and label in host names were chosen, over the real engine and store.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { organizationHandlers } from '../organization/handlers.ts'
import { groupHandlers } from './handlers.ts'
import { ownGroupHandlers } from './own-handlers.ts'

let store: TestStore
let api: TestApi
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, (parts) => ({
    ...groupHandlers(parts),
    ...ownGroupHandlers(parts),
    ...organizationHandlers(parts),
  }))
})
afterAll(() => store.close())

const own = '/api/postern/v1'
const create = (body: object, as = api.owner) =>
  api.ask({ method: 'POST', path: `${own}/orgs/${api.orgId}/groups`, body, as })
const groupCount = async () => (await store.store.read.selectFrom('group').select('id').execute()).length
const chosen = { name: 'Chosen', id: 'c'.repeat(24), hash: 'shop1' }

describe('a group with a chosen id and hash', () => {
  test('is made with them, is seen, and its creator owns it', async () => {
    expect(await create(chosen)).toMatchObject({ status: 201, body: chosen })
    expect(await api.ask({ method: 'GET', path: `${own}/groups/${chosen.id}/hash` })).toMatchObject({
      status: 200,
      body: { hash: chosen.hash },
    })
    expect(await api.ask({ method: 'GET', path: `/api/atlas/v2/groups/${chosen.id}` })).toMatchObject({ status: 200 })
  })
  test('gets what was not chosen from the server', async () => {
    expect((await create({ name: 'Half chosen', hash: 'half22' })).body).toMatchObject({
      id: expect.stringMatching(/^[a-f0-9]{24}$/),
      hash: 'half22',
    })
  })
  test.each([
    { says: 'an id that is taken', body: { name: 'a', id: chosen.id }, code: 'POSTERN_CHOICE_TAKEN', status: 409 },
    { says: 'a hash that is taken', body: { name: 'a', hash: 'shop1' }, code: 'POSTERN_CHOICE_TAKEN', status: 409 },
    { says: 'a name that is taken', body: { name: 'Chosen' }, code: 'GROUP_ALREADY_EXISTS', status: 409 },
    { says: 'an id that is none', body: { name: 'a', id: 'x' }, code: 'INVALID_ATTRIBUTE', status: 400, field: 'id' },
    {
      says: 'a hash that no host name could have',
      body: { name: 'a', hash: 'Shop.' },
      code: 'INVALID_ATTRIBUTE',
      status: 400,
      field: 'hash',
    },
    {
      says: 'a field that is unknown',
      body: { name: 'a', owner: 'me' },
      code: 'INVALID_ATTRIBUTE',
      status: 400,
      field: 'owner',
    },
  ])('is refused with $says, and nothing is written', async ({ body, code, status, field }) => {
    const before = await groupCount()
    expect(await create(body)).toMatchObject({
      status,
      body: { errorCode: code, ...(field !== undefined && { badRequestDetail: { fields: [{ field }] } }) },
    })
    expect(await groupCount()).toBe(before)
  })
  test('is refused to whoever does not own the organization', async () => {
    const creator = await api.newCaller('API_KEY', { org: ['ORG_GROUP_CREATOR'] })
    expect((await create({ name: 'never' }, creator)).status).toBe(403)
  })
  test('takes the id of a group that is gone, of the same organization only: its events are still there', async () => {
    const id = 'd'.repeat(24)
    await create({ name: 'Gone', id })
    await api.ask({ method: 'DELETE', path: `/api/atlas/v2/groups/${id}` })
    expect((await create({ name: 'Back', id })).status).toBe(201)
    await api.ask({ method: 'DELETE', path: `/api/atlas/v2/groups/${id}` })
    const orgId = 'e'.repeat(24)
    await store.store.read
      .insertInto('organization')
      .values({ id: orgId, name: 'Other', created: new Date() })
      .execute()
    await store.store.read.updateTable('event').set({ org_id: orgId }).where('group_id', '=', id).execute()
    expect(await create({ name: 'Spy', id })).toMatchObject({
      status: 409,
      body: { errorCode: 'POSTERN_CHOICE_TAKEN' },
    })
  })
})
