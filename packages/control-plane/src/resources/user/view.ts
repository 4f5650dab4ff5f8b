// People as Atlas shows them, keys in the recorded order: an account with all its roles in one list (2023-01-01), or a
// member of one organization or group, who may be one that was only invited yet (2025-02-19).

import { atlasTimestamp } from '@postern/contract/timestamp'
import type { Call } from '../../http/handler.ts'
import { invitationTo, type Person, rolesInGroup, rolesInOrg } from './person.ts'

type Link = Call<'getUser'>['link']

/** `orgIds`: the organizations that the caller may see this person in; roles and teams elsewhere are left out. */
export const cloudUserView = (
  { account, roles, teams, invitations }: Person,
  { link, orgIds, withLinks }: { readonly link: Link; readonly orgIds: readonly string[]; readonly withLinks: boolean },
) => {
  const seen = orgIds.filter((orgId) => !invitations.some(({ org_id }) => org_id === orgId))
  const self = link(`/api/atlas/v2/users/${account.id}`)
  const related = withLinks ? ['whitelist', 'accessList'] : []
  return {
    country: account.country,
    createdAt: atlasTimestamp(account.created),
    emailAddress: account.email,
    firstName: account.first_name,
    id: account.id,
    ...lastAuthOf(account),
    lastName: account.last_name,
    links: [
      { href: self, rel: 'self' },
      ...related.map((each) => ({ href: `${self}/${each}`, rel: `https://cloud.mongodb.com/${each}` })),
    ],
    roles: roles
      .filter(({ orgId }) => seen.includes(orgId))
      .map(({ orgId, groupId, role }) => (groupId === null ? { orgId, roleName: role } : { groupId, roleName: role })),
    teamIds: teams.filter(({ orgId }) => seen.includes(orgId)).map(({ teamId }) => teamId),
    username: account.email,
  }
}

/** `now` as Clock.now: whether an invitation has expired depends on it. */
export const orgUserView = (person: Person, { orgId, now }: { readonly orgId: string; readonly now: number }) => {
  const inGroups = person.roles.flatMap((held) => (held.orgId === orgId && held.groupId ? [held.groupId] : []))
  return memberView(
    person,
    { orgId, now },
    {
      roles: {
        groupRoleAssignments: [...new Set(inGroups)].map((groupId) => ({
          groupId,
          groupRoles: [...rolesInGroup(person, groupId)],
        })),
        orgRoles: [...rolesInOrg(person, orgId)],
      },
      teamIds: person.teams.filter((team) => team.orgId === orgId).map(({ teamId }) => teamId),
    },
  )
}

/** `roles`: what is to be shown, which may be more than the person holds by themselves. */
export const groupUserView = (
  person: Person,
  at: { readonly orgId: string; readonly now: number; readonly roles: readonly string[] },
) => memberView(person, at, { roles: [...at.roles] })

const memberView = <Roles extends object>(
  person: Person,
  { orgId, now }: { readonly orgId: string; readonly now: number },
  roles: Roles,
) => {
  const { account } = person
  const invitation = invitationTo(person, orgId, now)
  if (invitation)
    return {
      id: account.id,
      invitationCreatedAt: atlasTimestamp(invitation.row.created),
      invitationExpiresAt: atlasTimestamp(invitation.row.expires),
      inviterUsername: invitation.row.inviter,
      orgMembershipStatus: invitation.status,
      ...roles,
      username: account.email,
    }
  return {
    country: account.country,
    createdAt: atlasTimestamp(account.created),
    firstName: account.first_name,
    id: account.id,
    ...lastAuthOf(account),
    lastName: account.last_name,
    mobileNumber: account.mobile_number,
    orgMembershipStatus: 'ACTIVE' as const,
    ...roles,
    username: account.email,
  }
}

const lastAuthOf = ({ last_auth }: Person['account']): { readonly lastAuth?: string } =>
  last_auth === null ? {} : { lastAuth: atlasTimestamp(last_auth) }
