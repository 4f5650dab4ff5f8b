// Members of an organization: invited, given roles and teams, removed. The last owner stays.

import { AtlasError } from '@postern/contract/errors'
import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { isOldVersion, ofOrg, pageOfPeople } from './list.ts'
import { type Change, forgetUnclaimed, invite, keepAnOwner, leaveOrg, lockOrg, memberOf, tell } from './membership.ts'
import { type Assignments, assign, changeOrgRoles, held } from './org-roles.ts'
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
        await assign(change, { orgId, userId }, { groups: groupsOf(roles), teamIds })
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
        await assign(change, place, { groups: groupsOf(roles), teamIds })
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

const groupsOf = (roles: BodyOf<'updateOrgUser'>['roles']): Assignments['groups'] =>
  roles?.groupRoleAssignments?.map(({ groupId, groupRoles }) => ({ groupId, roles: groupRoles }))
