// Invitations that are accepted, and what they lead to.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../../http/testing.ts'
import { grantRole } from '../../identity/grant.ts'
import { ada, type ComingIn, cookieOf, createComingIn, origin, start } from '../session/coming-in.testing.ts'

let coming: ComingIn
beforeAll(async () => {
  coming = await createComingIn()
})
afterAll(() => coming.close())

describe('an invitation', () => {
  const users = () => `/api/atlas/v2/orgs/${coming.api.orgId}/users`
  const invite = async (username: string) => {
    const body = { username, roles: { orgRoles: ['ORG_READ_ONLY'] } }
    const { id } = (await coming.api.ask({ method: 'POST', path: users(), body })).body as { id: string }
    const path = `/api/postern/v1/orgs/${coming.api.orgId}/users/${id}/invitationToken`
    const { body: made } = await coming.api.ask({ method: 'POST', path })
    return { id, path, invitationToken: (made as { invitationToken: string }).invitationToken }
  }
  const accept = (body: object) =>
    ask(coming.api.http, { method: 'POST', path: '/api/postern/v1/invitations/accept', body, headers: { origin } })
  const group = () => `/api/atlas/v2/groups/${coming.api.groupId}`
  const password = 'another-horse-battery'

  test('is accepted once, with a password of one’s own, and lets one in', async () => {
    const { id, invitationToken, path } = await invite('bob@example.com')
    expect((await coming.signIn({ username: 'bob@example.com', password })).status).toBe(401)
    expect(await accept({ invitationToken, password })).toMatchObject({ body: { errorCode: 'MISSING_ATTRIBUTE' } })
    const wish = { invitationToken, password, firstName: 'Bob', lastName: 'B' }
    expect(await accept(wish)).toMatchObject({ status: 200, body: { orgId: coming.api.orgId, userId: id } })
    expect(await accept(wish)).toMatchObject({ status: 404, body: { errorCode: 'POSTERN_INVITATION_NOT_FOUND' } })
    const cookie = cookieOf(await coming.signIn({ username: 'bob@example.com', password }))
    expect((await ask(coming.api.http, { method: 'GET', path: group(), headers: { cookie } })).status).toBe(200)
    expect((await coming.api.ask({ method: 'GET', path: `${users()}/${id}` })).body).toMatchObject({
      firstName: 'Bob',
      orgMembershipStatus: 'ACTIVE',
    })
    expect(await coming.api.ask({ method: 'POST', path })).toMatchObject({ body: { errorCode: 'USER_ALREADY_IN_ORG' } })
  })
  test('gives no role before it is accepted, even to somebody who is signed in', async () => {
    const other = await createSecondOrg()
    const cookie = await coming.signedIn()
    const at = `/api/atlas/v2/orgs/${other}`
    expect((await ask(coming.api.http, { method: 'GET', path: at, headers: { cookie } })).status).toBe(404)
  })
  test('of somebody who has an account asks for that account’s password', async () => {
    const { invitationToken } = await invite('cy@example.com')
    const names = { firstName: 'Cy', lastName: 'C' }
    await coming.store.transact(async (tx) => {
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
    coming.clock.now = start + 31 * 24 * 3_600_000
    expect((await accept({ invitationToken, password, ...names })).status).toBe(404)
    coming.clock.now = start
    expect((await accept({ invitationToken: '0'.repeat(64), password, ...names })).status).toBe(404)
  })

  /** An organization of somebody else, in which Ada is invited as an owner. */
  const createSecondOrg = async () => {
    const orgId = coming.api.parts.ids.objectId()
    await coming.store.transact(async (tx) => {
      const created = new Date(coming.clock.now)
      await tx.insertInto('organization').values({ id: orgId, name: 'Other', created }).execute()
      await tx
        .insertInto('invitation')
        .values({
          org_id: orgId,
          user_id: ada.id,
          inviter: 'x',
          created,
          expires: new Date(coming.clock.now + 1000),
          token_hash: null,
        })
        .execute()
      await grantRole(tx, { kind: 'USER', id: ada.id }, { orgId, role: 'ORG_OWNER' })
    })
    return orgId
  }
})
