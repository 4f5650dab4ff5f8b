// Service accounts over the real engine and store: their secrets, their tokens, where they may call from.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ask, byToken, createTestApi, type TestApi, testHttpParts } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { groupHandlers } from '../group/handlers.ts'
import { organizationHandlers } from '../organization/handlers.ts'
import { tokenHandlers } from '../token/handlers.ts'
import { serviceAccountCredentialHandlers } from './credential-handlers.ts'
import { serviceAccountHandlers } from './handlers.ts'

const hourMs = 3_600_000
let store: TestStore
let api: TestApi
let now = Date.UTC(2026, 7, 10)
let ofOrg: string
let ofGroup: string

beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(
    store.store,
    (parts) => ({
      ...serviceAccountHandlers(parts),
      ...serviceAccountCredentialHandlers(parts),
      ...tokenHandlers(parts, { secret: testHttpParts.httpSecret }),
      ...organizationHandlers(parts),
      ...groupHandlers(parts),
    }),
    { clock: { now: () => now } },
  )
  ofOrg = `/api/atlas/v2/orgs/${api.orgId}/serviceAccounts`
  ofGroup = `/api/atlas/v2/groups/${api.groupId}/serviceAccounts`
})
afterAll(() => store.close())

interface Secret {
  readonly id: string
  readonly secret: string
}
interface Account {
  readonly clientId: string
  readonly secrets: readonly [Secret]
}
const version = '2024-08-05'
/** Asked as an API key: the owner's own token would not outlive the hours that these tests let pass. */
const asked = async (method: string, path: string, body?: unknown): Promise<Answer> => {
  const as = await api.newCaller('API_KEY', { org: ['ORG_OWNER'] })
  return api.ask({ method, path, version, as, ...(body !== undefined && { body }) })
}
const create = (over: object = {}, path = ofOrg) =>
  asked('POST', path, {
    name: 'ci',
    description: 'of a pipeline',
    roles: path === ofOrg ? ['ORG_MEMBER'] : ['GROUP_READ_ONLY'],
    secretExpiresAfterHours: 8,
    ...over,
  })
const newAccount = async (over: object = {}, path = ofOrg) => (await create(over, path)).body as Account
const tokenFor = (clientId: string, secret: string) =>
  ask(api.http, {
    method: 'POST',
    path: '/api/oauth/token',
    body: 'grant_type=client_credentials',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
    },
  })
const tokenOf = async ({ clientId, secrets: [{ secret }] }: Account) =>
  ((await tokenFor(clientId, secret)).body as { access_token: string }).access_token
const use = (token: string, path = `/api/atlas/v2/orgs/${api.orgId}`) =>
  api.ask({ method: 'GET', path, as: byToken(token) })

describe('an account', () => {
  test("is answered in Atlas's form, with its secret once", async () => {
    const { status, body } = await create()
    const account = body as Account
    expect(status).toBe(201)
    expect(body).toEqual({
      clientId: expect.stringMatching(/^mdb_sa_id_[0-9a-f]{24}$/),
      createdAt: '2026-08-10T00:00:00Z',
      description: 'of a pipeline',
      name: 'ci',
      roles: ['ORG_MEMBER'],
      secrets: [
        {
          createdAt: '2026-08-10T00:00:00Z',
          expiresAt: '2026-08-10T08:00:00Z',
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          secret: expect.stringMatching(/^mdb_sa_sk_[\w-]{40}$/),
        },
      ],
    })
    const { secret, id } = account.secrets[0]
    const shown = await asked('GET', `${ofOrg}/${account.clientId}`)
    expect(shown.body).toMatchObject({ secrets: [{ id, maskedSecretValue: `mdb_sa_sk_...${secret.slice(-4)}` }] })
    for (const text of [shown.text, (await asked('GET', ofOrg)).text, JSON.stringify(await rowsOf(account))])
      expect(text).not.toContain(secret)
  })

  test('opens what its roles say, and what they say after a change', async () => {
    const account = await newAccount()
    const token = await tokenOf(account)
    const list = () => use(token, ofOrg)
    expect((await use(token)).status).toBe(200)
    expect((await list()).status).toBe(403)
    await asked('PATCH', `${ofOrg}/${account.clientId}`, { roles: ['ORG_READ_ONLY'] })
    expect((await list()).status).toBe(200)
  })

  test('that is deleted has no token any more, and gets none', async () => {
    const account = await newAccount()
    const token = await tokenOf(account)
    const path = `${ofOrg}/${account.clientId}`
    expect((await asked('DELETE', path)).status).toBe(204)
    expect((await use(token)).status).toBe(401)
    expect((await tokenFor(account.clientId, account.secrets[0].secret)).status).toBe(401)
    expect(await asked('GET', path)).toMatchObject({ status: 404, body: { errorCode: 'SERVICE_ACCOUNT_NOT_FOUND' } })
  })

  test.each([
    { says: 'no secret life', over: { secretExpiresAfterHours: undefined }, field: 'secretExpiresAfterHours' },
    { says: 'a secret of no hours', over: { secretExpiresAfterHours: 0 }, field: 'secretExpiresAfterHours' },
    { says: 'a secret of more than a year', over: { secretExpiresAfterHours: 8761 }, field: 'secretExpiresAfterHours' },
    { says: 'a name with signs', over: { name: 'a<b' }, field: 'name' },
    { says: 'no roles', over: { roles: [] }, field: 'roles' },
    { says: "a group's role", over: { roles: ['GROUP_OWNER'] }, field: 'roles[0]' },
  ])('is refused with $says', async ({ over, field }) => {
    expect(await create(over)).toMatchObject({ status: 400, body: { badRequestDetail: { fields: [{ field }] } } })
  })
})

describe('a secret', () => {
  const secretsOf = ({ clientId }: Account) => `${ofOrg}/${clientId}/secrets`
  const another = async (account: Account, hours = 24) =>
    (await asked('POST', secretsOf(account), { secretExpiresAfterHours: hours })).body as Secret

  test('is rotated without a gap: two are valid at once, and no third', async () => {
    const account = await newAccount()
    const second = await another(account)
    expect((await tokenFor(account.clientId, account.secrets[0].secret)).status).toBe(200)
    expect((await tokenFor(account.clientId, second.secret)).status).toBe(200)
    expect(await asked('POST', secretsOf(account), { secretExpiresAfterHours: 1 })).toMatchObject({
      status: 409,
      body: { errorCode: 'SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED' },
    })
    expect((await asked('DELETE', `${secretsOf(account)}/${account.secrets[0].id}`)).status).toBe(204)
    expect((await tokenFor(account.clientId, account.secrets[0].secret)).status).toBe(401)
    expect((await tokenFor(account.clientId, second.secret)).status).toBe(200)
    expect(await asked('DELETE', `${secretsOf(account)}/${account.secrets[0].id}`)).toMatchObject({
      status: 404,
      body: { errorCode: 'SERVICE_ACCOUNT_SECRET_NOT_FOUND' },
    })
  })

  test('that is deleted ends the tokens that it fetched, and no others', async () => {
    const account = await newAccount()
    const first = await tokenOf(account)
    const second = await tokenOf({ ...account, secrets: [await another(account)] })
    expect([(await use(first)).status, (await use(second)).status]).toEqual([200, 200])
    await asked('DELETE', `${secretsOf(account)}/${account.secrets[0].id}`)
    expect([(await use(first)).status, (await use(second)).status]).toEqual([401, 200])
  })

  test('that has expired gets no token, leaves room for a new one, and says when it was last used', async () => {
    const account = await newAccount()
    const second = await another(account, 24)
    expect((await tokenFor(account.clientId, account.secrets[0].secret)).status).toBe(200)
    now += 9 * hourMs
    expect(await tokenFor(account.clientId, account.secrets[0].secret)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    const third = await another(account, 1)
    expect((await tokenFor(account.clientId, third.secret)).status).toBe(200)
    const { body } = await asked('GET', `${ofOrg}/${account.clientId}`)
    const { secrets } = body as { secrets: readonly { id: string; lastUsedAt?: string }[] }
    expect(Object.fromEntries(secrets.map(({ id, lastUsedAt }) => [id, lastUsedAt]))).toEqual({
      [account.secrets[0].id]: '2026-08-10T00:00:00Z',
      [second.id]: undefined,
      [third.id]: '2026-08-10T09:00:00Z',
    })
  })

  test('of another account is not deleted by its id', async () => {
    const [one, other] = [await newAccount(), await newAccount()]
    expect((await asked('DELETE', `${secretsOf(one)}/${other.secrets[0].id}`)).status).toBe(404)
    expect((await tokenFor(other.clientId, other.secrets[0].secret)).status).toBe(200)
  })
})

test("an account's access list refuses its token elsewhere, and counts where it was used", async () => {
  const account = await newAccount()
  const token = await tokenOf(account)
  const list = `${ofOrg}/${account.clientId}/accessList`
  await asked('POST', list, [{ ipAddress: '192.0.2.7' }])
  expect(await use(token)).toMatchObject({
    status: 403,
    body: { errorCode: 'IP_ADDRESS_NOT_ON_ACCESS_LIST', parameters: ['127.0.0.1'] },
  })
  await asked('POST', list, [{ ipAddress: '127.0.0.1' }])
  expect((await use(token)).status).toBe(200)
  const { body } = await asked('GET', list)
  expect(body).toMatchObject({
    totalCount: 2,
    results: [
      { cidrBlock: '127.0.0.1/32', ipAddress: '127.0.0.1', requestCount: 1, lastUsedAddress: '127.0.0.1' },
      { cidrBlock: '192.0.2.7/32', requestCount: 0 },
    ],
  })
  expect((await asked('DELETE', `${list}/127.0.0.1`)).status).toBe(204)
  expect((await use(token)).status).toBe(403)
})

describe('an account of a group', () => {
  const group = () => `/api/atlas/v2/groups/${api.groupId}`

  test('is a member of the organization, and stays one when it leaves the group', async () => {
    const account = await newAccount({}, ofGroup)
    const token = await tokenOf(account)
    expect((await use(token, group())).status).toBe(200)
    expect(await asked('GET', `${ofOrg}/${account.clientId}`)).toMatchObject({ body: { roles: ['ORG_MEMBER'] } })
    expect((await asked('DELETE', `${ofGroup}/${account.clientId}`)).status).toBe(204)
    expect((await use(token, group())).status).toBe(404)
    expect((await use(token)).status).toBe(200)
    expect((await asked('GET', `${ofGroup}/${account.clientId}`)).status).toBe(404)
  })

  test('may be one of the organization that was invited, once', async () => {
    const account = await newAccount()
    const invite = () => asked('POST', `${ofGroup}/${account.clientId}:invite`, { roles: ['GROUP_OWNER'] })
    expect(await asked('GET', `${ofGroup}/${account.clientId}`)).toMatchObject({ status: 404 })
    expect(await invite()).toMatchObject({ status: 200, body: { roles: ['GROUP_OWNER'] } })
    expect(await invite()).toMatchObject({ status: 409, body: { errorCode: 'SERVICE_ACCOUNT_ALREADY_IN_GROUP' } })
    expect(await asked('GET', `${ofOrg}/${account.clientId}/groups`)).toMatchObject({
      body: { results: [{ groupId: api.groupId, roles: ['GROUP_OWNER'] }], totalCount: 1 },
    })
    const types = await eventTypes(account)
    expect(types).toEqual(['SERVICE_ACCOUNT_ADDED_TO_GROUP', 'SERVICE_ACCOUNT_CREATED'])
  })

  test('may be invited by a list of assignments too, as the SDKs of 2024 do', async () => {
    const account = await newAccount()
    const path = `${ofGroup}/${account.clientId}:invite`
    expect(await asked('POST', path, [{ roles: ['GROUP_READ_ONLY'] }, { roles: [] }])).toMatchObject({
      status: 400,
      body: { errorCode: 'INVALID_ATTRIBUTE', parameters: ['[1].roles'] },
    })
    const body = [{ roles: ['GROUP_READ_ONLY'] }, { roles: ['GROUP_CLUSTER_MANAGER', 'GROUP_READ_ONLY'] }]
    const answer = await asked('POST', path, body)
    expect(answer.status).toBe(200)
    expect([...(answer.body as { roles: string[] }).roles].sort()).toEqual(['GROUP_CLUSTER_MANAGER', 'GROUP_READ_ONLY'])
  })

  test.each([
    { says: 'nothing', body: {}, errorCode: 'MISSING_ATTRIBUTE', attribute: 'roles' },
    { says: 'no list', body: { roles: 'GROUP_OWNER' }, errorCode: 'INVALID_ATTRIBUTE', attribute: 'roles' },
    { says: 'an unknown role', body: { roles: ['X'] }, errorCode: 'INVALID_ATTRIBUTE', attribute: 'roles[0]' },
    { says: 'nothing, in a list', body: [{}], errorCode: 'MISSING_ATTRIBUTE', attribute: '[0].roles' },
  ])('is told which field is wrong in an invitation with $says', async ({ body, errorCode, attribute }) => {
    const account = await newAccount()
    expect(await asked('POST', `${ofGroup}/${account.clientId}:invite`, body)).toMatchObject({
      status: 400,
      body: { errorCode, parameters: [attribute] },
    })
  })

  test("is not invited by the group's own owner", async () => {
    const account = await newAccount()
    const as = await api.newCaller('API_KEY', { group: ['GROUP_OWNER'] })
    const path = `${ofGroup}/${account.clientId}:invite`
    expect((await api.ask({ method: 'POST', path, version, as, body: { roles: ['GROUP_OWNER'] } })).status).toBe(403)
  })
})

const rowsOf = ({ clientId }: Account) =>
  store.store.read.selectFrom('service_account_secret').selectAll().where('client_id', '=', clientId).execute()

const eventTypes = async ({ clientId }: Account) => {
  const rows = await store.store.read.selectFrom('event').select(['type', 'target']).execute()
  const own = rows.filter(({ target }) => JSON.stringify(target).includes(clientId))
  return own.map(({ type }) => type).sort()
}

describe('an organization may demand', () => {
  const settings = () => `/api/atlas/v2/orgs/${api.orgId}/settings`

  test('that secrets live no longer than it says', async () => {
    await asked('PATCH', settings(), { maxServiceAccountSecretValidityInHours: 100 })
    expect(await create({ secretExpiresAfterHours: 101 })).toMatchObject({
      status: 400,
      body: { badRequestDetail: { fields: [{ field: 'secretExpiresAfterHours' }] } },
    })
    expect((await create({ secretExpiresAfterHours: 100 })).status).toBe(201)
  })

  test('that every machine has an access list, of whoever has one themselves', async () => {
    const account = await newAccount({ roles: ['ORG_OWNER'] })
    const as = byToken(await tokenOf(account))
    const demand = (apiAccessListRequired: boolean) =>
      api.ask({ method: 'PATCH', path: settings(), as, body: { apiAccessListRequired } })
    expect(await demand(true)).toMatchObject({
      status: 400,
      body: { badRequestDetail: { fields: [{ field: 'apiAccessListRequired' }] } },
    })
    const other = await tokenOf(await newAccount())
    await asked('POST', `${ofOrg}/${account.clientId}/accessList`, [{ ipAddress: '127.0.0.1' }])
    expect((await demand(true)).status).toBe(200)
    expect(await use(other)).toMatchObject({ status: 403, body: { errorCode: 'IP_ADDRESS_NOT_ON_ACCESS_LIST' } })
    expect((await demand(false)).status).toBe(200)
    expect((await use(other)).status).toBe(200)
  })
})
