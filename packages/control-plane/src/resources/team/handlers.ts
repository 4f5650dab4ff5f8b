// Teams of an organization: made, named, removed. With a team go its roles on groups.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { brokenUniqueRule } from '../../store/store-error.ts'
import { accountNamed, lockOrg, memberOf, tell } from '../user/membership.ts'
import { groupTeamHandlers } from './group-teams.ts'
import { teamMemberHandlers } from './members.ts'
import { teamOf, teamView } from './team.ts'

type OwnOperation =
  | 'listOrgTeams'
  | 'createOrgTeam'
  | 'getOrgTeam'
  | 'getOrgTeamByName'
  | 'renameOrgTeam'
  | 'deleteOrgTeam'
type Operation = OwnOperation | keyof ReturnType<typeof teamMemberHandlers> | keyof ReturnType<typeof groupTeamHandlers>

export const teamHandlers = (parts: Parts): Handlers<Operation> => ({
  ...orgTeamHandlers(parts),
  ...teamMemberHandlers(parts),
  ...groupTeamHandlers(parts),
})

const orgTeamHandlers = (parts: Parts): Handlers<OwnOperation> => ({
  listOrgTeams: async (call) => {
    const teams = parts.store.read.selectFrom('team').where('org_id', '=', call.params.orgId ?? '')
    const { limit, offset } = rowsOf(call)
    const rows = await teams.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
    const { total } = await teams.select((of) => of.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    return { body: pageOf(call, { results: rows.map((row) => teamView(row, call.link)), total: Number(total) }) }
  },

  createOrgTeam: async (call) => {
    const orgId = call.params.orgId ?? ''
    const { name } = call.body
    const usernames = [...new Map(call.body.usernames.map((each) => [each.toLowerCase(), each])).values()]
    const row = { id: parts.ids.objectId(), org_id: orgId, name, created: new Date(parts.clock.now()) }
    await parts.store
      .transact(async (tx) => {
        const change = { tx, parts, call }
        await lockOrg(change, orgId)
        await tx.insertInto('team').values(row).execute()
        await tell(change, { type: 'TEAM_CREATED', orgId, target: { teamId: row.id, teamName: name } })
        for (const username of usernames) {
          const account = await accountNamed(change, username)
          if (!account) throw new AtlasError('USER_NOT_IN_ORG', { user: username, orgId })
          await memberOf(change, { orgId, userId: account.id })
          await tx.insertInto('team_member').values({ team_id: row.id, user_id: account.id }).execute()
          const target = { teamId: row.id, teamName: name, targetUsername: username }
          await tell(change, { type: 'JOINED_TEAM', orgId, target })
        }
      })
      .catch(nameTaken({ name, orgId }))
    return { body: { ...teamView(row, call.link), usernames } }
  },

  getOrgTeam: async (call) => ({ body: teamView(await teamOf(parts.store.read, call), call.link) }),

  getOrgTeamByName: async (call) => {
    const { orgId = '', teamName = '' } = call.params
    const row = await parts.store.read
      .selectFrom('team')
      .selectAll()
      .where('org_id', '=', orgId)
      .where('name', '=', teamName)
      .executeTakeFirst()
    if (!row) throw new AtlasError('TEAM_NOT_FOUND', { team: `named ${teamName}`, orgId })
    return { body: teamView(row, call.link) }
  },

  renameOrgTeam: async (call) => {
    const orgId = call.params.orgId ?? ''
    const { name } = call.body
    const row = await parts.store
      .transact(async (tx) => {
        const change = { tx, parts, call }
        await lockOrg(change, orgId)
        const team = await teamOf(tx, call)
        await tx.updateTable('team').set({ name }).where('id', '=', team.id).execute()
        const target = { teamId: team.id, teamName: name, teamNameBefore: team.name }
        await tell(change, { type: 'TEAM_NAME_CHANGED', orgId, target })
        return { ...team, name }
      })
      .catch(nameTaken({ name, orgId }))
    return { body: teamView(row, call.link) }
  },

  deleteOrgTeam: async (call) => {
    const orgId = call.params.orgId ?? ''
    await parts.store.transact(async (tx) => {
      const change = { tx, parts, call }
      await lockOrg(change, orgId)
      const team = await teamOf(tx, call)
      await tx
        .deleteFrom('role_assignment')
        .where('holder_kind', '=', 'TEAM')
        .where('holder_id', '=', team.id)
        .execute()
      await tx.deleteFrom('team').where('id', '=', team.id).execute()
      await tell(change, { type: 'TEAM_DELETED', orgId, target: { teamId: team.id, teamName: team.name } })
    })
    return {}
  },
})

const nameTaken =
  (facts: { readonly name: string; readonly orgId: string }) =>
  (error: unknown): never => {
    throw brokenUniqueRule(error) === 'team_name_once' ? new AtlasError('TEAM_ALREADY_EXISTS', facts) : error
  }
