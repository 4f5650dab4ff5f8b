// API keys of a group over the real engine and store.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byDigest, createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { groupHandlers } from '../group/handlers.ts'
import { apiKeyHandlers } from './handlers.ts'

let store: TestStore
let api: TestApi
let path: string
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, (parts) => ({ ...apiKeyHandlers(parts), ...groupHandlers(parts) }))
  path = `/api/atlas/v2/groups/${api.groupId}/apiKeys`
})
afterAll(() => store.close())

interface Key {
  readonly id: string
  readonly publicKey: string
  readonly privateKey: string
}
const create = (body: object, as = api.owner) => api.ask({ method: 'POST', path, body, as })
const newKey = async (roles: readonly string[]) => (await create({ desc: 'e2e-test', roles })).body as Key

describe('a new key', () => {
  test("shows its private key, in Atlas's forms, with its roles", async () => {
    const answer = await create({ desc: 'e2e-test', roles: ['GROUP_READ_ONLY'] })
    const key = answer.body as Key
    expect(answer.status).toBe(200)
    expect(key.publicKey).toMatch(/^[a-z]{8}$/)
    expect(key.privateKey).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(answer.text).toBe(
      JSON.stringify({
        desc: 'e2e-test',
        id: key.id,
        links: [{ href: `http://localhost:8080/api/atlas/v2/orgs/${api.orgId}/apiKeys/${key.id}`, rel: 'self' }],
        privateKey: key.privateKey,
        publicKey: key.publicKey,
        roles: [
          { orgId: api.orgId, roleName: 'ORG_MEMBER' },
          { groupId: api.groupId, roleName: 'GROUP_READ_ONLY' },
        ],
      }),
    )
  })
  test('can be used at once, for what its roles allow', async () => {
    const key = await newKey(['GROUP_READ_ONLY'])
    const as = byDigest(key.publicKey, key.privateKey)
    expect((await api.ask({ method: 'GET', path, as })).status).toBe(200)
    expect((await create({ desc: 'x', roles: ['GROUP_READ_ONLY'] }, as)).status).toBe(403)
  })
  test('is masked but for its tail ever after', async () => {
    const key = await newKey(['GROUP_READ_ONLY', 'GROUP_CLUSTER_MANAGER'])
    const { body, text } = await api.ask({ method: 'GET', path })
    const listed = (body as { results: Key[] }).results.find(({ id }) => id === key.id)
    expect(listed).toMatchObject({
      privateKey: `********-****-****-${key.privateKey.slice(-12)}`,
      roles: [
        { groupId: api.groupId, roleName: 'GROUP_CLUSTER_MANAGER' },
        { groupId: api.groupId, roleName: 'GROUP_READ_ONLY' },
        { orgId: api.orgId, roleName: 'ORG_MEMBER' },
      ],
    })
    expect(text).not.toContain(key.privateKey)
  })
  test('is not in the store as it is', async () => {
    const key = await newKey(['GROUP_READ_ONLY'])
    const row = await store.store.read.selectFrom('api_key').selectAll().where('id', '=', key.id).executeTakeFirst()
    expect(JSON.stringify(row)).not.toContain(key.privateKey)
  })
  test.each([
    { says: 'no roles', body: { desc: 'x', roles: [] }, code: 'INVALID_ATTRIBUTE', field: 'roles' },
    {
      says: 'a role that is none',
      body: { desc: 'x', roles: ['GROUP_KING'] },
      code: 'INVALID_ATTRIBUTE',
      field: 'roles[0]',
    },
    {
      says: "an organization's role",
      body: { desc: 'x', roles: ['ORG_OWNER'] },
      code: 'INVALID_ATTRIBUTE',
      field: 'roles[0]',
    },
    { says: 'no description', body: { roles: ['GROUP_OWNER'] }, code: 'MISSING_ATTRIBUTE', field: 'desc' },
    {
      says: 'a description of 251 letters',
      body: { desc: 'x'.repeat(251), roles: ['GROUP_OWNER'] },
      code: 'INVALID_ATTRIBUTE',
      field: 'desc',
    },
  ])('is refused with $says', async ({ body, code, field }) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      body: { errorCode: code, badRequestDetail: { fields: [{ field }] } },
    })
  })
  test('cannot be an owner when its maker is only an access manager', async () => {
    const manager = await api.newCaller('SERVICE_ACCOUNT', { group: ['GROUP_ACCESS_MANAGER'] })
    expect((await create({ desc: 'x', roles: ['GROUP_OWNER'] }, manager)).status).toBe(403)
    expect((await create({ desc: 'x', roles: ['GROUP_CLUSTER_MANAGER'] }, manager)).status).toBe(200)
  })
})

describe('a removed key', () => {
  test('may do nothing in the group any more', async () => {
    const key = await newKey(['GROUP_OWNER'])
    expect(await api.ask({ method: 'DELETE', path: `${path}/${key.id}` })).toMatchObject({ status: 204, text: '' })
    const as = byDigest(key.publicKey, key.privateKey)
    expect(await api.ask({ method: 'GET', path, as })).toMatchObject({
      status: 404,
      body: { errorCode: 'GROUP_NOT_FOUND' },
    })
  })
  test('cannot be removed twice', async () => {
    const key = await newKey(['GROUP_OWNER'])
    await api.ask({ method: 'DELETE', path: `${path}/${key.id}` })
    expect(await api.ask({ method: 'DELETE', path: `${path}/${key.id}` })).toMatchObject({
      status: 404,
      body: { errorCode: 'API_KEY_NOT_FOUND', parameters: [key.id, `group ${api.groupId}`] },
    })
  })
})
