// Managed certificates over the real HTTP engine and store: whom they name, who signed them, for how long, and what is
// remembered of them.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { certificateHandlers } from '../certificate/handlers.ts'
import { databaseUserCertHandlers } from './cert-handlers.ts'
import { databaseUserHandlers } from './handlers.ts'

let stored: TestStore
let api: TestApi
let now: number
beforeAll(async () => {
  stored = await createTestStore()
})
afterAll(() => stored?.close())
beforeEach(async () => {
  await clearStore(stored.store)
  now = Date.parse('2027-08-31T10:00:00.500Z')
  api = await createTestApi(
    stored.store,
    (parts) => ({ ...databaseUserHandlers(parts), ...databaseUserCertHandlers(parts), ...certificateHandlers(parts) }),
    { clock: { now: () => now } },
  )
})

const users = (path = '') => `/api/atlas/v2/groups/${api.groupId}/databaseUsers${path}`
const roles = [{ roleName: 'read', databaseName: 'shop' }]
const createUser = async (more: object = {}): Promise<void> => {
  const body = { databaseName: '$external', groupId: api.groupId, username: 'ada', x509Type: 'MANAGED', roles, ...more }
  // Nothing turns here: the answer would wait for deployments that there are none of.
  const row = { state: 'NOT_MANAGED' }
  const made = api.ask({ method: 'POST', path: users(), body })
  await expect
    .poll(() => stored.store.transact((tx) => tx.updateTable('database_user').set(row).executeTakeFirst()))
    .not.toMatchObject({ numUpdatedRows: 0n })
  expect((await made).status).toBe(201)
}
const issue = (body: object = {}, name = 'ada') =>
  api.ask({ method: 'POST', path: users(`/${encodeURIComponent(name)}/certs`), body })
const list = async (name = 'ada') =>
  (await api.ask({ method: 'GET', path: users(`/${encodeURIComponent(name)}/certs`) })).body as {
    totalCount: number
    results: Record<string, unknown>[]
  }
const authority = async (path: string) => {
  const { body } = await api.ask({ method: 'GET', path: `/api/postern/v1/${path}`, as: null })
  return new X509Certificate((body as { certificate: string }).certificate)
}

describe('a managed certificate', () => {
  test('names the user, fits its key, and is signed by the authority for users, not the one for endpoints', async () => {
    await createUser()
    const answer = await issue()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      201,
      'application/vnd.atlas.2023-01-01+json;charset=utf-8',
    ])
    const certificate = new X509Certificate(answer.text)
    expect(certificate.subject).toBe('CN=ada')
    expect(certificate.ca).toBe(false)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(certificate.checkPrivateKey(createPrivateKey(answer.text))).toBe(true)
    const own = await authority('databaseUserCa')
    expect(certificate.checkIssued(own) && certificate.verify(own.publicKey)).toBe(true)
    expect(certificate.verify((await authority('ca')).publicKey)).toBe(false)
    expect((await authority('databaseUserCa')).fingerprint256).toBe(own.fingerprint256)
  })

  test.each([
    { says: 'three months unless told', months: undefined, ends: '2027-11-30T10:00:00Z' },
    { says: 'one month, to its last day', months: 1, ends: '2027-09-30T10:00:00Z' },
    { says: 'two years at most', months: 24, ends: '2029-08-31T10:00:00Z' },
  ])('lasts $says', async ({ months, ends }) => {
    await createUser()
    const certificate = new X509Certificate((await issue({ monthsUntilExpiration: months })).text)
    expect(new Date(certificate.validTo).toISOString()).toBe(ends.replace('Z', '.000Z'))
    expect(Date.parse(certificate.validFrom)).toBeLessThan(now)
    expect((await list()).results).toEqual([
      {
        _id: Number.parseInt(certificate.serialNumber, 16),
        createdAt: '2027-08-31T10:00:00Z',
        groupId: api.groupId,
        notAfter: ends,
        subject: 'CN=ada',
      },
    ])
  })

  test('of a user who is spelt as a distinguished name', async () => {
    await createUser({ username: 'CN=Ada Lovelace' })
    expect(new X509Certificate((await issue({}, 'CN=Ada Lovelace')).text).subject).toBe('CN=Ada Lovelace')
    expect((await list('CN=Ada Lovelace')).results[0]?.subject).toBe('CN=Ada Lovelace')
  })

  test('is listed until it has expired, and no longer than its user is there', async () => {
    await createUser()
    const serials = [await issue({ monthsUntilExpiration: 1 }), await issue({ monthsUntilExpiration: 2 })].map(
      ({ text }) => new X509Certificate(text).serialNumber,
    )
    expect(new Set(serials).size).toBe(2)
    expect((await list()).totalCount).toBe(2)
    const soon = new Date(now + 1000)
    const [first] = (await list()).results
    await stored.store.transact((tx) =>
      tx.updateTable('database_user_cert').set({ not_after: soon }).where('serial', '=', Number(first?._id)).execute(),
    )
    expect((await list()).totalCount).toBe(2)
    now += 1000
    expect((await list()).totalCount).toBe(1)
    await stored.store.transact((tx) => tx.deleteFrom('database_user').execute())
    expect(await stored.store.read.selectFrom('database_user_cert').selectAll().execute()).toEqual([])
  })

  test('its key is not kept, and the authority’s is sealed', async () => {
    await createUser()
    await issue()
    const rows = [
      await stored.store.read.selectFrom('database_user_cert').selectAll().execute(),
      await stored.store.read.selectFrom('certificate_authority').selectAll().execute(),
      await stored.store.read.selectFrom('event').selectAll().where('type', 'like', '%X509%').execute(),
    ]
    expect(JSON.stringify(rows)).not.toContain('PRIVATE KEY')
    expect(rows[2]).toMatchObject([{ type: 'MONGODB_USER_X509_CERT_CREATED', target: { username: 'ada' } }])
  })
})

describe('what is refused', () => {
  test('a user who has another proof', async () => {
    await createUser({ username: 'CN=bob', x509Type: 'CUSTOMER' })
    expect(await issue({}, 'CN=bob')).toMatchObject({
      status: 400,
      body: { errorCode: 'POSTERN_USER_WITHOUT_MANAGED_CERTIFICATES', parameters: ['CN=bob', 'CUSTOMER'] },
    })
  })

  test('a user who is not there', async () => {
    expect(await issue()).toMatchObject({ status: 404, body: { errorCode: 'USERNAME_NOT_FOUND' } })
    const answer = await api.ask({ method: 'GET', path: users('/ada/certs') })
    expect(answer).toMatchObject({ status: 404, body: { errorCode: 'USERNAME_NOT_FOUND' } })
  })

  test.each([0, 25, 1.5])('%s months', async (monthsUntilExpiration) => {
    await createUser()
    expect(await issue({ monthsUntilExpiration })).toMatchObject({
      status: 400,
      body: { errorCode: 'INVALID_ATTRIBUTE' },
    })
    expect((await list()).totalCount).toBe(0)
  })

  test('more than one user may have at a time', async () => {
    await createUser()
    const { id } = await stored.store.read
      .selectFrom('database_user')
      .select('id')
      .where('group_id', '=', api.groupId)
      .executeTakeFirstOrThrow()
    const dates = { created: new Date(now), not_after: new Date(now + 1000) }
    const many = Array.from({ length: 50 }, (_, serial) => ({ serial, user_id: id, subject: 'CN=ada', ...dates }))
    await stored.store.transact((tx) => tx.insertInto('database_user_cert').values(many).execute())
    expect(await issue()).toMatchObject({
      status: 400,
      body: { errorCode: 'ATLAS_GENERATED_CERTS_LIMIT_EXCEEDED', parameters: ['ada', 50] },
    })
    now += 1000
    expect((await issue()).status).toBe(201)
  })
})
