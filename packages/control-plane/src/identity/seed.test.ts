// The first identities: made once, usable at once, changed only where a secret was.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { byDigest, createTestApi, type TestApi } from '../http/testing.ts'
import { groupHandlers } from '../resources/group/handlers.ts'
import { clearStore, createTestStore, type TestStore } from '../store/testing.ts'
import { verifyPassword } from './password.ts'
import { type SeedSecrets, seedIdentities, seedSupervisorKey } from './seed.ts'

let store: TestStore
let api: TestApi
const secrets: SeedSecrets = {
  orgName: 'Local',
  groupName: 'Project 0',
  ownerEmail: 'Owner@postern.internal',
  ownerPassword: 'correct horse',
  publicKey: 'abcdefgh',
  privateKey: '11111111-2222-4333-8444-555555555555',
  clientId: `mdb_sa_id_${'a'.repeat(24)}`,
  clientSecret: `mdb_sa_sk_${'b'.repeat(40)}`,
}
const tables = ['organization', 'group', 'app_user', 'api_key', 'service_account', 'role_assignment', 'event'] as const
const contents = async () =>
  Object.fromEntries(
    await Promise.all(
      tables.map(async (table) => [table, await store.store.read.selectFrom(table).selectAll().execute()]),
    ),
  )

beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, groupHandlers)
  await clearStore(store.store)
})
afterAll(() => store.close())

test('the first start makes an organization, a group, an owner, a key and a service account', async () => {
  const { orgId, groupId } = await seedIdentities(api.parts, secrets)
  expect(await contents()).toMatchObject({
    organization: [{ id: orgId, name: 'Local' }],
    group: [{ id: groupId, org_id: orgId, name: 'Project 0' }],
    app_user: [{ email: 'Owner@postern.internal' }],
    api_key: [{ public_key: 'abcdefgh', key_tail: '555555555555' }],
    service_account: [{ client_id: secrets.clientId }],
  })
  const roles = await store.store.read.selectFrom('role_assignment').select(['holder_kind', 'role']).execute()
  expect(roles.map(({ holder_kind, role }) => `${holder_kind} ${role}`).sort()).toEqual([
    'API_KEY ORG_OWNER',
    'SERVICE_ACCOUNT ORG_OWNER',
    'USER GROUP_OWNER',
    'USER ORG_OWNER',
  ])
})

test('none of the secrets lies in the store as it is', async () => {
  const text = JSON.stringify(await contents())
  for (const secret of [secrets.ownerPassword, secrets.privateKey, secrets.clientSecret])
    expect(text).not.toContain(secret)
})

test('the key works at once', async () => {
  const as = byDigest(secrets.publicKey, secrets.privateKey)
  expect(await api.ask({ method: 'GET', path: '/api/atlas/v2/groups', as })).toMatchObject({ body: { totalCount: 1 } })
})

test('a second start with the same secrets changes nothing', async () => {
  const before = await contents()
  const again = await seedIdentities(api.parts, { ...secrets, ownerEmail: 'owner@POSTERN.internal' })
  expect(again).toEqual({ orgId: before.organization?.[0]?.id, groupId: before.group?.[0]?.id })
  expect(await contents()).toEqual(before)
})

test('new secrets are added or take the place of the old ones under the same name', async () => {
  await seedIdentities(api.parts, {
    ...secrets,
    publicKey: 'ijklmnop',
    clientSecret: `mdb_sa_sk_${'c'.repeat(40)}`,
    ownerPassword: 'battery staple',
  })
  const { api_key, app_user, service_account, organization, group } = await contents()
  expect([api_key?.length, app_user?.length, service_account?.length, organization?.length, group?.length]).toEqual([
    2, 1, 1, 1, 1,
  ])
  expect(await verifyPassword(String(app_user?.[0]?.password), 'battery staple')).toBe(true)
  const as = byDigest('ijklmnop', secrets.privateKey)
  expect((await api.ask({ method: 'GET', path: '/api/atlas/v2/groups', as })).status).toBe(200)
})

test('ids may be given', async () => {
  const ids = { orgId: '1'.repeat(24), groupId: '2'.repeat(24) }
  expect(await seedIdentities(api.parts, { ...secrets, ...ids, orgName: 'Other', publicKey: 'qrstuvwx' })).toEqual(ids)
})

test('a supervisor’s key works, ends with the next one under its name, and touches nobody else’s', async () => {
  const { orgId } = await seedIdentities(api.parts, secrets)
  const { app_user, service_account } = await contents()
  const key = { orgId, publicKey: 'zyxwvuts' }
  const ask = async (privateKey: string) =>
    (await api.ask({ method: 'GET', path: '/api/atlas/v2/groups', as: byDigest(key.publicKey, privateKey) })).status
  await seedSupervisorKey(api.parts, { ...key, privateKey: 'of the first start' })
  expect(await ask('of the first start')).toBe(200)
  await seedSupervisorKey(api.parts, { ...key, privateKey: 'of the second start' })
  expect([await ask('of the first start'), await ask('of the second start')]).toEqual([401, 200])
  expect(await contents()).toMatchObject({ app_user, service_account })
})
