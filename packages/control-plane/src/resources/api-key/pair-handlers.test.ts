// API keys whose pair was chosen, over the real engine and store.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byDigest, createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { apiKeyHandlers } from './handlers.ts'
import { apiKeyPairHandlers } from './pair-handlers.ts'

let store: TestStore
let api: TestApi
let path: string
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, (parts) => ({ ...apiKeyHandlers(parts), ...apiKeyPairHandlers(parts) }))
  path = `/api/postern/v1/groups/${api.groupId}/apiKeys`
})
afterAll(() => store.close())

const pair = { publicKey: 'suitekey', privateKey: '11111111-2222-4333-8444-555555555555' }
const body = { desc: 'suite', roles: ['GROUP_READ_ONLY'], ...pair }
const keyCount = async () => (await store.store.read.selectFrom('api_key').select('id').execute()).length

describe('a key with a chosen pair', () => {
  test('lets its holder in, for what its roles allow', async () => {
    expect(await api.ask({ method: 'POST', path, body })).toMatchObject({ status: 201, body: pair })
    const as = byDigest(pair.publicKey, pair.privateKey)
    const list = `/api/atlas/v2/groups/${api.groupId}/apiKeys`
    expect((await api.ask({ method: 'GET', path: list, as })).status).toBe(200)
    expect((await api.ask({ method: 'POST', path, body: { ...body, publicKey: 'otherkey' }, as })).status).toBe(403)
  })
  test.each([
    { says: 'a public key that is taken', more: {}, status: 409, code: 'POSTERN_CHOICE_TAKEN' },
    { says: 'a public key that is none', more: { publicKey: 'Suite' }, status: 400, code: 'INVALID_ATTRIBUTE' },
    { says: 'a private key that is none', more: { privateKey: 'secret' }, status: 400, code: 'INVALID_ATTRIBUTE' },
  ])(
    'is refused with $says; the private key is not repeated and nothing is written',
    async ({ more, status, code }) => {
      const before = await keyCount()
      const answer = await api.ask({ method: 'POST', path, body: { ...body, ...more } })
      expect(answer).toMatchObject({ status, body: { errorCode: code } })
      expect(answer.text).not.toContain(pair.privateKey)
      expect(await keyCount()).toBe(before)
    },
  )
  test('is refused to an owner of the project alone', async () => {
    const owner = await api.newCaller('API_KEY', { group: ['GROUP_OWNER'] })
    expect((await api.ask({ method: 'POST', path, body: { ...body, publicKey: 'ownerkey' }, as: owner })).status).toBe(
      403,
    )
  })
})
