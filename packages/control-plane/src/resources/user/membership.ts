// What may be done to people in an organization, inside the caller's transaction. Every change of who owns it holds the
// organization's row first, so that of two owners who leave at the same moment one is refused.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { GroupRole, OrgRole } from '@postern/contract/roles'
import type { Transaction } from 'kysely'
import type { Actor, Call } from '../../http/handler.ts'
import { grantRole } from '../../identity/grant.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { invitationTo, loadPerson, type Person, rolesInOrg } from './person.ts'

/** How long an invitation may be accepted: thirty days, as recorded. */
export const invitationLifeMs = 30 * 24 * 3600 * 1000

/** Everything that a change of people needs to know of its caller. */
export interface Change {
  readonly tx: Transaction<Tables>
  readonly parts: Parts
  readonly call: Pick<Call<'createOrgUser'>, 'actor' | 'sourceAddress'>
}

/** Holds the organization until the transaction ends. Throws ORG_NOT_FOUND. */
export const lockOrg = async ({ tx }: Pick<Change, 'tx'>, orgId: string): Promise<void> => {
  const row = await tx.selectFrom('organization').select('id').where('id', '=', orgId).forUpdate().executeTakeFirst()
  if (!row) throw new AtlasError('ORG_NOT_FOUND', { orgId })
}

/** Writes an event about this person. */
export const tell = (
  { tx, parts, call }: Change,
  event: {
    readonly type: RecordedEventType
    readonly orgId: string
    readonly groupId?: string
    readonly target: Readonly<Record<string, string>>
  },
): Promise<void> =>
  recordEvent(tx, parts, {
    groupId: null,
    ...event,
    actor: call.actor as Actor | null,
    sourceAddress: call.sourceAddress,
  })

/** The account of this e-mail address, in any case of its letters. */
export const accountNamed = ({ tx }: Pick<Change, 'tx'>, username: string) =>
  tx
    .selectFrom('app_user')
    .selectAll()
    .where((where) => where(where.fn('lower', ['email']), '=', username.toLowerCase()))
    .executeTakeFirst()

/**
 * Invites somebody, with an account or without one yet, and answers their id. An invitation that has expired is made
 * anew. Throws USER_ALREADY_IN_ORG or INVITATION_ALREADY_EXISTS.
 */
export const invite = async (
  change: Change,
  { orgId, username, roles }: { readonly orgId: string; readonly username: string; readonly roles: readonly OrgRole[] },
): Promise<string> => {
  const { tx, parts, call } = change
  const id = (await accountNamed(change, username))?.id ?? (await newAccount(change, username))
  const person = await loadPerson(tx, id)
  if (person && rolesInOrg(person, orgId).length > 0) {
    const standing = invitationTo(person, orgId, parts.clock.now())
    if (!standing) throw new AtlasError('USER_ALREADY_IN_ORG', { username, orgId })
    if (standing.status === 'PENDING')
      throw new AtlasError('INVITATION_ALREADY_EXISTS', { username, place: `organization ${orgId}` })
    await leaveOrg(change, { orgId, userId: id })
  }
  const now = parts.clock.now()
  await tx
    .insertInto('invitation')
    .values({
      org_id: orgId,
      user_id: id,
      inviter: call.actor?.name ?? 'postern',
      created: new Date(now),
      expires: new Date(now + invitationLifeMs),
      token_hash: null,
    })
    .execute()
  for (const role of roles) await grantRole(tx, { kind: 'USER', id }, { orgId, role })
  await tell(change, { type: 'INVITED_TO_ORG', orgId, target: { targetUsername: username } })
  return id
}

const newAccount = async (change: Change, username: string): Promise<string> => {
  const { tx, parts } = change
  const id = parts.ids.objectId()
  const created = new Date(parts.clock.now())
  await tx
    .insertInto('app_user')
    .values({ id, email: username, password: null, first_name: '', last_name: '', created })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  // Another organization may have invited the same person a moment ago.
  return (await accountNamed(change, username))?.id ?? id
}

/** The person as a member of the organization, invited ones included. Throws USER_NOT_IN_ORG. */
export const memberOf = async (
  { tx }: Pick<Change, 'tx'>,
  { orgId, userId }: { readonly orgId: string; readonly userId: string },
): Promise<Person> => {
  const person = await loadPerson(tx, userId)
  if (!person || rolesInOrg(person, orgId).length === 0)
    throw new AtlasError('USER_NOT_IN_ORG', { user: userId, orgId })
  return person
}

/** Throws CANNOT_REMOVE_LAST_ORG_OWNER where nobody but this person owns the organization. Invited owners do not count. */
export const keepAnOwner = async ({ tx }: Pick<Change, 'tx'>, person: Person, orgId: string): Promise<void> => {
  const owns = rolesInOrg(person, orgId).includes('ORG_OWNER')
  if (!owns || person.invitations.some(({ org_id }) => org_id === orgId)) return
  const other = await tx
    .selectFrom('role_assignment')
    .leftJoin('invitation', (join) =>
      join.onRef('invitation.user_id', '=', 'holder_id').on('invitation.org_id', '=', orgId),
    )
    .select('holder_id')
    .where('holder_kind', '=', 'USER')
    .where('role_assignment.org_id', '=', orgId)
    .where('role', '=', 'ORG_OWNER')
    .where('holder_id', '<>', person.account.id)
    .where('invitation.user_id', 'is', null)
    .executeTakeFirst()
  if (!other) throw new AtlasError('CANNOT_REMOVE_LAST_ORG_OWNER', { username: person.account.email, orgId })
}

/** Makes these the person's roles in the organization itself; the caller has asked `keepAnOwner`. */
export const setOrgRoles = async (
  { tx }: Pick<Change, 'tx'>,
  { orgId, userId, roles }: { readonly orgId: string; readonly userId: string; readonly roles: readonly OrgRole[] },
): Promise<void> => {
  await tx
    .deleteFrom('role_assignment')
    .where('holder_kind', '=', 'USER')
    .where('holder_id', '=', userId)
    .where('org_id', '=', orgId)
    .execute()
  for (const role of roles) await grantRole(tx, { kind: 'USER', id: userId }, { orgId, role })
}

/** Makes these the person's own roles on the group. */
export const setGroupRoles = async (
  { tx }: Pick<Change, 'tx'>,
  {
    groupId,
    userId,
    roles,
  }: { readonly groupId: string; readonly userId: string; readonly roles: readonly GroupRole[] },
): Promise<void> => {
  await tx
    .deleteFrom('role_assignment')
    .where('holder_kind', '=', 'USER')
    .where('holder_id', '=', userId)
    .where('group_id', '=', groupId)
    .execute()
  for (const role of roles) await grantRole(tx, { kind: 'USER', id: userId }, { groupId, role })
}

/** Takes every role, team and invitation that the person has in the organization. */
export const leaveOrg = async (
  { tx }: Pick<Change, 'tx'>,
  { orgId, userId }: { readonly orgId: string; readonly userId: string },
): Promise<void> => {
  await tx
    .deleteFrom('role_assignment')
    .where('holder_kind', '=', 'USER')
    .where('holder_id', '=', userId)
    .where((where) =>
      where.or([
        where('org_id', '=', orgId),
        where('group_id', 'in', (of) => of.selectFrom('group').select('id').where('org_id', '=', orgId)),
      ]),
    )
    .execute()
  await tx
    .deleteFrom('team_member')
    .where('user_id', '=', userId)
    .where('team_id', 'in', (of) => of.selectFrom('team').select('id').where('org_id', '=', orgId))
    .execute()
  await tx.deleteFrom('invitation').where('user_id', '=', userId).where('org_id', '=', orgId).execute()
}

/** Removes an account that nobody ever took, once it is invited nowhere any more: its address is free again. */
export const forgetUnclaimed = async ({ tx }: Pick<Change, 'tx'>, userId: string): Promise<void> => {
  await tx
    .deleteFrom('app_user')
    .where('id', '=', userId)
    .where('password', 'is', null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('role_assignment')
            .select('role')
            .where('holder_kind', '=', 'USER')
            .where('holder_id', '=', userId),
        ),
      ),
    )
    .execute()
}

/** Makes these the person's teams in the organization. Throws TEAM_NOT_FOUND for one that is not there. */
export const setTeams = async (
  { tx }: Pick<Change, 'tx'>,
  { orgId, userId, teamIds }: { readonly orgId: string; readonly userId: string; readonly teamIds: readonly string[] },
): Promise<void> => {
  const teams = await tx.selectFrom('team').select('id').where('org_id', '=', orgId).execute()
  const missing = teamIds.find((teamId) => !teams.some(({ id }) => id === teamId))
  if (missing !== undefined) throw new AtlasError('TEAM_NOT_FOUND', { team: missing, orgId })
  const inOrg = teams.map(({ id }) => id)
  if (inOrg.length > 0)
    await tx.deleteFrom('team_member').where('user_id', '=', userId).where('team_id', 'in', inOrg).execute()
  for (const team_id of new Set(teamIds))
    await tx.insertInto('team_member').values({ team_id, user_id: userId }).execute()
}

/** Throws GROUP_NOT_FOUND unless every one of these groups is in the organization. */
export const checkGroupsOf = async (
  { tx }: Pick<Change, 'tx'>,
  { orgId, groupIds }: { readonly orgId: string; readonly groupIds: readonly string[] },
): Promise<void> => {
  if (groupIds.length === 0) return
  const found = await tx
    .selectFrom('group')
    .select('id')
    .where('org_id', '=', orgId)
    .where('id', 'in', [...groupIds])
    .execute()
  const missing = groupIds.find((groupId) => !found.some(({ id }) => id === groupId))
  if (missing !== undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId: missing })
}
