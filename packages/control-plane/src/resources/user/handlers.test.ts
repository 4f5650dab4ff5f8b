// People over the real engine and store: who may do what to whom, and what is refused.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ask, createTestApi, type TestApi } from '../../http/testing.ts'
import { grantRole } from '../../identity/grant.ts'
import { createPasswordGate } from '../../identity/password-gate.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { groupHandlers } from '../group/handlers.ts'
import { organizationHandlers } from '../organization/handlers.ts'
import { teamHandlers } from '../team/handlers.ts'
import { userHandlers } from './handlers.ts'
import { newPerson, type TestPerson } from './testing.ts'

let store: TestStore
let api: TestApi
/** Owns the organization alone; owns the group alone; is a member without a role anywhere else. */
let orgOwner: TestPerson
let groupOwner: TestPerson
let member: TestPerson

beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, (parts) => ({
    ...organizationHandlers(parts),
    ...groupHandlers(parts),
    ...userHandlers(parts, createPasswordGate()),
    ...teamHandlers(parts),
  }))
  orgOwner = await newPerson(api, 'org.owner@example.com', { org: ['ORG_OWNER'] })
  groupOwner = await newPerson(api, 'group.owner@example.com', { org: ['ORG_MEMBER'], group: ['GROUP_OWNER'] })
  member = await newPerson(api, 'member@example.com', { org: ['ORG_MEMBER'] })
})
afterAll(() => store.close())

const v2 = '/api/atlas/v2'
const org = () => `${v2}/orgs/${api.orgId}`
const group = () => `${v2}/groups/${api.groupId}`
const as = (person: TestPerson, method: string, path: string, body?: unknown) =>
  person.ask({ method, path, ...(body !== undefined && { body }) })
const root = (method: string, path: string, body?: unknown) =>
  api.ask({ method, path, ...(body !== undefined && { body }) } as Ask)
const usernames = async (path: string) =>
  ((await root('GET', path)).body as { results: { username: string }[] }).results.map(({ username }) => username)
const eventsOf = async (username: string) =>
  (await store.store.read.selectFrom('event').select(['type', 'target']).orderBy('created').execute())
    .filter(({ target }) => (target as { targetUsername?: string }).targetUsername === username)
    .map(({ type }) => type)

describe('a user who owns only the organization', () => {
  test('reads the group, and may not change it', async () => {
    expect((await as(orgOwner, 'GET', group())).status).toBe(200)
    expect((await as(orgOwner, 'PATCH', group(), { name: 'Mine' })).status).toBe(403)
  })
  test('may add nobody else to it', async () => {
    const body = { username: member.username, roles: ['GROUP_READ_ONLY'] }
    expect(await as(orgOwner, 'POST', `${group()}/users`, body)).toMatchObject({ status: 403 })
  })
  test('adds themselves as its owner, and may change it from then on', async () => {
    const body = { username: orgOwner.username, roles: ['GROUP_OWNER'] }
    expect(await as(orgOwner, 'POST', `${group()}/users`, body)).toMatchObject({
      status: 201,
      body: { orgMembershipStatus: 'ACTIVE', roles: ['GROUP_OWNER'], username: orgOwner.username },
    })
    expect((await as(orgOwner, 'PATCH', group(), { name: 'Group 1' })).status).toBe(200)
    expect((await as(orgOwner, 'DELETE', `${group()}/users/${orgOwner.id}`)).status).toBe(204)
    expect((await as(orgOwner, 'PATCH', group(), { name: 'Mine' })).status).toBe(403)
  })
  test('raises their own role on it the same way', async () => {
    await root('POST', `${group()}/users`, { username: orgOwner.username, roles: ['GROUP_READ_ONLY'] })
    const path = `${group()}/users/${orgOwner.id}`
    expect((await as(orgOwner, 'POST', `${path}:addRole`, { groupRole: 'GROUP_OWNER' })).status).toBe(200)
    const other = `${group()}/users/${groupOwner.id}:addRole`
    await root('POST', `${path}:removeRole`, { groupRole: 'GROUP_OWNER' })
    expect((await as(orgOwner, 'POST', other, { groupRole: 'GROUP_READ_ONLY' })).status).toBe(403)
    await root('DELETE', path)
  })
})

describe('on a group', () => {
  test.each([{ says: 'a member cannot add themselves', roles: ['GROUP_READ_ONLY'], status: 404 }])(
    '$says',
    async ({ roles, status }) => {
      const body = { username: member.username, roles }
      expect((await as(member, 'POST', `${group()}/users`, body)).status).toBe(status)
    },
  )
  test('an access manager gives out every role but the owner’s, and takes it from nobody', async () => {
    const manager = await newPerson(api, 'manager@example.com', {
      org: ['ORG_MEMBER'],
      group: ['GROUP_ACCESS_MANAGER'],
    })
    const add = (roles: readonly string[]) =>
      as(manager, 'POST', `${group()}/users`, { username: member.username, roles })
    expect((await add(['GROUP_OWNER'])).status).toBe(403)
    expect((await add(['GROUP_CLUSTER_MANAGER'])).status).toBe(201)
    const self = `${group()}/users/${manager.id}:addRole`
    expect((await as(manager, 'POST', self, { groupRole: 'GROUP_OWNER' })).status).toBe(403)
    expect((await as(manager, 'DELETE', `${group()}/users/${groupOwner.id}`)).status).toBe(403)
    expect((await as(manager, 'DELETE', `${group()}/users/${member.id}`)).status).toBe(204)
  })
  test('somebody new is invited to the organization as well, and counts for nothing until they accept', async () => {
    const body = { username: 'invited@example.com', roles: ['GROUP_OWNER'] }
    const { body: added } = await as(groupOwner, 'POST', `${group()}/users`, body)
    expect(added).toMatchObject({
      inviterUsername: groupOwner.username,
      orgMembershipStatus: 'PENDING',
      roles: ['GROUP_OWNER'],
    })
    expect(await eventsOf('invited@example.com')).toEqual(['INVITED_TO_ORG', 'INVITED_TO_GROUP'])
    const again = await as(groupOwner, 'POST', `${group()}/users`, body)
    expect(again).toMatchObject({ status: 409, body: { errorCode: 'USER_ALREADY_IN_GROUP' } })
  })
  test('the last role cannot be taken: that is what removing is for', async () => {
    await root('POST', `${group()}/users`, { username: member.username, roles: ['GROUP_READ_ONLY'] })
    const path = `${group()}/users/${member.id}`
    expect(await root('POST', `${path}:removeRole`, { groupRole: 'GROUP_READ_ONLY' })).toMatchObject({
      status: 400,
      body: { errorCode: 'POSTERN_LAST_ROLE' },
    })
    expect((await root('DELETE', path)).status).toBe(204)
    expect(await root('DELETE', path)).toMatchObject({ status: 404, body: { errorCode: 'USER_NOT_IN_GROUP' } })
  })
})

describe('in an organization', () => {
  test('the last owner can be neither demoted nor removed, nor leave', async () => {
    const path = `${org()}/users/${orgOwner.id}`
    const refused = { status: 409, body: { errorCode: 'CANNOT_REMOVE_LAST_ORG_OWNER' } }
    expect(await root('DELETE', path)).toMatchObject(refused)
    expect(await as(orgOwner, 'DELETE', path)).toMatchObject(refused)
    expect(await root('PUT', `${path}/roles`, { orgRoles: ['ORG_MEMBER'] })).toMatchObject(refused)
    expect(await root('PATCH', path, { roles: { orgRoles: ['ORG_MEMBER'] } })).toMatchObject(refused)
    await root('POST', `${path}:addRole`, { orgRole: 'ORG_MEMBER' })
    expect(await root('POST', `${path}:removeRole`, { orgRole: 'ORG_OWNER' })).toMatchObject(refused)
  })
  test('an owner who was only invited is none: the last one still stays', async () => {
    const body = { username: 'next.owner@example.com', roles: { orgRoles: ['ORG_OWNER'] } }
    expect((await root('POST', `${org()}/users`, body)).status).toBe(201)
    expect((await root('DELETE', `${org()}/users/${orgOwner.id}`)).status).toBe(409)
  })
  test('of two owners who leave at the same moment one stays', async () => {
    const second = await newPerson(api, 'second.owner@example.com', { org: ['ORG_OWNER'] })
    const leave = (person: TestPerson) => as(person, 'DELETE', `${org()}/users/${person.id}`)
    const answers = await Promise.all([leave(orgOwner), leave(second)])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
    const left = answers[0]?.status === 204 ? orgOwner : second
    await api.parts.store.transact((tx) =>
      grantRole(tx, { kind: 'USER', id: left.id }, { orgId: api.orgId, role: 'ORG_OWNER' }),
    )
  })
  test('who is removed has no role left anywhere in it', async () => {
    const leaver = await newPerson(api, 'leaver@example.com', { org: ['ORG_MEMBER'], group: ['GROUP_READ_ONLY'] })
    expect((await as(leaver, 'GET', group())).status).toBe(200)
    expect((await root('DELETE', `${org()}/users/${leaver.id}`)).status).toBe(204)
    expect((await as(leaver, 'GET', group())).status).toBe(404)
    expect(await usernames(`${group()}/users`)).not.toContain(leaver.username)
    expect(await eventsOf(leaver.username)).toEqual(['REMOVED_FROM_ORG'])
  })
  test.each([
    { says: 'a member', username: () => member.username, code: 'USER_ALREADY_IN_ORG' },
    { says: 'the same in capitals', username: () => member.username.toUpperCase(), code: 'USER_ALREADY_IN_ORG' },
    { says: 'somebody who was invited', username: () => 'next.owner@example.com', code: 'INVITATION_ALREADY_EXISTS' },
  ])('$says is not invited again', async ({ username, code }) => {
    const body = { username: username(), roles: { orgRoles: ['ORG_MEMBER'] } }
    expect(await root('POST', `${org()}/users`, body)).toMatchObject({ status: 409, body: { errorCode: code } })
  })
  test('an invitation that has expired is shown as such, only when asked for, and may be made again', async () => {
    const body = { username: 'late@example.com', roles: { orgRoles: ['ORG_MEMBER'] } }
    await root('POST', `${org()}/users`, body)
    await store.store.read
      .updateTable('invitation')
      .set({ expires: new Date(Date.now() - 1000) })
      .where('user_id', 'in', (of) => of.selectFrom('app_user').select('id').where('email', '=', 'late@example.com'))
      .execute()
    expect(await usernames(`${org()}/users`)).not.toContain('late@example.com')
    const expired = `${org()}/users?orgMembershipStatuses=PENDING&orgMembershipStatuses=INVITATION_EXPIRED`
    expect(await usernames(expired)).toContain('late@example.com')
    expect((await root('POST', `${org()}/users`, body)).body).toMatchObject({ orgMembershipStatus: 'PENDING' })
    expect(await usernames(`${org()}/users?username=LATE@example.com`)).toEqual(['late@example.com'])
  })
  test('a group or a team of another one cannot be named, and nothing is half done', async () => {
    const stranger = '0'.repeat(24)
    const roles = {
      orgRoles: ['ORG_MEMBER'],
      groupRoleAssignments: [{ groupId: stranger, groupRoles: ['GROUP_OWNER'] }],
    }
    const username = 'half@example.com'
    expect(await root('POST', `${org()}/users`, { username, roles })).toMatchObject({ status: 404 })
    const body = { username, roles: { orgRoles: ['ORG_MEMBER'] }, teamIds: [stranger] }
    expect(await root('POST', `${org()}/users`, body)).toMatchObject({ body: { errorCode: 'TEAM_NOT_FOUND' } })
    expect(await usernames(`${org()}/users`)).not.toContain(username)
  })
  test('a page is as long as asked for, and everybody is counted', async () => {
    const { body } = await root('GET', `${org()}/users?itemsPerPage=2`)
    expect(body).toMatchObject({ results: [{}, {}], totalCount: expect.any(Number) })
  })
})

describe('a team', () => {
  test('brings its people its roles, and takes them along when it goes', async () => {
    const { body: team } = await root('POST', `${org()}/teams`, { name: 'Readers', usernames: [member.username] })
    const teamId = (team as { id: string }).id
    expect((await as(member, 'GET', group())).status).toBe(404)
    await root('POST', `${group()}/teams`, [{ teamId, roleNames: ['GROUP_READ_ONLY'] }])
    expect((await as(member, 'GET', group())).status).toBe(200)
    expect((await as(member, 'PATCH', group(), { name: 'Theirs' })).status).toBe(403)
    expect(await usernames(`${group()}/users`)).not.toContain(member.username)
    expect(await usernames(`${group()}/users?flattenTeams=true`)).toContain(member.username)

    await root('PATCH', `${group()}/teams/${teamId}`, { roleNames: ['GROUP_OWNER'] })
    expect((await as(member, 'PATCH', group(), { name: 'Ours' })).status).toBe(200)
    await root('DELETE', `${org()}/teams/${teamId}`)
    expect((await as(member, 'GET', group())).status).toBe(404)
  })
  test.each([
    {
      says: 'with a name that is taken',
      body: { name: 'Taken', usernames: [] },
      status: 409,
      code: 'TEAM_ALREADY_EXISTS',
    },
    {
      says: 'with a stranger in it',
      body: { name: 'Strange', usernames: ['nobody@example.com'] },
      status: 404,
      code: 'USER_NOT_IN_ORG',
    },
    { says: 'without a name', body: { name: ' ', usernames: [] }, status: 400, code: 'INVALID_ATTRIBUTE' },
  ])('is not made $says', async ({ body, status, code }) => {
    await root('POST', `${org()}/teams`, { name: 'Taken', usernames: [] })
    expect(await root('POST', `${org()}/teams`, body)).toMatchObject({ status, body: { errorCode: code } })
  })
  test('of owners is not given out by an access manager', async () => {
    const manager = await newPerson(api, 'am@example.com', { org: ['ORG_MEMBER'], group: ['GROUP_ACCESS_MANAGER'] })
    const { body: team } = await root('POST', `${org()}/teams`, { name: 'Climbers', usernames: [manager.username] })
    const body = [{ teamId: (team as { id: string }).id, roleNames: ['GROUP_OWNER'] }]
    expect((await as(manager, 'POST', `${group()}/teams`, body)).status).toBe(403)
  })
})

describe('an account', () => {
  const wish = {
    country: 'IE',
    firstName: 'New',
    lastName: 'Comer',
    password: 'correct-horse',
    username: 'newcomer@example.com',
  }
  test.each([
    {
      says: 'a role in an organization that is not the caller’s',
      role: () => ({ orgId: '0'.repeat(24), roleName: 'ORG_MEMBER' }),
    },
    { says: 'a role that the caller may not give', role: () => ({ orgId: api.orgId, roleName: 'ORG_OWNER' }) },
    { says: 'a group nobody knows', role: () => ({ groupId: '0'.repeat(24), roleName: 'GROUP_OWNER' }) },
  ])('is not made with $says', async ({ role }) => {
    expect((await as(groupOwner, 'POST', `${v2}/users`, { ...wish, roles: [role()] })).status).toBe(403)
  })
  test('is made once, invited to what it was made for', async () => {
    const body = { ...wish, roles: [{ groupId: api.groupId, roleName: 'GROUP_READ_ONLY' }] }
    expect((await as(groupOwner, 'POST', `${v2}/users`, body)).status).toBe(201)
    expect(await eventsOf(wish.username)).toEqual(['INVITED_TO_ORG', 'INVITED_TO_GROUP'])
    const again = await as(groupOwner, 'POST', `${v2}/users`, { ...body, username: wish.username.toUpperCase() })
    expect(again).toMatchObject({ status: 409, body: { errorCode: 'USER_ALREADY_EXISTS' } })
  })
  test('that nobody took is gone with its last invitation, and its address is free again', async () => {
    const username = 'unclaimed@example.com'
    const { body } = await root('POST', `${org()}/users`, { username, roles: { orgRoles: ['ORG_MEMBER'] } })
    const account = { ...wish, username, roles: [{ orgId: api.orgId, roleName: 'ORG_MEMBER' }] }
    expect((await root('POST', `${v2}/users`, account)).status).toBe(409)
    expect((await root('DELETE', `${org()}/users/${(body as { id: string }).id}`)).status).toBe(204)
    expect(await eventsOf(username)).toEqual(['INVITED_TO_ORG', 'ORG_INVITATION_DELETED'])
    expect((await root('POST', `${v2}/users`, account)).status).toBe(201)
  })
  test('is seen by itself and by whoever shares an organization with it', async () => {
    const stranger = await newPerson(api, 'stranger@example.com')
    expect((await as(stranger, 'GET', `${v2}/users/${stranger.id}`)).status).toBe(200)
    expect((await as(stranger, 'GET', `${v2}/users/${member.id}`)).status).toBe(404)
    expect((await as(stranger, 'GET', `${v2}/users/byName/${member.username}`)).status).toBe(404)
    expect((await as(member, 'GET', `${v2}/users/byName/${orgOwner.username}`)).status).toBe(200)
  })
})

describe('an organization', () => {
  test('with groups is not deleted, and they are named', async () => {
    expect(await root('DELETE', org())).toMatchObject({
      status: 409,
      body: { errorCode: 'CANNOT_DELETE_ORG_ACTIVE_GROUPS', detail: expect.stringContaining('Ours') },
    })
  })
  test('is made by an owner of another one, and by nobody else', async () => {
    expect((await as(member, 'POST', `${v2}/orgs`, { name: 'Mine' })).status).toBe(403)
    expect(await as(orgOwner, 'POST', `${v2}/orgs`, { name: 'Mine' })).toMatchObject({
      status: 201,
      body: { orgOwnerId: orgOwner.id, organization: { name: 'Mine' } },
    })
    expect(await root('POST', `${v2}/orgs`, { name: 'Mine' })).toMatchObject({
      status: 400,
      body: { errorCode: 'MISSING_ATTRIBUTE' },
    })
  })
  test('keeps what was set, and forgets what is set to null', async () => {
    const set = { securityContact: 'sec@example.com', customSessionTimeouts: { idleSessionTimeoutInSeconds: 900 } }
    await root('PATCH', `${org()}/settings`, set)
    expect((await root('GET', `${org()}/settings`)).body).toMatchObject(set)
    const unset = { securityContact: null, customSessionTimeouts: { idleSessionTimeoutInSeconds: null } }
    const { body } = await root('PATCH', `${org()}/settings`, unset)
    expect(Object.keys(body as object)).not.toContain('securityContact')
    expect(Object.keys(body as object)).not.toContain('customSessionTimeouts')
  })
})
