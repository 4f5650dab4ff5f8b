// Invitations of 2023-01-01, as the Atlas CLI and Terraform make, look for, change and take them back, over the real
// engine and store.

import type { OperationId } from '@postern/contract/routes'
import { inviteRoutes } from '@postern/contract/routes/invite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask as askOf, createTestApi, type TestApi } from '../../http/testing.ts'
import { createPasswordGate } from '../../identity/password-gate.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { createEventWitness, type EventWitness } from '../event/witness.testing.ts'
import { teamHandlers } from '../team/handlers.ts'
import { userHandlers } from '../user/handlers.ts'
import { newPerson, type TestPerson } from '../user/testing.ts'
import { groupInviteHandlers } from './group-invites.ts'
import { invitationHandlers } from './handlers.ts'
import { orgInviteHandlers } from './org-invites.ts'

let store: TestStore
let api: TestApi
let events: EventWitness
let member: TestPerson

beforeAll(async () => {
  store = await createTestStore()
  events = createEventWitness(store.store)
  api = await createTestApi(store.store, (parts) => ({
    ...userHandlers(parts, createPasswordGate()),
    ...teamHandlers(parts),
    ...invitationHandlers(parts, createPasswordGate()),
    ...orgInviteHandlers(parts),
    ...groupInviteHandlers(parts),
  }))
  member = await newPerson(api, 'member@example.com', { org: ['ORG_MEMBER'] })
})
afterAll(() => store.close())

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came.
type Body = any
const org = () => `/api/atlas/v2/orgs/${api.orgId}`
const group = () => `/api/atlas/v2/groups/${api.groupId}`
const ask = (method: string, path: string, body?: unknown) =>
  askOf(events.watch(api.http), { method, path, as: api.owner, ...(body !== undefined && { body }) })
const done = async (method: string, path: string, body?: unknown): Promise<Body> => {
  const answer = await ask(method, path, body)
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.body
}
const eventsOf = async (username: string) =>
  (await store.store.read.selectFrom('event').select(['type', 'target']).orderBy('created').execute())
    .filter(({ target }) => (target as { targetUsername?: string }).targetUsername === username)
    .map(({ type }) => type)

describe('an invitation to an organization', () => {
  test('has the shape that the clients read, and is the pending member that listOrgUsers shows', async () => {
    const team = await done('POST', `${org()}/teams`, { name: 'Platform', usernames: [member.username] })
    const groupRoleAssignments = [{ groupId: api.groupId, roles: ['GROUP_READ_ONLY'] }]
    const body = { username: 'ada@example.com', roles: ['ORG_MEMBER'], teamIds: [team.id], groupRoleAssignments }
    const made = await done('POST', `${org()}/invites`, body)
    expect(made).toEqual({
      ...body,
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
      id: expect.stringMatching(/^[a-f0-9]{24}$/),
      inviterUsername: expect.any(String),
      links: [{ href: `http://localhost:8080${org()}/invites/${made.id}`, rel: 'self' }],
      orgId: api.orgId,
      orgName: expect.any(String),
    })
    expect(await done('GET', `${org()}/invites/${made.id}`)).toEqual(made)
    const members = await done('GET', `${org()}/users?orgMembershipStatuses=PENDING`)
    expect(members.results.map(({ username }: Body) => username)).toEqual(['ada@example.com'])
    expect(await eventsOf('ada@example.com')).toEqual(['INVITED_TO_ORG', 'INVITED_TO_GROUP'])
  })
  test('is listed as a bare array, all where the name is empty', async () => {
    await done('POST', `${org()}/users`, { username: 'bob@example.com', roles: { orgRoles: ['ORG_READ_ONLY'] } })
    const names = async (query: string) =>
      (await done('GET', `${org()}/invites${query}`)).map(({ username }: Body) => username)
    expect(await names('?username=')).toEqual(['ada@example.com', 'bob@example.com'])
    expect(await names('?username=BOB@example.com')).toEqual(['bob@example.com'])
    expect(await names('?username=nobody@example.com')).toEqual([])
  })
  test('is changed by its id or by the username; what is not named stays', async () => {
    const [ada] = await done('GET', `${org()}/invites?username=ada@example.com`)
    const byId = await done('PATCH', `${org()}/invites/${ada.id}`, { roles: ['ORG_OWNER'] })
    expect(byId).toEqual({ ...ada, roles: ['ORG_OWNER'] })
    const body = { username: 'ada@example.com', roles: ['ORG_MEMBER'], teamIds: [], groupRoleAssignments: [] }
    expect(await done('PATCH', `${org()}/invites`, body)).toEqual({ ...ada, ...body })
  })
  test('is none any more once it was accepted, or was taken back', async () => {
    const [ada, bob] = await done('GET', `${org()}/invites`)
    const { invitationToken } = await done('POST', `/api/postern/v1/orgs/${api.orgId}/users/${ada.id}/invitationToken`)
    const body = { invitationToken, password: 'correct-horse', firstName: 'Ada', lastName: 'Last' }
    await done('POST', '/api/postern/v1/invitations/accept', body)
    expect(await ask('DELETE', `${org()}/invites/${bob.id}`)).toMatchObject({ status: 204 })
    for (const { id } of [ada, bob])
      for (const method of ['GET', 'DELETE'])
        expect(await ask(method, `${org()}/invites/${id}`)).toMatchObject({
          status: 404,
          body: { errorCode: 'POSTERN_INVITATION_NOT_FOUND' },
        })
    expect(await done('GET', `${org()}/invites`)).toEqual([])
    expect(await eventsOf('bob@example.com')).toEqual(['INVITED_TO_ORG', 'ORG_INVITATION_DELETED'])
  })
  test.each([
    { says: 'who is a member', username: 'member@example.com', status: 409, code: 'USER_ALREADY_IN_ORG' },
    { says: 'what is no address', username: 'nobody', status: 400, code: 'INVALID_ATTRIBUTE' },
  ])('is not made for $says', async ({ username, status, code }) => {
    const answer = await ask('POST', `${org()}/invites`, { username, roles: ['ORG_MEMBER'] })
    expect(answer).toMatchObject({ status, body: { errorCode: code } })
    expect(await done('GET', `${org()}/invites`)).toEqual([])
  })
})

describe('an invitation to a group', () => {
  test('invites to the organization too, and has the shape that the clients read', async () => {
    const body = { username: 'cy@example.com', roles: ['GROUP_READ_ONLY'] }
    const made = await done('POST', `${group()}/invites`, body)
    expect(made).toEqual({
      ...body,
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
      groupId: api.groupId,
      groupName: expect.any(String),
      id: expect.stringMatching(/^[a-f0-9]{24}$/),
      inviterUsername: expect.any(String),
      links: [{ href: `http://localhost:8080${group()}/invites/${made.id}`, rel: 'self' }],
    })
    expect(await done('GET', `${group()}/invites?username=`)).toEqual([made])
    expect((await done('GET', `${org()}/invites/${made.id}`)).roles).toEqual(['ORG_MEMBER'])
    expect(await eventsOf('cy@example.com')).toEqual(['INVITED_TO_ORG', 'INVITED_TO_GROUP'])
  })
  test('is changed, and taken back without the one to the organization; then it may be made again', async () => {
    const [cy] = await done('GET', `${group()}/invites`)
    const roles = ['GROUP_CLUSTER_MANAGER']
    expect(await done('PATCH', `${group()}/invites/${cy.id}`, { roles })).toEqual({ ...cy, roles })
    const again = { username: 'cy@example.com', roles: ['GROUP_OWNER'] }
    expect(await done('PATCH', `${group()}/invites`, again)).toMatchObject(again)
    expect(await ask('POST', `${group()}/invites`, again)).toMatchObject({
      status: 409,
      body: { errorCode: 'INVITATION_ALREADY_EXISTS' },
    })
    expect(await ask('DELETE', `${group()}/invites/${cy.id}`)).toMatchObject({ status: 204 })
    expect(await ask('GET', `${group()}/invites/${cy.id}`)).toMatchObject({ status: 404 })
    await done('GET', `${org()}/invites/${cy.id}`)
    expect(await done('POST', `${group()}/invites`, again)).toMatchObject({ id: cy.id })
    expect((await eventsOf('cy@example.com')).slice(-2)).toEqual(['GROUP_INVITATION_DELETED', 'INVITED_TO_GROUP'])
  })
  test('is not made for an active member, who has nothing to accept', async () => {
    const answer = await ask('POST', `${group()}/invites`, { username: member.username, roles: ['GROUP_READ_ONLY'] })
    expect(answer).toMatchObject({ status: 409, body: { errorCode: 'POSTERN_MEMBER_NEEDS_NO_INVITATION' } })
  })
  test('is not seen in another group', async () => {
    const [cy] = await done('GET', `${group()}/invites`)
    const other = api.groupId.replace(/^./, (digit) => (digit === 'a' ? 'b' : 'a'))
    expect(await ask('GET', `/api/atlas/v2/groups/${other}/invites/${cy.id}`)).toMatchObject({ status: 404 })
  })
  test('tells whoever holds its token what it is for; accepted, it is told in the group as well', async () => {
    const [{ id, username }] = await done('GET', `${group()}/invites`)
    const own = '/api/postern/v1'
    const token = await done('POST', `${own}/orgs/${api.orgId}/users/${id}/invitationToken`)
    const { invitationToken, url, expiresAt } = token
    expect(url).toBe(`http://localhost:8080/invitation#token=${invitationToken}`)
    const describe = (token: string) =>
      askOf(api.http, { method: 'POST', path: `${own}/invitations/describe`, body: { invitationToken: token } })
    expect((await describe(invitationToken)).body).toEqual({
      expiresAt,
      groupNames: [expect.any(String)],
      hasAccount: false,
      inviterUsername: expect.any(String),
      orgName: expect.any(String),
      username,
    })
    const unknown = { status: 404, body: { errorCode: 'POSTERN_INVITATION_NOT_FOUND' } }
    expect(await describe('0'.repeat(64))).toMatchObject(unknown)
    const account = { password: 'correct-horse-battery', firstName: 'Cy', lastName: 'Twombly' }
    await done('POST', `${own}/invitations/accept`, { invitationToken, ...account })
    expect(await describe(invitationToken)).toMatchObject(unknown)
    const joined = await store.store.read.selectFrom('event').selectAll().where('type', '=', 'JOINED_GROUP').execute()
    expect(joined).toMatchObject([{ group_id: api.groupId, target: { targetUsername: username } }])
  })
})

test('the legacy path of old clients answers the same', async () => {
  const answer = await ask('GET', `/api/atlas/v1.0/orgs/${api.orgId}/invites`)
  expect(answer).toMatchObject({ status: 200, body: await done('GET', `${org()}/invites`) })
})

test('every write left an event, with who acted and from where', () => {
  expect(events.problems()).toEqual([])
  expect(events.unseen(Object.keys(inviteRoutes) as OperationId[])).toEqual([])
})
