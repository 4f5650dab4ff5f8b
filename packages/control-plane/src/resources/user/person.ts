// People as the store knows them: the account, the roles they hold by themselves, their teams, and what they are invited
// to. A membership of an organization is a role there; while an invitation stands beside it, it is pending.

import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '../../store/tables.ts'

export interface Person {
  readonly account: Selectable<Tables['app_user']>
  /** `groupId` null: the role is held on the organization itself. */
  readonly roles: readonly { readonly orgId: string; readonly groupId: string | null; readonly role: string }[]
  readonly teams: readonly { readonly orgId: string; readonly teamId: string }[]
  readonly invitations: readonly Selectable<Tables['invitation']>[]
}

export type MembershipStatus = 'PENDING' | 'ACTIVE' | 'INVITATION_EXPIRED' | 'INVITATION_REJECTED'

/** These people, in the order of `ids`; whoever is gone is left out. */
export const loadPeople = async (db: Kysely<Tables>, ids: readonly string[]): Promise<readonly Person[]> => {
  if (ids.length === 0) return []
  const wanted = [...ids]
  const accounts = await db.selectFrom('app_user').selectAll().where('id', 'in', wanted).execute()
  const roles = await db
    .selectFrom('role_assignment')
    .leftJoin('group', 'group.id', 'role_assignment.group_id')
    .select(['holder_id', 'role_assignment.org_id', 'group_id', 'group.org_id as group_org_id', 'role'])
    .where('holder_kind', '=', 'USER')
    .where('holder_id', 'in', wanted)
    .orderBy('group_id')
    .orderBy('role')
    .execute()
  const teams = await db
    .selectFrom('team_member')
    .innerJoin('team', 'team.id', 'team_member.team_id')
    .select(['user_id', 'team_id', 'org_id'])
    .where('user_id', 'in', wanted)
    .orderBy('team_id')
    .execute()
  const invitations = await db.selectFrom('invitation').selectAll().where('user_id', 'in', wanted).execute()
  return ids.flatMap((id) => {
    const account = accounts.find((each) => each.id === id)
    if (!account) return []
    return {
      account,
      roles: roles
        .filter(({ holder_id }) => holder_id === id)
        .map(({ org_id, group_id, group_org_id, role }) => ({
          orgId: org_id ?? group_org_id ?? '',
          groupId: group_id,
          role,
        })),
      teams: teams
        .filter(({ user_id }) => user_id === id)
        .map(({ org_id, team_id }) => ({ orgId: org_id, teamId: team_id })),
      invitations: invitations.filter(({ user_id }) => user_id === id),
    }
  })
}

/** One person; undefined where there is none of that id. */
export const loadPerson = async (db: Kysely<Tables>, id: string): Promise<Person | undefined> =>
  (await loadPeople(db, [id]))[0]

export const rolesInOrg = ({ roles }: Person, orgId: string): readonly string[] =>
  roles.filter((held) => held.orgId === orgId && held.groupId === null).map(({ role }) => role)

export const rolesInGroup = ({ roles }: Person, groupId: string): readonly string[] =>
  roles.filter((held) => held.groupId === groupId).map(({ role }) => role)

/** What stands between the person and this organization; undefined for an active member. `now` as Clock.now. */
export const invitationTo = (
  { invitations }: Person,
  orgId: string,
  now: number,
):
  | { readonly status: 'PENDING' | 'INVITATION_EXPIRED'; readonly row: Selectable<Tables['invitation']> }
  | undefined => {
  const row = invitations.find((each) => each.org_id === orgId)
  return row && { row, status: row.expires.getTime() > now ? 'PENDING' : 'INVITATION_EXPIRED' }
}
