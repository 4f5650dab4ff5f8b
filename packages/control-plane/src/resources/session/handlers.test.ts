// Sessions of the console and the password that begins one.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../../http/testing.ts'
import { grantRole } from '../../identity/grant.ts'
import {
  ada,
  type ComingIn,
  cheapVerifier,
  cookieOf,
  createComingIn,
  origin,
  path,
  start,
} from './coming-in.testing.ts'

let coming: ComingIn
beforeAll(async () => {
  coming = await createComingIn()
})
afterAll(() => coming.close())

describe('a session', () => {
  test('begins with the right password, in any case of the address, and is not for scripts or other sites', async () => {
    const answer = await coming.signIn({ ...ada, username: 'ada@EXAMPLE.com' })
    expect(answer).toMatchObject({
      status: 201,
      body: { userId: ada.id, firstName: 'Ada', orgIds: [coming.api.orgId] },
    })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^postern_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; /,
    )
    expect(await coming.orgs({ cookie: cookieOf(answer) })).toMatchObject({ status: 200, body: { totalCount: 1 } })
  })
  test('is not in the store as it is in the cookie', async () => {
    const token = (await coming.signedIn()).split('=')[1]
    const rows = await coming.store.read.selectFrom('console_session').select('token_hash').execute()
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
  })
  test('says whose it is, and notes when its user came', async () => {
    const cookie = await coming.signedIn()
    const answer = await ask(coming.api.http, { method: 'GET', path, headers: { cookie } })
    expect(answer).toMatchObject({ status: 200, body: { username: ada.username } })
    const seen = await ask(coming.api.http, {
      method: 'GET',
      path: `/api/atlas/v2/users/${ada.id}`,
      headers: { cookie },
    })
    expect(seen.body).toMatchObject({ lastAuth: '2026-08-10T00:00:00Z' })
  })
  test.each([
    { says: 'a wrong password', body: { username: ada.username, password: 'wrong-horse-battery' } },
    { says: 'an address that nobody has', body: { username: 'nobody@example.com', password: ada.password } },
  ])('does not begin with $says', async ({ body }) => {
    const answer = await coming.signIn(body)
    expect(answer).toMatchObject({ status: 401, body: { errorCode: 'POSTERN_WRONG_PASSWORD' } })
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })
  test('does not begin from a page of another site', async () => {
    expect(await coming.signIn(ada, { origin: 'https://evil.example' })).toMatchObject({ status: 403 })
  })
  test('ends by signing out, and signing out twice is no fault', async () => {
    const cookie = await coming.signedIn()
    for (const _ of [1, 2]) {
      const answer = await ask(coming.api.http, { method: 'DELETE', path, headers: { cookie, origin } })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('set-cookie')).toContain('Max-Age=0')
    }
    expect((await coming.orgs({ cookie })).status).toBe(401)
  })
  test('changes something only at the word of a page of ours', async () => {
    const cookie = await coming.signedIn()
    const body = { name: 'Made by hand' }
    expect(await coming.orgs({ cookie }, 'POST', { body })).toMatchObject({
      status: 403,
      body: { errorCode: 'FOREIGN_ORIGIN' },
    })
    expect((await coming.orgs({ cookie, origin: 'https://evil.example' }, 'POST', { body })).status).toBe(403)
    expect((await coming.orgs({ cookie, origin }, 'POST', { body })).status).toBe(201)
  })
  test('is not for a page of another program on this machine, which the browser counts as the same site', async () => {
    const cookie = await coming.signedIn()
    for (const site of ['same-site', 'cross-site'])
      expect((await coming.orgs({ cookie, 'sec-fetch-site': site })).status).toBe(403)
    for (const site of ['same-origin', 'none'])
      expect((await coming.orgs({ cookie, 'sec-fetch-site': site })).status).toBe(200)
  })
  test('lives on while it is used, and ends when it is not, or when it is old', async () => {
    const [used, unused] = [await coming.signedIn(), await coming.signedIn()]
    const hour = 3_600_000
    for (let hours = 1; hours < 12; hours += 1) {
      coming.clock.now = start + hours * hour
      expect((await coming.orgs({ cookie: used })).status).toBe(200)
    }
    expect((await coming.orgs({ cookie: unused })).status).toBe(401)
    coming.clock.now = start + 12 * hour
    expect((await coming.orgs({ cookie: used })).status).toBe(401)
    coming.clock.now = start
  })
  test('lives no longer than an organization of its user allows', async () => {
    const settings = `/api/atlas/v2/orgs/${coming.api.orgId}/settings`
    const set = (seconds: number | null) =>
      coming.api.ask({
        method: 'PATCH',
        path: settings,
        body: { customSessionTimeouts: { idleSessionTimeoutInSeconds: seconds } },
      })
    await set(600)
    const cookie = await coming.signedIn()
    coming.clock.now = start + 599_000
    expect((await coming.orgs({ cookie })).status).toBe(200)
    coming.clock.now += 600_000
    expect((await coming.orgs({ cookie })).status).toBe(401)
    coming.clock.now = start
    await set(null)
  })
  test('that is gone makes no browser ask for a password', async () => {
    const cookie = `postern_session=${'0'.repeat(64)}`
    const fetched = await coming.orgs({ cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })
    expect(fetched.status).toBe(401)
    expect(fetched.headers.get('www-authenticate')).toBeNull()
    expect((await coming.orgs({})).headers.get('www-authenticate')).toMatch(/^Digest /)
  })
})

describe('a password', () => {
  const eve = { id: 'e'.repeat(24), username: 'eve@example.com', password: 'first-horse-battery' }
  const next = 'second-horse-battery'
  beforeAll(async () => {
    await coming.store.transact(async (tx) => {
      const password = cheapVerifier(eve.password)
      const created = new Date(coming.clock.now)
      await tx
        .insertInto('app_user')
        .values({ id: eve.id, email: eve.username, password, first_name: 'Eve', last_name: 'L', created })
        .execute()
      await grantRole(tx, { kind: 'USER', id: eve.id }, { groupId: coming.api.groupId, role: 'GROUP_READ_ONLY' })
    })
  })
  const change = (cookie: string, body: object, headers: Record<string, string> = { origin }) =>
    ask(coming.api.http, { method: 'POST', path: `${path}/password`, body, headers: { cookie, ...headers } })
  const lives = async (cookie: string) =>
    (await ask(coming.api.http, { method: 'GET', path, headers: { cookie } })).status === 200

  test('is changed by who knows it: this session goes on, the others and the old password end', async () => {
    const [here, elsewhere] = [cookieOf(await coming.signIn(eve)), cookieOf(await coming.signIn(eve))]
    const ofAda = await coming.signedIn()
    expect(await change(here, { currentPassword: eve.password, newPassword: next })).toMatchObject({ status: 204 })
    expect(await Promise.all([here, elsewhere, ofAda].map(lives))).toEqual([true, false, true])
    expect((await coming.signIn(eve)).status).toBe(401)
    expect((await coming.signIn({ ...eve, password: next })).status).toBe(201)
  })
  test('that is changed while it is proved begins no session', async () => {
    const setPassword = (password: string) =>
      coming.store.transact((tx) =>
        tx
          .updateTable('app_user')
          .set({ password: cheapVerifier(password) })
          .where('id', '=', eve.id)
          .execute(),
      )
    coming.hooks.whenProved = async () => void (await setPassword('another-horse-battery'))
    const { status, body } = await coming.signIn({ ...eve, password: next }).finally(() => {
      coming.hooks.whenProved = async () => {}
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
    const cookie = cookieOf(await coming.signIn({ ...eve, password: next }))
    expect(await change(cookie, body)).toMatchObject({ status, body: { errorCode: code } })
    expect(await lives(cookie)).toBe(true)
  })
  test('is changed only at the word of a page of ours, and not by a machine', async () => {
    const cookie = cookieOf(await coming.signIn({ ...eve, password: next }))
    const body = { currentPassword: next, newPassword: eve.password }
    expect((await change(cookie, body, {})).status).toBe(403)
    expect((await change(cookie, body, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await coming.api.ask({ method: 'POST', path: `${path}/password`, body })).status).toBe(401)
    expect((await coming.signIn({ ...eve, password: next })).status).toBe(201)
  })
  test('a page that begins finds out who is there, and what they may see', async () => {
    const cookie = cookieOf(await coming.signIn({ ...eve, password: next }))
    const of = async (at: string) => (await ask(coming.api.http, { method: 'GET', path: at, headers: { cookie } })).body
    expect(await of(path)).toMatchObject({ userId: eve.id, username: eve.username, orgIds: [] })
    expect(await of(`/api/atlas/v2/users/${eve.id}`)).toMatchObject({
      roles: [{ groupId: coming.api.groupId, roleName: 'GROUP_READ_ONLY' }],
    })
    expect(await of('/api/atlas/v2/orgs')).toMatchObject({ totalCount: 0 })
    expect(await of('/api/atlas/v2/groups')).toMatchObject({ results: [{ id: coming.api.groupId }] })
  })
})

test('guessing is slowed for the address that is guessed at, and for no other', async () => {
  await coming.store.read
    .insertInto('app_user')
    .values({
      id: 'b'.repeat(24),
      email: 'guessed@example.com',
      password: cheapVerifier('something else'),
      first_name: '',
      last_name: '',
      created: new Date(coming.clock.now),
    })
    .execute()
  const guess = () => coming.signIn({ username: 'guessed@example.com', password: 'wrong-horse-battery' })
  for (let guesses = 0; guesses < 20; guesses += 1) expect((await guess()).status).toBe(401)
  const refused = await guess()
  expect(refused.status).toBe(429)
  expect((await coming.signIn({ username: 'GUESSED@example.com', password: 'something else' })).status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await coming.signIn(ada)).status).toBe(201)
})
