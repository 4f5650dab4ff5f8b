// Who may: every route × every role × every kind of actor. What Atlas demands is read from its own contract
// (fixtures/contract-facts.json, `x-rolesRequirements`), never from the table under test; what a role is worth beyond
// its own name are the rules of design, written out here a second time.

import { readFileSync } from 'node:fs'
import { groupRoles, orgRoles } from '@postern/contract/roles'
import { type OperationId, type Route, routes } from '@postern/contract/routes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newPerson, type TestPerson } from '../resources/user/testing.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import type { Actor, Handlers } from './handler.ts'
import { may, type Verdict } from './may.ts'
import { ask, type Caller, createTestApi, type TestApi } from './testing.ts'

interface Facts {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly operationId?: string; readonly 'x-rolesRequirements'?: string[] }>>
    >
  >
}
const facts: Facts = JSON.parse(
  readFileSync(new URL('../../../../fixtures/contract-facts.json', import.meta.url), 'utf8'),
)

/** Words of Atlas's contract, by operation. */
const demanded = new Map(
  Object.values(facts.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ operationId, 'x-rolesRequirements': roles }) =>
      operationId && roles ? [[operationId, roles] as const] : [],
    ),
)

/** Where Atlas has no such route: the design's own words. */
const ownDemands: Partial<Record<OperationId, readonly string[]>> = {
  registerGroupDeployment: ['Project Owner'],
  listGroupDeployments: ['Project Read Only'],
  getGroupClusterConnectionStrings: ['Project Read Only'],
  listGroupDatabaseAccess: ['Project Read Only'],
  searchGroupEvents: ['Project Read Only'],
  searchOrgEvents: ['Organization Member'],
  streamGroupEvents: ['Project Read Only'],
  streamOrgEvents: ['Organization Member'],
  getGroupFidelity: ['Project Read Only'],
  updateGroupFidelity: ['Project Owner'],
  getGroupClusterStandardListener: ['Project Read Only'],
  getGroupClusterStandardListenerTraffic: ['Project Read Only'],
  updateGroupClusterStandardListener: ['Project Cluster Manager'],
  getGroupPrivateOnly: ['Project Read Only'],
  updateGroupPrivateOnly: ['Project Owner'],
  createOrgGroup: ['Organization Owner'],
  getGroupHash: ['Project Read Only'],
  createGroupApiKeyPair: ['Organization Owner'],
  diagnoseGroup: ['Project Read Only'],
  listGroupWebhooks: ['Project Owner'],
  createGroupWebhook: ['Project Owner'],
  getGroupWebhook: ['Project Owner'],
  updateGroupWebhook: ['Project Owner'],
  deleteGroupWebhook: ['Project Owner'],
  testGroupWebhook: ['Project Owner'],
  listGroupWebhookDeliveries: ['Project Owner'],
  listOrgWebhooks: ['Organization Owner'],
  createOrgWebhook: ['Organization Owner'],
  getOrgWebhook: ['Organization Owner'],
  updateOrgWebhook: ['Organization Owner'],
  deleteOrgWebhook: ['Organization Owner'],
  testOrgWebhook: ['Organization Owner'],
  listOrgWebhookDeliveries: ['Organization Owner'],
  listGroupEndpointServices: ['Project Read Only'],
  ensureGroupEndpointService: ['Project Owner'],
  getGroupEndpointService: ['Project Read Only'],
  getGroupEndpointServiceSetup: ['Project Read Only'],
  updateGroupEndpointService: ['Project Owner'],
  retryGroupEndpointService: ['Project Owner'],
  undoGroupEndpointServiceDeletion: ['Project Owner'],
  listGroupPrivateEndpoints: ['Project Read Only'],
  ensureGroupPrivateEndpoint: ['Project Owner'],
  getGroupPrivateEndpoint: ['Project Read Only'],
  updateGroupPrivateEndpoint: ['Project Owner'],
  deleteGroupPrivateEndpoint: ['Project Owner'],
  retryGroupPrivateEndpoint: ['Project Owner'],
  undoGroupPrivateEndpointDeletion: ['Project Owner'],
  listGroupGatewayPorts: ['Project Read Only'],
  listGroupTerminations: ['Project Read Only'],
  checkGroupEndpointService: ['Project Read Only'],
  checkGroupPrivateEndpointRegionalMode: ['Project Read Only'],
  checkGroupPrivateEndpoint: ['Project Read Only'],
  previewGroupEndpointServiceDeletion: ['Project Read Only'],
  previewGroupPrivateEndpointDeletion: ['Project Read Only'],
  getGroupCallerRoles: ['Project Read Only'],
  getGroupPrivateEndpointTraffic: ['Project Read Only'],
  listGroupClusterMembers: ['Project Read Only'],
  checkGroupDeployment: ['Project Owner'],
  listGroupConnections: ['Project Read Only'],
  summarizeGroupConnections: ['Project Read Only'],
  killGroupConnections: ['Project Owner'],
  killGroupConnection: ['Project Owner'],
  // Atlas has these routes; its contract leaves out who may call them, or leaves them out altogether.
  createOrgApiKeyAccessListEntry: ['Organization Owner'],
  deleteOrgApiKeyAccessListEntry: ['Organization Owner'],
  getGroupClusterGlobalWrites: ['Project Read Only'],
  listGroupPeers: ['Project Read Only'],
  listGroupIntegrations: ['Project Read Only'],
  getGroupEncryptionAtRest: ['Project Read Only'],
  getGroupAuditLog: ['Project Read Only'],
  getGroupBackupCompliancePolicy: ['Project Read Only'],
  enableGroupManagedSlowMs: ['Project Owner'],
  disableGroupManagedSlowMs: ['Project Owner'],
  createInvitationToken: ['Organization Owner'],
  createSessionLink: ['Organization Owner'],
  listOrgInvites: ['Organization Owner'],
  createOrgInvite: ['Organization Owner'],
  updateOrgInvites: ['Organization Owner'],
  getOrgInvite: ['Organization Owner'],
  updateOrgInviteById: ['Organization Owner'],
  deleteOrgInvite: ['Organization Owner'],
  listGroupInvites: ['Project Owner'],
  createGroupInvite: ['Project Owner'],
  updateGroupInvites: ['Project Owner'],
  getGroupInvite: ['Project Owner'],
  updateGroupInviteById: ['Project Owner'],
  deleteGroupInvite: ['Project Owner'],
}

/** The one exception: here a user who owns the organization is let in, to do it to themselves (the handler sees to it). */
const selfService: readonly OperationId[] = ['addGroupUsers', 'addGroupUserRole']

const [orgId, otherOrgId, groupId, otherGroupId] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(24)) as [
  string,
  string,
  string,
  string,
]
const kinds = ['USER', 'API_KEY', 'SERVICE_ACCOUNT'] as const
type Kind = (typeof kinds)[number]
type Place = 'group' | 'organization'

/** The rules, once more: what this role, held on this group or its organization, is answered. */
const expectedOnGroup = (
  words: readonly string[],
  held: { place: Place; role: string; kind: Kind; operation: OperationId },
): Verdict => {
  if (held.role === 'Organization Owner' && selfService.includes(held.operation)) return 'yes'
  const reads = words.includes('Project Read Only')
  // A group's route that asks for the organization's owner: no role on the group will do.
  if (words.includes('Organization Owner')) {
    if (held.role === 'Organization Owner') return 'yes'
    return held.place === 'group' || held.role === 'Organization Read Only' ? 'no' : 'unseen'
  }
  if (held.place === 'group') {
    if (held.role === 'Project Owner' || words.includes(held.role) || reads) return 'yes'
    return 'no'
  }
  if (held.role === 'Organization Owner' && held.kind !== 'USER') return 'yes'
  if (held.role === 'Organization Owner' || held.role === 'Organization Read Only') return reads ? 'yes' : 'no'
  return 'unseen'
}
const expectedOnOrg = (words: readonly string[], held: { place: Place; role: string }): Verdict => {
  if (held.place === 'group') return 'unseen'
  return held.role === 'Organization Owner' || words.includes(held.role) || words.includes('Organization Member')
    ? 'yes'
    : 'no'
}

const everyHolding = [
  ...Object.entries(groupRoles).map(([role, words]) => ({ place: 'group' as const, role, words })),
  ...Object.entries(orgRoles).map(([role, words]) => ({ place: 'organization' as const, role, words })),
]
const holding = (kind: Kind, held: { place: Place; role: string } | null): Actor => ({
  kind,
  id: 'x',
  name: 'x',
  orgRoles: new Map(held?.place === 'organization' ? [[orgId, new Set([held.role])]] : []),
  groupRoles: new Map(held?.place === 'group' ? [[groupId, new Set([held.role])]] : []),
})

const judged = (Object.entries(routes) as [OperationId, Route][]).flatMap(([operation, route]) => {
  const words = demanded.get(operation) ?? ownDemands[operation]
  return words ? [{ operation, route, words, onGroup: route.path.includes('{groupId}') }] : []
})

test("Atlas's contract speaks of every route that asks for a role, and of no other", () => {
  const asking = (Object.entries(routes) as [OperationId, Route][])
    .filter(([, { access }]) => ['group', 'groupOrSelf', 'groupOfOrg', 'org'].includes(access.kind))
    .map(([operation]) => operation)
  expect(judged.map(({ operation }) => operation)).toEqual(asking)
  expect(asking.length).toBeGreaterThan(30)
})

describe.each(judged)('$operation, for which Atlas demands $words', ({ operation, route, words, onGroup }) => {
  test.each(kinds)('judges every role of a %s as Atlas does', (kind) => {
    const place = onGroup ? { group: { id: groupId, orgId } } : { orgId }
    for (const { place: where, role, words: roleWords } of everyHolding) {
      const held = { place: where, role: roleWords, kind, operation }
      const expected = onGroup ? expectedOnGroup(words, held) : expectedOnOrg(words, held)
      expect({ role, verdict: may(route.access, holding(kind, { place: where, role }), place) }).toEqual({
        role,
        verdict: expected,
      })
    }
  })

  test.each(kinds)('is unseen by a %s without a role there', (kind) => {
    const elsewhere = onGroup ? { group: { id: otherGroupId, orgId: otherOrgId } } : { orgId: otherOrgId }
    expect(may(route.access, holding(kind, null), onGroup ? { group: { id: groupId, orgId } } : { orgId })).toBe(
      'unseen',
    )
    for (const held of everyHolding) expect(may(route.access, holding(kind, held), elsewhere)).toBe('unseen')
  })
})

describe('what belongs to no organization', () => {
  const access = { kind: 'anyOrg', roles: ['ORG_OWNER'] } as const
  test.each<{ says: string; held: { place: Place; role: string } | null; verdict: Verdict }>([
    {
      says: 'is open to an owner of any organization',
      held: { place: 'organization', role: 'ORG_OWNER' },
      verdict: 'yes',
    },
    { says: 'is closed to a member', held: { place: 'organization', role: 'ORG_MEMBER' }, verdict: 'no' },
    { says: "is closed to a group's owner", held: { place: 'group', role: 'GROUP_OWNER' }, verdict: 'no' },
    { says: 'is closed to whoever has no role', held: null, verdict: 'no' },
  ])('$says', ({ held, verdict }) => {
    expect(may(access, holding('API_KEY', held), {})).toBe(verdict)
  })
})

describe('on the wire', () => {
  let store: TestStore
  let api: TestApi
  const callers = new Map<string, Caller>()
  /** People who are signed in, where what they may differs from what a machine may, and one of each other sort. */
  const people = new Map<string, TestPerson>()
  const peopleHold = everyHolding.filter(({ role }) =>
    ['ORG_OWNER', 'ORG_READ_ONLY', 'GROUP_OWNER', 'GROUP_READ_ONLY'].includes(role),
  )

  beforeAll(async () => {
    store = await createTestStore()
    // What the handlers do is of no account here: whoever reaches one was let in.
    const reached = Object.fromEntries(Object.keys(routes).map((operation) => [operation, async () => ({ body: {} })]))
    api = await createTestApi(store.store, () => reached as Partial<Handlers<OperationId>>)
    for (const { place, role } of everyHolding)
      callers.set(
        role,
        await api.newCaller(
          'SERVICE_ACCOUNT',
          place === 'group' ? { group: [role as never] } : { org: [role as never] },
        ),
      )
    for (const { place, role } of peopleHold)
      people.set(
        role,
        await newPerson(
          api,
          `${role}@example.com`,
          place === 'group' ? { group: [role as never] } : { org: [role as never] },
        ),
      )
  })
  afterAll(() => store.close())

  const pathOf = (path: string) =>
    path
      .replace('{groupId}', api.groupId)
      .replace('{orgId}', api.orgId)
      .replace('{cloudProvider}', 'AWS')
      .replaceAll(/\{\w+\}/g, 'a'.repeat(24))
  const verdictOf = async (route: Route, as: Caller): Promise<Verdict> => {
    const { status } = await ask(api.http, {
      method: route.method,
      path: pathOf(route.path),
      headers: { authorization: await as({ method: route.method, path: '', challenge: '' }) },
    })
    return verdictOfStatus(status)
  }
  const verdictOfStatus = (status: number): Verdict | Promise<never> =>
    status === 403 ? 'no' : status === 404 ? 'unseen' : status === 401 ? Promise.reject(new Error('401')) : 'yes'

  test.each(judged)('$operation lets in exactly whom it should', async ({ operation, route, words, onGroup }) => {
    for (const { place, role, words: roleWords } of everyHolding) {
      const held = { place, role: roleWords, kind: 'SERVICE_ACCOUNT' as const, operation }
      const expected = onGroup ? expectedOnGroup(words, held) : expectedOnOrg(words, held)
      const verdict = await verdictOf(route, callers.get(role) as Caller)
      expect({ role, verdict }).toEqual({ role, verdict: expected })
    }
  })

  test.each(judged)('$operation lets in exactly the people it should', async ({ operation, route, words, onGroup }) => {
    for (const { place, role, words: roleWords } of peopleHold) {
      const held = { place, role: roleWords, kind: 'USER' as const, operation }
      const expected = onGroup ? expectedOnGroup(words, held) : expectedOnOrg(words, held)
      const person = people.get(role) as TestPerson
      const answer = await person.ask({ method: route.method, path: pathOf(route.path) })
      expect({ role, verdict: await verdictOfStatus(answer.status) }).toEqual({ role, verdict: expected })
    }
  })

  test('an API key is judged by the same roles', async () => {
    const reader = await api.newCaller('API_KEY', { group: ['GROUP_READ_ONLY'] })
    const path = `/api/atlas/v2/groups/${api.groupId}/privateEndpoint/AWS/endpointService`
    expect((await api.ask({ method: 'GET', path, as: reader })).status).toBe(200)
    const write = `/api/atlas/v2/groups/${api.groupId}/privateEndpoint/endpointService`
    expect(await api.ask({ method: 'POST', path: write, body: {}, as: reader })).toMatchObject({
      status: 403,
      body: { errorCode: 'USER_UNAUTHORIZED' },
    })
  })

  test('an unknown group and one that cannot be seen are answered alike', async () => {
    const stranger = await api.newCaller('SERVICE_ACCOUNT', { org: ['ORG_MEMBER'] })
    const unknown = '0'.repeat(24)
    const [hidden, missing] = await Promise.all(
      [api.groupId, unknown].map((id) => api.ask({ method: 'GET', path: `/api/atlas/v2/groups/${id}`, as: stranger })),
    )
    expect(hidden?.text.replaceAll(api.groupId, unknown)).toBe(missing?.text)
    expect(hidden?.status).toBe(404)
  })
})
