// The first identities: made once, usable at once, and left as people leave them.

import type { Transaction } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { byDigest, createTestApi, type TestApi } from '../http/testing.ts'
import { groupHandlers } from '../resources/group/handlers.ts'
import type { Tables } from '../store/tables.ts'
import { clearStore, createTestStore, type TestStore } from '../store/testing.ts'
import { makeVerifier } from './password.ts'
import { seedIdentities } from './seed.ts'
import { type Ended, endedOf, type FirstTold } from './seed-ended.ts'
import { makeSupervisorKey } from './supervisor-key.ts'

let store: TestStore
let api: TestApi
const secrets: FirstTold = {
  orgId: '1'.repeat(24),
  orgName: 'Local',
  groupId: '2'.repeat(24),
  groupName: 'Project 0',
  ownerEmail: 'Owner@postern.internal',
  ownerPassword: 'correct horse',
  publicKey: 'abcdefgh',
  privateKey: '11111111-2222-4333-8444-555555555555',
  clientId: `mdb_sa_id_${'a'.repeat(24)}`,
  clientSecret: `mdb_sa_sk_${'b'.repeat(40)}`,
  clusterName: 'Cluster0',
  dbUser: 'app',
  dbPassword: 'tr0ub4dor',
}
const { orgId, groupId } = secrets
const otherVerifier = makeVerifier('battery staple')
const ofSample = { clusterName: true, dbUser: true, dbPassword: true }
const tables = ['organization', 'group', 'app_user', 'api_key', 'service_account', 'role_assignment', 'event'] as const
const contents = async () =>
  Object.fromEntries(
    await Promise.all(
      tables.map(async (table) => [table, await store.store.read.selectFrom(table).selectAll().execute()]),
    ),
  )

beforeAll(async () => {
  store = await createTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  api = await createTestApi(store.store, groupHandlers)
  await clearStore(store.store)
  await seedIdentities(api.parts, secrets)
})

const answersTo = async (publicKey: string, privateKey: string): Promise<number> =>
  (await api.ask({ method: 'GET', path: '/api/atlas/v2/groups', as: byDigest(publicKey, privateKey) })).status

describe('the first start', () => {
  test('makes an organization, a group, an owner, a key and a service account', async () => {
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

  test('puts none of the secrets into the store as it is', async () => {
    const text = JSON.stringify(await contents())
    for (const secret of [secrets.ownerPassword, secrets.privateKey, secrets.clientSecret])
      expect(text).not.toContain(secret)
  })

  test('makes a key that works at once', async () => {
    expect(await answersTo(secrets.publicKey, secrets.privateKey)).toBe(200)
  })

  test('leaves nothing when it is cut off, and the next one makes it all', async () => {
    await clearStore(store.store)
    const { ids } = api.parts
    const cutOff = {
      ...api.parts,
      ids: {
        ...ids,
        hex: () => {
          throw new Error('cut off')
        },
      },
    }
    await expect(seedIdentities(cutOff, secrets)).rejects.toThrow('cut off')
    expect(Object.values(await contents()).flat()).toEqual([])
    await seedIdentities(api.parts, secrets)
    expect(await endedOf(api.parts, secrets)).toEqual(ofSample)
  })

  test('is one, also where several control planes make it at the same time', async () => {
    await clearStore(store.store)
    await Promise.all([1, 2, 3].map(() => seedIdentities(api.parts, secrets)))
    expect((await contents()).api_key).toHaveLength(1)
  })

  test('of another home on the same store leaves the owner’s password as it is', async () => {
    const before = (await contents()).app_user
    await seedIdentities(api.parts, {
      ...secrets,
      orgId: '3'.repeat(24),
      groupId: '4'.repeat(24),
      publicKey: 'ijklmnop',
      clientId: `mdb_sa_id_${'c'.repeat(24)}`,
      ownerPassword: 'battery staple',
    })
    expect((await contents()).app_user).toEqual(before)
    expect((await contents()).organization).toHaveLength(2)
  })
})

describe('a later start', () => {
  const write = (work: (tx: Transaction<Tables>) => Promise<unknown>): Promise<void> =>
    store.store.transact(async (tx) => void (await work(tx)))

  const changes: readonly {
    readonly says: string
    readonly change: (tx: Transaction<Tables>) => Promise<unknown>
    readonly ended: Ended
  }[] = [
    { says: 'that finds everything as it was', change: async () => {}, ended: {} },
    {
      says: 'after another password',
      change: async (tx) =>
        tx
          .updateTable('app_user')
          .set({ password: await otherVerifier })
          .execute(),
      ended: { ownerPassword: true },
    },
    {
      says: 'after another address of the owner',
      change: (tx) => tx.updateTable('app_user').set({ email: 'ada@example.com' }).execute(),
      ended: { ownerEmail: true, ownerPassword: true },
    },
    {
      says: 'after the first key was deleted',
      change: (tx) => tx.deleteFrom('api_key').execute(),
      ended: { publicKey: true, privateKey: true },
    },
    {
      says: 'after the service account was deleted',
      change: (tx) => tx.deleteFrom('service_account').execute(),
      ended: { clientId: true, clientSecret: true },
    },
    {
      says: 'after only its secret was',
      change: (tx) => tx.deleteFrom('service_account_secret').execute(),
      ended: { clientSecret: true },
    },
    {
      says: 'after the project was deleted',
      change: (tx) => tx.deleteFrom('group').execute(),
      ended: { groupId: true },
    },
    {
      says: 'after roles were taken',
      change: (tx) => tx.deleteFrom('role_assignment').execute(),
      ended: {},
    },
  ]

  test.each(changes)('$says changes nothing, and says what has ended', async ({ change, ended }) => {
    await write(change)
    const before = await contents()
    await seedIdentities(api.parts, secrets)
    expect(await contents()).toEqual(before)
    expect(await endedOf(api.parts, secrets)).toEqual({ ...ofSample, ...ended })
  })
})

describe('a supervisor’s key', () => {
  const key = { orgId, publicKey: 'zyxwvuts' }

  test('works, ends with the next one under its name, and touches nobody else’s', async () => {
    const { app_user, service_account } = await contents()
    await makeSupervisorKey(api.parts, { ...key, privateKey: 'of the first start' })
    expect(await answersTo(key.publicKey, 'of the first start')).toBe(200)
    await makeSupervisorKey(api.parts, { ...key, privateKey: 'of the second start' })
    expect(await answersTo(key.publicKey, 'of the first start')).toBe(401)
    expect(await answersTo(key.publicKey, 'of the second start')).toBe(200)
    expect(await answersTo(secrets.publicKey, secrets.privateKey)).toBe(200)
    expect(await contents()).toMatchObject({ app_user, service_account })
  })

  test('is for this machine only', async () => {
    await makeSupervisorKey(api.parts, { ...key, privateKey: 'private' })
    const entries = await store.store.read.selectFrom('caller_access_entry').select('cidr').orderBy('cidr').execute()
    expect(entries).toEqual([{ cidr: '127.0.0.0/8' }, { cidr: '::1/128' }])
  })

  test('works where the organization wants access lists, and after its own was changed', async () => {
    await store.store.transact(async (tx) => {
      await tx.updateTable('organization').set({ settings: '{"apiAccessListRequired":true}' }).execute()
    })
    for (const privateKey of ['first', 'second']) {
      await makeSupervisorKey(api.parts, { ...key, privateKey })
      expect(await answersTo(key.publicKey, privateKey)).toBe(200)
      await store.store.transact(async (tx) => {
        await tx
          .updateTable('caller_access_entry')
          .set({ cidr: '192.0.2.7/32' })
          .where('cidr', 'like', '127%')
          .execute()
      })
    }
  })

  test('works where its organization is gone: it is made again, with nothing in it', async () => {
    await clearStore(store.store)
    await makeSupervisorKey(api.parts, { ...key, privateKey: 'private' })
    expect(await answersTo(key.publicKey, 'private')).toBe(200)
    expect(await contents()).toMatchObject({ organization: [{ id: orgId }], group: [], app_user: [] })
  })
})
