// Coming in: sessions and accepted invitations, over the real engine and store, with real passwords. Verifiers of accounts
// that are there from the start are cheap ones: how dear a verifier is stands in its own text.

import { randomBytes, scryptSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, createTestApi, type TestApi } from '../../http/testing.ts'
import { grantRole } from '../../identity/grant.ts'
import { makeVerifier, verifyPassword } from '../../identity/password.ts'
import { createPasswordGate } from '../../identity/password-gate.ts'
import { endByLink } from '../../identity/session-link.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { groupHandlers } from '../group/handlers.ts'
import { invitationHandlers } from '../invitation/handlers.ts'
import { organizationHandlers } from '../organization/handlers.ts'
import { userHandlers } from '../user/handlers.ts'
import { sessionHandlers } from './handlers.ts'
import { sessionLinkHandlers } from './link-handlers.ts'

let store: TestStore
let api: TestApi
let now = Date.UTC(2026, 7, 10)
/** What happens between a proof and what follows from it. */
let whenProved = async (): Promise<void> => {}
const start = now
const ada = { id: 'a'.repeat(24), username: 'Ada@example.com', password: 'correct-horse-battery' }

beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(
    store.store,
    (parts) => {
      const verify = async (...asked: Parameters<typeof verifyPassword>): Promise<boolean> => {
        const proved = await verifyPassword(...asked)
        await whenProved()
        return proved
      }
      const passwords = createPasswordGate({ verify, make: makeVerifier })
      return {
        ...sessionHandlers(parts, passwords),
        ...sessionLinkHandlers(parts),
        ...invitationHandlers(parts, passwords),
        ...userHandlers(parts, passwords),
        ...organizationHandlers(parts),
        ...groupHandlers(parts),
      }
    },
    { clock: { now: () => now } },
  )
  const password = cheapVerifier(ada.password)
  await store.store.transact(async (tx) => {
    const created = new Date(now)
    await tx
      .insertInto('app_user')
      .values({ id: ada.id, email: ada.username, password, first_name: 'Ada', last_name: 'L', created })
      .execute()
    await grantRole(tx, { kind: 'USER', id: ada.id }, { orgId: api.orgId, role: 'ORG_OWNER' })
  })
})
afterAll(() => store.close())

const cheapVerifier = (password: string): string => {
  const salt = randomBytes(16)
  const key = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 })
  return ['scrypt', 1024, 8, 1, salt.toString('base64'), key.toString('base64')].join('$')
}

const path = '/api/postern/v1/session'
const origin = 'http://localhost:8080'
const signIn = (body: { readonly username: string; readonly password: string }, headers: Record<string, string> = {}) =>
  ask(api.http, { method: 'POST', path, body, headers: { origin, ...headers } })
const cookieOf = ({ headers }: { headers: Headers }) => (headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
const signedIn = async () => cookieOf(await signIn(ada))
const orgs = (headers: Record<string, string>, method = 'GET', more: object = {}) =>
  ask(api.http, { method, path: '/api/atlas/v2/orgs', headers, ...more })

describe('a session', () => {
  test('begins with the right password, in any case of the address, and is not for scripts or other sites', async () => {
    const answer = await signIn({ ...ada, username: 'ada@EXAMPLE.com' })
    expect(answer).toMatchObject({ status: 201, body: { userId: ada.id, firstName: 'Ada', orgIds: [api.orgId] } })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^postern_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; /,
    )
    expect(await orgs({ cookie: cookieOf(answer) })).toMatchObject({ status: 200, body: { totalCount: 1 } })
  })
  test('is not in the store as it is in the cookie', async () => {
    const token = (await signedIn()).split('=')[1]
    const rows = await store.store.read.selectFrom('console_session').select('token_hash').execute()
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
  })
  test('says whose it is, and notes when its user came', async () => {
    const cookie = await signedIn()
    const answer = await ask(api.http, { method: 'GET', path, headers: { cookie } })
    expect(answer).toMatchObject({ status: 200, body: { username: ada.username } })
    const seen = await ask(api.http, { method: 'GET', path: `/api/atlas/v2/users/${ada.id}`, headers: { cookie } })
    expect(seen.body).toMatchObject({ lastAuth: '2026-08-10T00:00:00Z' })
  })
  test.each([
    { says: 'a wrong password', body: { username: ada.username, password: 'wrong-horse-battery' } },
    { says: 'an address that nobody has', body: { username: 'nobody@example.com', password: ada.password } },
  ])('does not begin with $says', async ({ body }) => {
    const answer = await signIn(body)
    expect(answer).toMatchObject({ status: 401, body: { errorCode: 'POSTERN_WRONG_PASSWORD' } })
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })
  test('does not begin from a page of another site', async () => {
    expect(await signIn(ada, { origin: 'https://evil.example' })).toMatchObject({ status: 403 })
  })
  test('ends by signing out, and signing out twice is no fault', async () => {
    const cookie = await signedIn()
    for (const _ of [1, 2]) {
      const answer = await ask(api.http, { method: 'DELETE', path, headers: { cookie, origin } })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('set-cookie')).toContain('Max-Age=0')
    }
    expect((await orgs({ cookie })).status).toBe(401)
  })
  test('changes something only at the word of a page of ours', async () => {
    const cookie = await signedIn()
    const body = { name: 'Made by hand' }
    expect(await orgs({ cookie }, 'POST', { body })).toMatchObject({
      status: 403,
      body: { errorCode: 'FOREIGN_ORIGIN' },
    })
    expect((await orgs({ cookie, origin: 'https://evil.example' }, 'POST', { body })).status).toBe(403)
    expect((await orgs({ cookie, origin }, 'POST', { body })).status).toBe(201)
  })
  test('is not for a page of another program on this machine, which the browser counts as the same site', async () => {
    const cookie = await signedIn()
    for (const site of ['same-site', 'cross-site'])
      expect((await orgs({ cookie, 'sec-fetch-site': site })).status).toBe(403)
    for (const site of ['same-origin', 'none'])
      expect((await orgs({ cookie, 'sec-fetch-site': site })).status).toBe(200)
  })
  test('lives on while it is used, and ends when it is not, or when it is old', async () => {
    const [used, unused] = [await signedIn(), await signedIn()]
    const hour = 3_600_000
    for (let hours = 1; hours < 12; hours += 1) {
      now = start + hours * hour
      expect((await orgs({ cookie: used })).status).toBe(200)
    }
    expect((await orgs({ cookie: unused })).status).toBe(401)
    now = start + 12 * hour
    expect((await orgs({ cookie: used })).status).toBe(401)
    now = start
  })
  test('lives no longer than an organization of its user allows', async () => {
    const settings = `/api/atlas/v2/orgs/${api.orgId}/settings`
    const set = (seconds: number | null) =>
      api.ask({
        method: 'PATCH',
        path: settings,
        body: { customSessionTimeouts: { idleSessionTimeoutInSeconds: seconds } },
      })
    await set(600)
    const cookie = await signedIn()
    now = start + 599_000
    expect((await orgs({ cookie })).status).toBe(200)
    now += 600_000
    expect((await orgs({ cookie })).status).toBe(401)
    now = start
    await set(null)
  })
  test('that is gone makes no browser ask for a password', async () => {
    const cookie = `postern_session=${'0'.repeat(64)}`
    const fetched = await orgs({ cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })
    expect(fetched.status).toBe(401)
    expect(fetched.headers.get('www-authenticate')).toBeNull()
    expect((await orgs({})).headers.get('www-authenticate')).toMatch(/^Digest /)
  })
})

describe('a log-in link', () => {
  const bea = { id: 'd'.repeat(24), username: 'bea@example.com' }
  beforeAll(async () => {
    await store.store.transact(async (tx) => {
      const created = new Date(now)
      await tx
        .insertInto('app_user')
        .values({ id: bea.id, email: bea.username, password: null, first_name: 'Bea', last_name: 'L', created })
        .execute()
      await grantRole(tx, { kind: 'USER', id: bea.id }, { orgId: api.orgId, role: 'ORG_MEMBER' })
    })
  })
  afterAll(async () => {
    now = start
  })
  const at = (userId: string) => `/api/postern/v1/orgs/${api.orgId}/users/${userId}/sessionLink`
  const make = () => api.ask({ method: 'POST', path: at(bea.id) })
  const linkOf = async () => ((await make()).body as { link: string }).link
  const come = (link: unknown, headers: Record<string, string> = { origin }) =>
    ask(api.http, { method: 'POST', path: `${path}/link`, body: { link }, headers })

  test('stands behind the # of its address, and not in the store', async () => {
    const { status, body } = await make()
    const { link, url } = body as { link: string; url: string }
    expect({ status, body }).toMatchObject({ status: 201, body: { username: bea.username } })
    expect(url).toBe(`http://localhost:8080/login#link=${link}`)
    const rows = await store.store.read.selectFrom('session_link').selectAll().execute()
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(link)
    const events = await store.store.read
      .selectFrom('event')
      .select('target')
      .where('type', '=', 'SESSION_LINK_CREATED')
      .execute()
    expect(events).toContainEqual({ target: { targetUsername: bea.username } })
    expect(JSON.stringify(events)).not.toContain(link)
  })
  test('lets its person in, once, of two at the same moment too', async () => {
    const link = await linkOf()
    const answers = await Promise.all([come(link), come(link)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401])
    const cookie = cookieOf(answers.find(({ status }) => status === 201) ?? { headers: new Headers() })
    expect(await ask(api.http, { method: 'GET', path, headers: { cookie } })).toMatchObject({
      body: { userId: bea.id, orgIds: [api.orgId] },
    })
    expect(await come(link)).toMatchObject({ body: { errorCode: 'POSTERN_SESSION_LINK_NOT_FOUND' } })
  })
  test('expires after ten minutes', async () => {
    const link = await linkOf()
    now += 10 * 60_000
    expect((await come(link)).status).toBe(401)
    now = start
  })
  test.each([
    { says: 'that never was', link: '0'.repeat(64), status: 401 },
    { says: 'that is none', link: 7, status: 400 },
    { says: 'that is endless', link: 'x'.repeat(10_000), status: 400 },
  ])('one $says is refused', async ({ link, status }) => {
    expect((await come(link)).status).toBe(status)
  })
  test('is not used by a page of another site', async () => {
    const link = await linkOf()
    expect((await come(link, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await come(link)).status).toBe(201)
  })
  test('is made by owners of the organization alone, for people in it', async () => {
    const member = await api.newCaller('API_KEY', { org: ['ORG_READ_ONLY'] })
    expect((await api.ask({ method: 'POST', path: at(bea.id), as: member })).status).toBe(403)
    expect(await api.ask({ method: 'POST', path: at('f'.repeat(24)) })).toMatchObject({ status: 404 })
  })
  test('is not made for somebody who belongs to an organization of others, invited ones included; what began by link ends there', async () => {
    const orgId = api.parts.ids.objectId()
    await store.store.transact(async (tx) => {
      await tx
        .insertInto('organization')
        .values({ id: orgId, name: 'Third', created: new Date(now) })
        .execute()
      await grantRole(tx, { kind: 'USER', id: bea.id }, { orgId, role: 'ORG_MEMBER' })
    })
    expect(await make()).toMatchObject({ status: 403, body: { errorCode: 'POSTERN_USER_OF_OTHER_ORGS' } })
    await store.store.transact((tx) => tx.deleteFrom('role_assignment').where('org_id', '=', orgId).execute())

    const [used, unused] = [await linkOf(), await linkOf()]
    const cookie = cookieOf(await come(used))
    await store.store.transact((tx) => endByLink(tx, bea.id))
    expect((await orgs({ cookie })).status).toBe(401)
    expect((await come(unused)).status).toBe(401)
  })
})

describe('a password', () => {
  const eve = { id: 'e'.repeat(24), username: 'eve@example.com', password: 'first-horse-battery' }
  const next = 'second-horse-battery'
  beforeAll(async () => {
    await store.store.transact(async (tx) => {
      const password = cheapVerifier(eve.password)
      const created = new Date(now)
      await tx
        .insertInto('app_user')
        .values({ id: eve.id, email: eve.username, password, first_name: 'Eve', last_name: 'L', created })
        .execute()
      await grantRole(tx, { kind: 'USER', id: eve.id }, { groupId: api.groupId, role: 'GROUP_READ_ONLY' })
    })
  })
  const change = (cookie: string, body: object, headers: Record<string, string> = { origin }) =>
    ask(api.http, { method: 'POST', path: `${path}/password`, body, headers: { cookie, ...headers } })
  const lives = async (cookie: string) =>
    (await ask(api.http, { method: 'GET', path, headers: { cookie } })).status === 200

  test('is changed by who knows it: this session goes on, the others and the old password end', async () => {
    const [here, elsewhere] = [cookieOf(await signIn(eve)), cookieOf(await signIn(eve))]
    const ofAda = await signedIn()
    expect(await change(here, { currentPassword: eve.password, newPassword: next })).toMatchObject({ status: 204 })
    expect(await Promise.all([here, elsewhere, ofAda].map(lives))).toEqual([true, false, true])
    expect((await signIn(eve)).status).toBe(401)
    expect((await signIn({ ...eve, password: next })).status).toBe(201)
  })
  test('that is changed while it is proved begins no session', async () => {
    const setPassword = (password: string) =>
      store.store.transact((tx) =>
        tx
          .updateTable('app_user')
          .set({ password: cheapVerifier(password) })
          .where('id', '=', eve.id)
          .execute(),
      )
    whenProved = async () => void (await setPassword('another-horse-battery'))
    const { status, body } = await signIn({ ...eve, password: next }).finally(() => {
      whenProved = async () => {}
    })
    expect([status, body]).toEqual([401, expect.objectContaining({ errorCode: 'POSTERN_WRONG_PASSWORD' })])
    await setPassword(next)
  })
  test.each([
    {
      says: 'a wrong password',
      body: { currentPassword: 'no-horse-battery', newPassword: 'x'.repeat(8) },
      status: 401,
      code: 'POSTERN_WRONG_PASSWORD',
    },
    {
      says: 'a short new one',
      body: { currentPassword: next, newPassword: 'short' },
      status: 400,
      code: 'INVALID_ATTRIBUTE',
    },
    { says: 'nothing', body: {}, status: 400, code: 'MISSING_ATTRIBUTE' },
  ])('stays where one says $says', async ({ body, status, code }) => {
    const cookie = cookieOf(await signIn({ ...eve, password: next }))
    expect(await change(cookie, body)).toMatchObject({ status, body: { errorCode: code } })
    expect(await lives(cookie)).toBe(true)
  })
  test('is changed only at the word of a page of ours, and not by a machine', async () => {
    const cookie = cookieOf(await signIn({ ...eve, password: next }))
    const body = { currentPassword: next, newPassword: eve.password }
    expect((await change(cookie, body, {})).status).toBe(403)
    expect((await change(cookie, body, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await api.ask({ method: 'POST', path: `${path}/password`, body })).status).toBe(401)
    expect((await signIn({ ...eve, password: next })).status).toBe(201)
  })
  test('a page that begins finds out who is there, and what they may see', async () => {
    const cookie = cookieOf(await signIn({ ...eve, password: next }))
    const of = async (at: string) => (await ask(api.http, { method: 'GET', path: at, headers: { cookie } })).body
    expect(await of(path)).toMatchObject({ userId: eve.id, username: eve.username, orgIds: [] })
    expect(await of(`/api/atlas/v2/users/${eve.id}`)).toMatchObject({
      roles: [{ groupId: api.groupId, roleName: 'GROUP_READ_ONLY' }],
    })
    expect(await of('/api/atlas/v2/orgs')).toMatchObject({ totalCount: 0 })
    expect(await of('/api/atlas/v2/groups')).toMatchObject({ results: [{ id: api.groupId }] })
  })
})

test('guessing is slowed for the address that is guessed at, and for no other', async () => {
  await store.store.read
    .insertInto('app_user')
    .values({
      id: 'b'.repeat(24),
      email: 'guessed@example.com',
      password: cheapVerifier('something else'),
      first_name: '',
      last_name: '',
      created: new Date(now),
    })
    .execute()
  const guess = () => signIn({ username: 'guessed@example.com', password: 'wrong-horse-battery' })
  for (let guesses = 0; guesses < 20; guesses += 1) expect((await guess()).status).toBe(401)
  const refused = await guess()
  expect(refused.status).toBe(429)
  expect((await signIn({ username: 'GUESSED@example.com', password: 'something else' })).status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await signIn(ada)).status).toBe(201)
})

describe('an invitation', () => {
  const users = () => `/api/atlas/v2/orgs/${api.orgId}/users`
  const invite = async (username: string) => {
    const body = { username, roles: { orgRoles: ['ORG_READ_ONLY'] } }
    const { id } = (await api.ask({ method: 'POST', path: users(), body })).body as { id: string }
    const path = `/api/postern/v1/orgs/${api.orgId}/users/${id}/invitationToken`
    const { body: made } = await api.ask({ method: 'POST', path })
    return { id, path, invitationToken: (made as { invitationToken: string }).invitationToken }
  }
  const accept = (body: object) =>
    ask(api.http, { method: 'POST', path: '/api/postern/v1/invitations/accept', body, headers: { origin } })
  const group = () => `/api/atlas/v2/groups/${api.groupId}`
  const password = 'another-horse-battery'

  test('is accepted once, with a password of one’s own, and lets one in', async () => {
    const { id, invitationToken, path } = await invite('bob@example.com')
    expect((await signIn({ username: 'bob@example.com', password })).status).toBe(401)
    expect(await accept({ invitationToken, password })).toMatchObject({ body: { errorCode: 'MISSING_ATTRIBUTE' } })
    const wish = { invitationToken, password, firstName: 'Bob', lastName: 'B' }
    expect(await accept(wish)).toMatchObject({ status: 200, body: { orgId: api.orgId, userId: id } })
    expect(await accept(wish)).toMatchObject({ status: 404, body: { errorCode: 'POSTERN_INVITATION_NOT_FOUND' } })
    const cookie = cookieOf(await signIn({ username: 'bob@example.com', password }))
    expect((await ask(api.http, { method: 'GET', path: group(), headers: { cookie } })).status).toBe(200)
    expect((await api.ask({ method: 'GET', path: `${users()}/${id}` })).body).toMatchObject({
      firstName: 'Bob',
      orgMembershipStatus: 'ACTIVE',
    })
    expect(await api.ask({ method: 'POST', path })).toMatchObject({ body: { errorCode: 'USER_ALREADY_IN_ORG' } })
  })
  test('gives no role before it is accepted, even to somebody who is signed in', async () => {
    const other = await createSecondOrg()
    const cookie = await signedIn()
    const at = `/api/atlas/v2/orgs/${other}`
    expect((await ask(api.http, { method: 'GET', path: at, headers: { cookie } })).status).toBe(404)
  })
  test('of somebody who has an account asks for that account’s password', async () => {
    const { invitationToken } = await invite('cy@example.com')
    const names = { firstName: 'Cy', lastName: 'C' }
    await store.store.transact(async (tx) => {
      const known = await tx.selectFrom('app_user').select('password').where('id', '=', ada.id).executeTakeFirst()
      await tx
        .updateTable('app_user')
        .set({ password: known?.password ?? null })
        .where('email', '=', 'cy@example.com')
        .execute()
    })
    expect(await accept({ invitationToken, password, ...names })).toMatchObject({
      status: 401,
      body: { errorCode: 'POSTERN_WRONG_PASSWORD' },
    })
    expect((await accept({ invitationToken, password: ada.password, ...names })).status).toBe(200)
  })
  test('ends after thirty days, and is nothing without its token', async () => {
    const { invitationToken } = await invite('late@example.com')
    const names = { firstName: 'L', lastName: 'L' }
    now = start + 31 * 24 * 3_600_000
    expect((await accept({ invitationToken, password, ...names })).status).toBe(404)
    now = start
    expect((await accept({ invitationToken: '0'.repeat(64), password, ...names })).status).toBe(404)
  })

  /** An organization of somebody else, in which Ada is invited as an owner. */
  const createSecondOrg = async () => {
    const orgId = api.parts.ids.objectId()
    await store.store.transact(async (tx) => {
      const created = new Date(now)
      await tx.insertInto('organization').values({ id: orgId, name: 'Other', created }).execute()
      await tx
        .insertInto('invitation')
        .values({
          org_id: orgId,
          user_id: ada.id,
          inviter: 'x',
          created,
          expires: new Date(now + 1000),
          token_hash: null,
        })
        .execute()
      await grantRole(tx, { kind: 'USER', id: ada.id }, { orgId, role: 'ORG_OWNER' })
    })
    return orgId
  }
})
