// API keys of an organization, and from where they may be used.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byDigest, type Caller, createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { groupHandlers } from '../group/handlers.ts'
import { serverHandlers } from '../server/handlers.ts'
import { apiKeyAccessListHandlers } from './access-list.ts'
import { apiKeyHandlers } from './handlers.ts'
import { orgApiKeyHandlers } from './org-handlers.ts'

let store: TestStore
let api: TestApi
let keys: string
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, (parts) => ({
    ...apiKeyHandlers(parts),
    ...orgApiKeyHandlers(parts),
    ...apiKeyAccessListHandlers(parts),
    ...groupHandlers(parts),
    ...serverHandlers(parts),
  }))
  keys = `/api/atlas/v2/orgs/${api.orgId}/apiKeys`
})
afterAll(() => store.close())

interface Key {
  readonly id: string
  readonly publicKey: string
  readonly privateKey: string
  readonly as: Caller
}
const newKey = async (roles: readonly string[] = ['ORG_OWNER']): Promise<Key> => {
  const { body } = await api.ask({ method: 'POST', path: keys, body: { desc: 'of a test', roles } })
  const key = body as Key
  return { ...key, as: byDigest(key.publicKey, key.privateKey) }
}
const eventTypes = async (key: Key) => {
  const rows = await store.store.read.selectFrom('event').select(['type', 'target']).execute()
  const own = rows.filter(({ target }) => JSON.stringify(target).includes(key.publicKey))
  return own.map(({ type }) => type).sort()
}

describe('a key', () => {
  test('shows its private key once', async () => {
    const key = await newKey()
    expect(key.privateKey).toMatch(/^[0-9a-f-]{36}$/)
    for (const path of [keys, `${keys}/${key.id}`]) {
      const { text } = await api.ask({ method: 'GET', path })
      expect(text).toContain(`********-****-****-${key.privateKey.slice(-12)}`)
      expect(text).not.toContain(key.privateKey)
    }
  })

  test('is worth its new roles at once, and each change leaves its event', async () => {
    const key = await newKey()
    expect(
      (await api.ask({ method: 'POST', path: keys, as: key.as, body: { desc: 'x', roles: ['ORG_MEMBER'] } })).status,
    ).toBe(200)
    const body = { desc: 'reader', roles: ['ORG_READ_ONLY'] }
    expect(await api.ask({ method: 'PATCH', path: `${keys}/${key.id}`, body })).toMatchObject({
      status: 200,
      body: { desc: 'reader', roles: [{ orgId: api.orgId, roleName: 'ORG_READ_ONLY' }] },
    })
    expect(
      (await api.ask({ method: 'POST', path: keys, as: key.as, body: { desc: 'x', roles: ['ORG_MEMBER'] } })).status,
    ).toBe(403)
    expect(await eventTypes(key)).toEqual(['API_KEY_CREATED', 'API_KEY_DESCRIPTION_CHANGED', 'API_KEY_ROLES_CHANGED'])
  })

  test('that is deleted opens nothing, and is not found again', async () => {
    const key = await newKey()
    const path = `${keys}/${key.id}`
    expect((await api.ask({ method: 'DELETE', path })).status).toBe(204)
    expect((await api.ask({ method: 'GET', path: keys, as: key.as })).status).toBe(401)
    expect(await api.ask({ method: 'DELETE', path })).toMatchObject({
      status: 404,
      body: { errorCode: 'API_KEY_NOT_FOUND', parameters: [key.id, `organization ${api.orgId}`] },
    })
  })

  test.each([
    { says: 'no roles', body: { desc: 'x', roles: [] }, field: 'roles' },
    { says: "a group's role", body: { desc: 'x', roles: ['GROUP_OWNER'] }, field: 'roles[0]' },
  ])('is refused with $says', async ({ body, field }) => {
    expect(await api.ask({ method: 'POST', path: keys, body })).toMatchObject({
      status: 400,
      body: { errorCode: 'INVALID_ATTRIBUTE', badRequestDetail: { fields: [{ field }] } },
    })
  })

  test('can be let into a group, there be given other roles, and be taken out', async () => {
    const key = await newKey(['ORG_MEMBER'])
    const inGroup = `/api/atlas/v2/groups/${api.groupId}/apiKeys/${key.id}`
    const see = () => api.ask({ method: 'GET', path: `/api/atlas/v2/groups/${api.groupId}`, as: key.as })
    expect((await see()).status).toBe(404)
    const body = [{ roles: ['GROUP_READ_ONLY'] }]
    expect((await api.ask({ method: 'POST', path: inGroup, body })).status).toBe(204)
    expect((await see()).status).toBe(200)
    const manager = await api.newCaller('SERVICE_ACCOUNT', { group: ['GROUP_ACCESS_MANAGER'] })
    const grant = (roles: readonly string[], as: Caller) =>
      api.ask({ method: 'PATCH', path: inGroup, body: { roles }, as })
    expect((await grant(['GROUP_OWNER'], manager)).status).toBe(403)
    expect((await grant(['GROUP_OWNER'], api.owner)).status).toBe(200)
    // An access manager cannot unmake an owner either, and nothing was changed by the attempt.
    expect((await grant(['GROUP_READ_ONLY'], manager)).status).toBe(403)
    expect(await grant(['GROUP_CLUSTER_MANAGER'], api.owner)).toMatchObject({
      body: {
        roles: [
          { groupId: api.groupId, roleName: 'GROUP_CLUSTER_MANAGER' },
          { orgId: api.orgId, roleName: 'ORG_MEMBER' },
        ],
      },
    })
    expect((await api.ask({ method: 'DELETE', path: inGroup })).status).toBe(204)
    expect((await see()).status).toBe(404)
    expect(await grant(['GROUP_OWNER'], api.owner)).toMatchObject({ body: { errorCode: 'API_KEY_NOT_FOUND' } })
  })
})

describe("a key's access list", () => {
  const listOf = (key: Key) => `${keys}/${key.id}/accessList`
  const allow = (key: Key, body: unknown) => api.ask({ method: 'POST', path: listOf(key), body })
  const use = (key: Key) => api.ask({ method: 'GET', path: keys, as: key.as })

  test('lets in only whom it names, and counts them', async () => {
    const key = await newKey()
    await allow(key, [{ ipAddress: '192.0.2.7' }])
    expect(await use(key)).toMatchObject({
      status: 403,
      body: { errorCode: 'IP_ADDRESS_NOT_ON_ACCESS_LIST', parameters: ['127.0.0.1'] },
    })
    await allow(key, [{ cidrBlock: '127.0.0.0/8' }])
    expect((await use(key)).status).toBe(200)
    expect((await use(key)).status).toBe(200)
    expect(await api.ask({ method: 'GET', path: `${listOf(key)}/127.0.0.0%2F8` })).toMatchObject({
      body: { count: 2, lastUsedAddress: '127.0.0.1', lastUsed: expect.stringMatching(/Z$/) },
    })
    expect(await api.ask({ method: 'GET', path: `${listOf(key)}/192.0.2.7` })).toMatchObject({ body: { count: 0 } })
  })

  test('that is empty again lets in everybody', async () => {
    const key = await newKey()
    await allow(key, [{ ipAddress: '192.0.2.7' }])
    expect((await api.ask({ method: 'DELETE', path: `${listOf(key)}/192.0.2.7%2F32` })).status).toBe(204)
    expect((await use(key)).status).toBe(200)
    expect(await api.ask({ method: 'DELETE', path: `${listOf(key)}/192.0.2.7` })).toMatchObject({
      status: 404,
      body: { errorCode: 'API_KEY_ACCESS_LIST_NOT_FOUND', parameters: ['192.0.2.7', key.id] },
    })
    expect(await eventTypes(key)).toEqual([
      'API_KEY_ACCESS_LIST_ENTRY_ADDED',
      'API_KEY_ACCESS_LIST_ENTRY_DELETED',
      'API_KEY_CREATED',
    ])
  })

  test('tells a caller with a wrong key nothing', async () => {
    const key = await newKey()
    await allow(key, [{ ipAddress: '192.0.2.7' }])
    const wrong = byDigest(key.publicKey, 'not-the-key')
    expect((await api.ask({ method: 'GET', path: keys, as: wrong })).status).toBe(401)
  })

  test('has an address once, however it is spelled, and is shown to the key itself', async () => {
    const key = await newKey()
    await allow(key, [{ ipAddress: '127.0.0.1' }, { cidrBlock: '127.0.0.1/32' }])
    expect(await allow(key, [{ cidrBlock: '2001:DB8::/32' }])).toMatchObject({ body: { totalCount: 2 } })
    expect(await api.ask({ method: 'GET', path: '/api/atlas/v2', as: key.as })).toMatchObject({
      body: {
        apiKey: {
          publicKey: key.publicKey,
          accessList: expect.arrayContaining([
            { cidrBlock: '127.0.0.1/32', ipAddress: '127.0.0.1' },
            { cidrBlock: '2001:db8::/32', ipAddress: null },
          ]),
        },
      },
    })
  })

  test.each<{ says: string; body: unknown; code: string; field?: string }>([
    { says: 'neither form', body: [{}], code: 'MISSING_ATTRIBUTE', field: '[0].cidrBlock' },
    {
      says: 'a range for an address',
      body: [{ ipAddress: '10.0.0.0/8' }],
      code: 'INVALID_ATTRIBUTE',
      field: '[0].ipAddress',
    },
    {
      says: 'text',
      body: [{ cidrBlock: '10.0.0.1' }, { cidrBlock: 'all' }],
      code: 'INVALID_ATTRIBUTE',
      field: '[1].cidrBlock',
    },
    {
      says: 'two that differ',
      body: [{ cidrBlock: '10.0.0.0/8', ipAddress: '10.0.0.1' }],
      code: 'INVALID_ATTRIBUTE',
      field: '[0].ipAddress',
    },
    { says: 'nothing', body: [], code: 'VALIDATION_ERROR' },
  ])('refuses $says, whole', async ({ body, code, field }) => {
    const key = await newKey()
    expect(await allow(key, body)).toMatchObject({
      status: 400,
      body: { errorCode: code, ...(field && { badRequestDetail: { fields: [{ field }] } }) },
    })
    expect(await api.ask({ method: 'GET', path: listOf(key) })).toMatchObject({ body: { totalCount: 0 } })
  })

  test('holds 200 entries and no more', async () => {
    const key = await newKey()
    const many = Array.from({ length: 200 }, (_, at) => ({ ipAddress: `10.0.0.${at}` }))
    expect(await allow(key, many)).toMatchObject({ body: { totalCount: 200 } })
    expect(await allow(key, [{ ipAddress: '10.0.1.1' }])).toMatchObject({
      status: 400,
      body: { errorCode: 'ACCESS_LIST_LIMIT_EXCEEDED' },
    })
    expect(await allow(key, [{ ipAddress: '10.0.0.1' }])).toMatchObject({ status: 200, body: { totalCount: 200 } })
  })
})
