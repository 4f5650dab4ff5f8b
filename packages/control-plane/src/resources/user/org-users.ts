// Members of an organization: invited, given roles and teams, removed. The last owner stays.

import { AtlasError } from '@postern/contract/errors'
import type { OrgRole } from '@postern/contract/roles'
import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { isOldVersion, ofOrg, pageOfPeople } from './list.ts'
import {
  type Change,
  checkGroupsOf,
  forgetUnclaimed,
  invite,
  keepAnOwner,
  leaveOrg,
  lockOrg,
  memberOf,
  setGroupRoles,
  setOrgRoles,
  setTeams,
  tell,
} from './membership.ts'
import { type Person, rolesInOrg } from './person.ts'
import { cloudUserView, orgUserView } from './view.ts'

type Operation =
  | 'listOrgUsers'
  | 'createOrgUser'
  | 'getOrgUser'
  | 'updateOrgUser'
  | 'removeOrgUser'
  | 'updateOrgUserRoles'
  | 'addOrgUserRole'
  | 'removeOrgUserRole'

interface Place {
  readonly orgId: string
  readonly userId: string
}
const placeOf = ({ params }: Pick<Call<Operation>, 'params'>): Place => ({
  orgId: params.orgId ?? '',
  userId: params.userId ?? '',
})

export const orgUserHandlers = (parts: Parts): Handlers<Operation> => {
  /** Holds the organization, does `work` with the member, and answers the member as they are then. */
  const change = (
    call: Pick<Call<Operation>, 'params' | 'actor' | 'sourceAddress'>,
    work: (change: Change, person: Person, place: Place) => Promise<void>,
  ): Promise<Person> =>
    parts.store.transact(async (tx) => {
      const place = placeOf(call)
      await lockOrg({ tx }, place.orgId)
      await work({ tx, parts, call }, await memberOf({ tx }, place), place)
      return memberOf({ tx }, place)
    })
  const shown = (person: Person, orgId: string) => ({ body: orgUserView(person, { orgId, now: parts.clock.now() }) })

  return {
    listOrgUsers: async (call) => {
      const { orgId } = placeOf(call)
      const { people, total } = await pageOfPeople(parts, call, { among: ofOrg(orgId), orgId, filter: call.query })
      const now = parts.clock.now()
      return isOldVersion(call.version)
        ? {
            body: pageOf(call, {
              results: people.map((each) => cloudUserView(each, { ...call, orgIds: [orgId], withLinks: false })),
              total,
            }),
          }
        : { body: pageOf(call, { results: people.map((each) => orgUserView(each, { orgId, now })), total }) }
    },

    createOrgUser: async (call) => {
      const { orgId } = placeOf(call)
      const { roles, teamIds, username } = call.body
      const person = await parts.store.transact(async (tx) => {
        const change = { tx, parts, call }
        await lockOrg(change, orgId)
        const userId = await invite(change, { orgId, username, roles: roles.orgRoles })
        await assign(change, { orgId, userId }, { roles, teamIds })
        return memberOf(change, { orgId, userId })
      })
      return shown(person, orgId)
    },

    getOrgUser: async (call) => {
      const place = placeOf(call)
      return shown(await parts.store.transact((tx) => memberOf({ tx }, place)), place.orgId)
    },

    updateOrgUser: async (call) => {
      const { roles, teamIds } = call.body
      const person = await change(call, async (change, person, place) => {
        if (roles) await changeOrgRoles(change, person, { ...place, roles: roles.orgRoles })
        await assign(change, place, { roles, teamIds })
      })
      return shown(person, placeOf(call).orgId)
    },

    removeOrgUser: async (call) => {
      await parts.store.transact(async (tx) => {
        const change = { tx, parts, call }
        const place = placeOf(call)
        await lockOrg(change, place.orgId)
        const person = await memberOf(change, place)
        await keepAnOwner(change, person, place.orgId)
        await leaveOrg(change, place)
        await forgetUnclaimed(change, place.userId)
        const invited = person.invitations.some(({ org_id }) => org_id === place.orgId)
        await tell(change, {
          type: invited ? 'ORG_INVITATION_DELETED' : 'REMOVED_FROM_ORG',
          orgId: place.orgId,
          target: { targetUsername: person.account.email },
        })
      })
      return {}
    },

    updateOrgUserRoles: async (call) => {
      const { orgId, userId } = placeOf(call)
      const person = await change(call, (change, person, place) =>
        changeOrgRoles(change, person, { ...place, roles: call.body.orgRoles }),
      )
      const links = [{ href: call.link(`/api/atlas/v2/orgs/${orgId}/users/${userId}/roles`), rel: 'self' }]
      return { body: { links, orgRoles: [...rolesInOrg(person, orgId)] } }
    },

    addOrgUserRole: async (call) => {
      const person = await change(call, (change, person, place) =>
        changeOrgRoles(change, person, { ...place, roles: [...held(person, place.orgId), call.body.orgRole] }),
      )
      return shown(person, placeOf(call).orgId)
    },

    removeOrgUserRole: async (call) => {
      const person = await change(call, (change, person, place) => {
        const roles = held(person, place.orgId).filter((role) => role !== call.body.orgRole)
        if (roles.length === 0)
          throw new AtlasError('POSTERN_LAST_ROLE', {
            username: person.account.email,
            place: `organization ${place.orgId}`,
          })
        return changeOrgRoles(change, person, { ...place, roles })
      })
      return shown(person, placeOf(call).orgId)
    },
  }
}

const held = (person: Person, orgId: string): readonly OrgRole[] => rolesInOrg(person, orgId) as readonly OrgRole[]

/** Sets what is another set than before, and says so. Throws CANNOT_REMOVE_LAST_ORG_OWNER. */
const changeOrgRoles = async (
  change: Change,
  person: Person,
  { orgId, userId, roles }: Place & { readonly roles: readonly OrgRole[] },
): Promise<void> => {
  const before = held(person, orgId)
  if (before.every((role) => roles.includes(role)) && roles.every((role) => before.includes(role))) return
  if (!roles.includes('ORG_OWNER')) await keepAnOwner(change, person, orgId)
  await setOrgRoles(change, { orgId, userId, roles })
  await tell(change, {
    type: 'USER_ROLES_CHANGED_AUDIT',
    orgId,
    target: { targetUsername: person.account.email, roles: [...new Set(roles)].sort().join(', ') },
  })
}

/** Roles on groups and teams, where the body names them: what it does not name of a named kind is taken away. */
const assign = async (
  change: Change,
  { orgId, userId }: Place,
  { roles, teamIds }: Pick<BodyOf<'updateOrgUser'>, 'roles' | 'teamIds'>,
): Promise<void> => {
  const wanted = roles?.groupRoleAssignments
  if (wanted) {
    await checkGroupsOf(change, { orgId, groupIds: wanted.map(({ groupId }) => groupId) })
    const person = await memberOf(change, { orgId, userId })
    const before = person.roles.flatMap((each) => (each.orgId === orgId && each.groupId ? [each.groupId] : []))
    for (const groupId of new Set([...before, ...wanted.map((each) => each.groupId)])) {
      const groupRoles = wanted.filter((each) => each.groupId === groupId).flatMap((each) => each.groupRoles)
      await setGroupRoles(change, { groupId, userId, roles: groupRoles })
      const type = groupRoles.length === 0 ? 'REMOVED_FROM_GROUP' : before.includes(groupId) ? null : 'JOINED_GROUP'
      const target = { targetUsername: person.account.email }
      await tell(change, { type: type ?? 'USER_ROLES_CHANGED_AUDIT', orgId, groupId, target })
    }
  }
  if (teamIds) await setTeams(change, { orgId, userId, teamIds })
}
