// What a member's place in an organization is made of: roles there, roles on its groups, teams. For members and for
// those who are only invited yet.

import type { GroupRole, OrgRole } from '@postern/contract/roles'
import {
  type Change,
  checkGroupsOf,
  keepAnOwner,
  memberOf,
  setGroupRoles,
  setOrgRoles,
  setTeams,
  tell,
} from './membership.ts'
import { type Person, rolesInOrg } from './person.ts'

interface Place {
  readonly orgId: string
  readonly userId: string
}

export const held = (person: Person, orgId: string): readonly OrgRole[] =>
  rolesInOrg(person, orgId) as readonly OrgRole[]

/** Sets what is another set than before, and says so. Throws CANNOT_REMOVE_LAST_ORG_OWNER. */
export const changeOrgRoles = async (
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

export interface Assignments {
  readonly groups?: readonly { readonly groupId: string; readonly roles: readonly GroupRole[] }[] | undefined
  readonly teamIds?: readonly string[] | undefined
}

/** Roles on groups and teams, where the body names them: what it does not name of a named kind is taken away. */
export const assign = async (
  change: Change,
  { orgId, userId }: Place,
  { groups: wanted, teamIds }: Assignments,
): Promise<void> => {
  if (wanted) {
    await checkGroupsOf(change, { orgId, groupIds: wanted.map(({ groupId }) => groupId) })
    const person = await memberOf(change, { orgId, userId })
    // Who has not accepted yet joins nothing: acceptance tells that.
    const joins = person.invitations.some(({ org_id }) => org_id === orgId) ? 'INVITED_TO_GROUP' : 'JOINED_GROUP'
    const before = person.roles.flatMap((each) => (each.orgId === orgId && each.groupId ? [each.groupId] : []))
    for (const groupId of new Set([...before, ...wanted.map((each) => each.groupId)])) {
      const groupRoles = wanted.filter((each) => each.groupId === groupId).flatMap((each) => each.roles)
      await setGroupRoles(change, { groupId, userId, roles: groupRoles })
      const type = groupRoles.length === 0 ? 'REMOVED_FROM_GROUP' : before.includes(groupId) ? null : joins
      const target = { targetUsername: person.account.email }
      await tell(change, { type: type ?? 'USER_ROLES_CHANGED_AUDIT', orgId, groupId, target })
    }
  }
  if (teamIds) await setTeams(change, { orgId, userId, teamIds })
}
