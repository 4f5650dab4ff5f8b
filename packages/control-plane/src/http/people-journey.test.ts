// Every operation on people, teams, organizations and settings, made once, each answer held against what was recorded
// from Atlas and against its contract.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPasswordGate } from '../identity/password-gate.ts'
import { createEventWitness, type EventWitness } from '../resources/event/witness.testing.ts'
import { groupHandlers } from '../resources/group/handlers.ts'
import { organizationHandlers } from '../resources/organization/handlers.ts'
import { teamHandlers } from '../resources/team/handlers.ts'
import { userHandlers } from '../resources/user/handlers.ts'
import { newPerson, type TestPerson } from '../resources/user/testing.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { createContractWitness, peopleOperations } from './contract.testing.ts'
import { type Ask, ask, createTestApi, type TestApi } from './testing.ts'

const witness = createContractWitness()
let store: TestStore
let api: TestApi
let events: EventWitness
let ada: TestPerson
let bob: TestPerson

beforeAll(async () => {
  store = await createTestStore()
  events = createEventWitness(store.store)
  api = await createTestApi(store.store, (parts) => ({
    ...organizationHandlers(parts),
    ...groupHandlers(parts),
    ...userHandlers(parts, createPasswordGate()),
    ...teamHandlers(parts),
  }))
  ada = await newPerson(api, 'ada@example.com', { org: ['ORG_OWNER'], group: ['GROUP_OWNER'] })
  bob = await newPerson(api, 'bob@example.com', { org: ['ORG_MEMBER'] })
})
afterAll(() => store.close())

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; the witness says what it must be.
type Body = any

const call = async (method: string, path: string, more: Partial<Ask> = {}): Promise<Body> => {
  const wish = { method, path: `/api/atlas/v2${path}`, as: api.owner, ...more }
  const answer = await ask(events.watch(witness.watch(api.http)), wish)
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.body
}
const old = { version: '2023-01-01' }
const names = (page: Body): readonly string[] => page.results.map((each: Body) => each.username)

test('organizations, groups and their settings', async () => {
  const { organization } = await call('POST', '/orgs', {
    body: { name: 'Second', orgOwnerId: ada.id, apiKey: { desc: 'first', roles: ['ORG_OWNER'] } },
  })
  const headers = { cookie: ada.cookie, origin: 'http://localhost:8080' }
  const asAda = { as: undefined, headers } as unknown as Partial<Ask>
  const org = `/orgs/${organization.id}`
  expect((await call('PATCH', org, { ...asAda, body: { name: 'Renamed' } })).name).toBe('Renamed')
  expect(await call('GET', `${org}/settings`, asAda)).toMatchObject({ multiFactorAuthRequired: false })
  const body = { operationsContact: 'ops@example.com', customSessionTimeouts: { idleSessionTimeoutInSeconds: 600 } }
  expect(await call('PATCH', `${org}/settings`, { ...asAda, body })).toMatchObject(body)
  await call('DELETE', org, asAda)

  const group = `/groups/${api.groupId}`
  await call('PATCH', group, { body: { name: 'Renamed', tags: [{ key: 'env', value: 'test' }] } })
  expect((await call('PATCH', group, { body: { tags: [] } })).name).toBe('Renamed')
  expect(await call('GET', `${group}/settings`)).toMatchObject({ isDataExplorerEnabled: true })
  await call('PATCH', `${group}/settings`, { body: { isDataExplorerEnabled: false } })
  expect(await call('GET', `${group}/settings`)).toMatchObject({ isDataExplorerEnabled: false })
})

test('accounts', async () => {
  const made = await call('POST', '/users', {
    body: {
      country: 'IE',
      firstName: 'Cy',
      lastName: 'Last',
      mobileNumber: '',
      password: 'correct-horse',
      roles: [{ orgId: api.orgId, roleName: 'ORG_MEMBER' }],
      username: 'cy@example.com',
    },
  })
  expect(made.roles).toEqual([])
  expect((await call('GET', `/users/${ada.id}`)).username).toBe(ada.username)
  expect((await call('GET', `/users/byName/${ada.username}`)).id).toBe(ada.id)
})

test('members of an organization', async () => {
  const users = `/orgs/${api.orgId}/users`
  const invited = await call('POST', users, {
    body: { username: 'dee@example.com', roles: { orgRoles: ['ORG_READ_ONLY'] } },
  })
  expect(names(await call('GET', users))).toEqual([ada.username, bob.username, 'cy@example.com', 'dee@example.com'])
  expect(names(await call('GET', users, old))).toEqual([ada.username, bob.username])
  await call('GET', `${users}/${bob.id}`)
  await call('GET', `${users}/${invited.id}`)
  const roles = {
    orgRoles: ['ORG_MEMBER'],
    groupRoleAssignments: [{ groupId: api.groupId, groupRoles: ['GROUP_READ_ONLY'] }],
  }
  await call('PATCH', `${users}/${invited.id}`, { body: { roles } })
  await call('PUT', `${users}/${bob.id}/roles`, { body: { orgRoles: ['ORG_MEMBER', 'ORG_READ_ONLY'] } })
  await call('POST', `${users}/${bob.id}:addRole`, { body: { orgRole: 'ORG_GROUP_CREATOR' } })
  await call('POST', `${users}/${bob.id}:removeRole`, { body: { orgRole: 'ORG_READ_ONLY' } })
  await call('DELETE', `${users}/${invited.id}`)
  expect(names(await call('GET', users))).not.toContain('dee@example.com')
})

test('members of a group', async () => {
  const users = `/groups/${api.groupId}/users`
  const body = { username: bob.username, roles: ['GROUP_READ_ONLY'] }
  expect((await call('POST', users, { body })).roles).toEqual(['GROUP_READ_ONLY'])
  expect(names(await call('GET', users))).toEqual([ada.username, bob.username])
  await call('GET', users, old)
  await call('GET', `${users}/${bob.id}`)
  await call('PUT', `${users}/${bob.id}/roles`, { body: { groupRoles: ['GROUP_DATA_ACCESS_READ_ONLY'] } })
  await call('POST', `${users}/${bob.id}:addRole`, { body: { groupRole: 'GROUP_READ_ONLY' } })
  await call('POST', `${users}/${bob.id}:removeRole`, { body: { groupRole: 'GROUP_READ_ONLY' } })
  await call('DELETE', `${users}/${bob.id}`)
  expect(names(await call('GET', users))).toEqual([ada.username])
})

test('teams', async () => {
  const teams = `/orgs/${api.orgId}/teams`
  const { id } = await call('POST', teams, { body: { name: 'Platform', usernames: [ada.username] } })
  const team = `${teams}/${id}`
  await call('PATCH', team, { body: { name: 'Platform team' } })
  expect((await call('GET', `${teams}/byName/Platform%20team`)).id).toBe(id)
  await call('GET', team)
  expect((await call('GET', teams)).totalCount).toBe(1)
  expect(names(await call('POST', `${team}/users`, { body: [{ id: bob.id }] }))).toEqual([ada.username, bob.username])
  expect(names(await call('GET', `${team}/users`))).toEqual([ada.username, bob.username])
  await call('GET', `${team}/users`, old)
  await call('DELETE', `${team}/users/${bob.id}`)
  expect((await call('POST', `${team}:addUser`, { body: { id: bob.id } })).teamIds).toEqual([id])
  expect((await call('POST', `${team}:removeUser`, { body: { id: bob.id } })).teamIds).toEqual([])

  const onGroup = `/groups/${api.groupId}/teams`
  await call('POST', onGroup, { body: [{ teamId: id, roleNames: ['GROUP_READ_ONLY'] }] })
  await call('PATCH', `${onGroup}/${id}`, { body: { teamId: id, roleNames: ['GROUP_CLUSTER_MANAGER'] } })
  expect((await call('GET', `${onGroup}/${id}`)).roleNames).toEqual(['GROUP_CLUSTER_MANAGER'])
  expect((await call('GET', onGroup)).totalCount).toBe(1)
  await call('DELETE', `${onGroup}/${id}`)
  expect((await call('GET', onGroup)).totalCount).toBe(0)
  await call('DELETE', team)
})

test('no answer of these differed from Atlas, and every operation was among them', () => {
  expect(witness.differences()).toEqual([])
  expect(peopleOperations.filter((operation) => !witness.covered().has(operation))).toEqual([])
})

test('every write left an event, with who acted and from where', () => {
  expect(events.problems()).toEqual([])
  expect(events.unseen(witness.covered())).toEqual([])
})
