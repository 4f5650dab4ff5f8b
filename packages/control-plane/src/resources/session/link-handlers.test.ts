// Links that log a person in once.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../../http/testing.ts'
import { grantRole } from '../../identity/grant.ts'
import { endByLink } from '../../identity/session-link.ts'
import { type ComingIn, cookieOf, createComingIn, origin, path, start } from './coming-in.testing.ts'

let coming: ComingIn
beforeAll(async () => {
  coming = await createComingIn()
})
afterAll(() => coming.close())

describe('a log-in link', () => {
  const bea = { id: 'd'.repeat(24), username: 'bea@example.com' }
  beforeAll(async () => {
    await coming.store.transact(async (tx) => {
      const created = new Date(coming.clock.now)
      await tx
        .insertInto('app_user')
        .values({ id: bea.id, email: bea.username, password: null, first_name: 'Bea', last_name: 'L', created })
        .execute()
      await grantRole(tx, { kind: 'USER', id: bea.id }, { orgId: coming.api.orgId, role: 'ORG_MEMBER' })
    })
  })
  afterAll(async () => {
    coming.clock.now = start
  })
  const at = (userId: string) => `/api/postern/v1/orgs/${coming.api.orgId}/users/${userId}/sessionLink`
  const make = () => coming.api.ask({ method: 'POST', path: at(bea.id) })
  const linkOf = async () => ((await make()).body as { link: string }).link
  const come = (link: unknown, headers: Record<string, string> = { origin }) =>
    ask(coming.api.http, { method: 'POST', path: `${path}/link`, body: { link }, headers })

  test('stands behind the # of its address, and not in the store', async () => {
    const { status, body } = await make()
    const { link, url } = body as { link: string; url: string }
    expect({ status, body }).toMatchObject({ status: 201, body: { username: bea.username } })
    expect(url).toBe(`http://localhost:8080/login#link=${link}`)
    const rows = await coming.store.read.selectFrom('session_link').selectAll().execute()
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(link)
    const events = await coming.store.read
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
    expect(await ask(coming.api.http, { method: 'GET', path, headers: { cookie } })).toMatchObject({
      body: { userId: bea.id, orgIds: [coming.api.orgId] },
    })
    expect(await come(link)).toMatchObject({ body: { errorCode: 'POSTERN_SESSION_LINK_NOT_FOUND' } })
  })
  test('expires after ten minutes', async () => {
    const link = await linkOf()
    coming.clock.now += 10 * 60_000
    expect((await come(link)).status).toBe(401)
    coming.clock.now = start
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
    const member = await coming.api.newCaller('API_KEY', { org: ['ORG_READ_ONLY'] })
    expect((await coming.api.ask({ method: 'POST', path: at(bea.id), as: member })).status).toBe(403)
    expect(await coming.api.ask({ method: 'POST', path: at('f'.repeat(24)) })).toMatchObject({ status: 404 })
  })
  test('is not made for somebody who belongs to an organization of others, invited ones included; what began by link ends there', async () => {
    const orgId = coming.api.parts.ids.objectId()
    await coming.store.transact(async (tx) => {
      await tx
        .insertInto('organization')
        .values({ id: orgId, name: 'Third', created: new Date(coming.clock.now) })
        .execute()
      await grantRole(tx, { kind: 'USER', id: bea.id }, { orgId, role: 'ORG_MEMBER' })
    })
    expect(await make()).toMatchObject({ status: 403, body: { errorCode: 'POSTERN_USER_OF_OTHER_ORGS' } })
    await coming.store.transact((tx) => tx.deleteFrom('role_assignment').where('org_id', '=', orgId).execute())

    const [used, unused] = [await linkOf(), await linkOf()]
    const cookie = cookieOf(await come(used))
    await coming.store.transact((tx) => endByLink(tx, bea.id))
    expect((await coming.orgs({ cookie })).status).toBe(401)
    expect((await come(unused)).status).toBe(401)
  })
})
