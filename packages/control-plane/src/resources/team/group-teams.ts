// Teams on a group: the roles that everybody in the team holds there.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { GroupRole } from '@postern/contract/roles'
import type { Kysely } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { type GroupPlace, mayGrant } from '../../http/may.ts'
import { cutPage } from '../../http/paging.ts'
import { grantRole } from '../../identity/grant.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { type Change, lockOrg, tell } from '../user/membership.ts'

type Operation = 'listGroupTeams' | 'addGroupTeams' | 'getGroupTeam' | 'updateGroupTeam' | 'removeGroupTeam'

interface TeamRole {
  readonly teamId: string
  readonly roleNames: readonly string[]
}

export const groupTeamHandlers = (parts: Parts): Handlers<Operation> => {
  const change = <Result>(
    call: Pick<Call<Operation>, 'params' | 'actor' | 'sourceAddress'>,
    work: (change: Change, group: GroupPlace) => Promise<Result>,
  ): Promise<Result> =>
    parts.store.transact(async (tx) => {
      const change = { tx, parts, call }
      const id = call.params.groupId ?? ''
      const row = await tx.selectFrom('group').select('org_id').where('id', '=', id).executeTakeFirst()
      if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId: id })
      await lockOrg(change, row.org_id)
      return work(change, { id, orgId: row.org_id })
    })
  const viewOf = (call: Pick<Call<Operation>, 'link' | 'params'>, { teamId, roleNames }: TeamRole) => ({
    links: [{ href: call.link(`/api/atlas/v2/groups/${call.params.groupId}/teams/${teamId}`), rel: 'self' }],
    roleNames: [...roleNames],
    teamId,
  })
  const pageOf = (call: Pick<Call<Operation>, 'link' | 'params' | 'paging' | 'self'>, teams: readonly TeamRole[]) =>
    cutPage(
      call,
      teams.map((each) => viewOf(call, each)),
    )

  return {
    listGroupTeams: async (call) => ({
      body: pageOf(call, await teamsOn(parts.store.read, call.params.groupId ?? '')),
    }),

    getGroupTeam: async (call) => ({ body: viewOf(call, await teamOn(parts.store.read, call)) }),

    addGroupTeams: async (call) => {
      const teams = await change(call, async (change, group) => {
        for (const { teamId, roleNames } of call.body) {
          checkMayGrant(call, group, roleNames)
          const team = await change.tx
            .selectFrom('team')
            .select('name')
            .where('id', '=', teamId)
            .where('org_id', '=', group.orgId)
            .executeTakeFirst()
          if (!team) throw new AtlasError('TEAM_NOT_FOUND', { team: teamId, orgId: group.orgId })
          if ((await teamsOn(change.tx, group.id)).some((each) => each.teamId === teamId))
            throw new AtlasError('TEAM_ALREADY_IN_GROUP', { teamId, groupId: group.id })
          await setRoles(change, { group, teamId, roles: roleNames })
          await tellOf(change, group, { type: 'TEAM_ADDED_TO_GROUP', teamId })
        }
        return teamsOn(change.tx, group.id)
      })
      return { body: pageOf(call, teams) }
    },

    updateGroupTeam: async (call) => {
      const team = await change(call, async (change, group) => {
        const { teamId, roleNames: before } = await teamOn(change.tx, call)
        checkMayGrant(call, group, [...before, ...call.body.roleNames])
        await setRoles(change, { group, teamId, roles: call.body.roleNames })
        await tellOf(change, group, { type: 'TEAM_ROLES_MODIFIED', teamId })
        return teamOn(change.tx, call)
      })
      return { body: pageOf(call, [team]) }
    },

    removeGroupTeam: async (call) => {
      await change(call, async (change, group) => {
        const { teamId, roleNames } = await teamOn(change.tx, call)
        checkMayGrant(call, group, roleNames)
        await setRoles(change, { group, teamId, roles: [] })
        await tellOf(change, group, { type: 'TEAM_REMOVED_FROM_GROUP', teamId })
      })
      return {}
    },
  }
}

/** Teams with roles on the group, oldest first; each team's roles in the order of their names. */
const teamsOn = async (db: Kysely<Tables>, groupId: string): Promise<readonly TeamRole[]> => {
  const rows = await db
    .selectFrom('role_assignment')
    .innerJoin('team', 'team.id', 'role_assignment.holder_id')
    .select(['team.id', 'role'])
    .where('holder_kind', '=', 'TEAM')
    .where('group_id', '=', groupId)
    .orderBy('team.created')
    .orderBy('team.id')
    .orderBy('role')
    .execute()
  const ids = [...new Set(rows.map(({ id }) => id))]
  return ids.map((teamId) => ({
    teamId,
    roleNames: rows.filter(({ id }) => id === teamId).map(({ role }) => role),
  }))
}

/** Throws TEAM_NOT_IN_GROUP. */
const teamOn = async (db: Kysely<Tables>, { params }: Pick<Call<Operation>, 'params'>): Promise<TeamRole> => {
  const { groupId = '', teamId = '' } = params
  const team = (await teamsOn(db, groupId)).find((each) => each.teamId === teamId)
  if (!team) throw new AtlasError('TEAM_NOT_IN_GROUP', { teamId, groupId })
  return team
}

const checkMayGrant = (call: Pick<Call<Operation>, 'actor'>, group: GroupPlace, roles: readonly string[]): void => {
  if (!mayGrant(actorOf(call), group, roles)) throw new AtlasError('USER_UNAUTHORIZED', {})
}

const setRoles = async (
  { tx }: Change,
  {
    group,
    teamId,
    roles,
  }: { readonly group: GroupPlace; readonly teamId: string; readonly roles: readonly GroupRole[] },
): Promise<void> => {
  await tx
    .deleteFrom('role_assignment')
    .where('holder_kind', '=', 'TEAM')
    .where('holder_id', '=', teamId)
    .where('group_id', '=', group.id)
    .execute()
  for (const role of roles) await grantRole(tx, { kind: 'TEAM', id: teamId }, { groupId: group.id, role })
}

const tellOf = (
  change: Change,
  group: GroupPlace,
  { type, teamId }: { readonly type: RecordedEventType; readonly teamId: string },
): Promise<void> => tell(change, { type, orgId: group.orgId, groupId: group.id, target: { teamId } })
