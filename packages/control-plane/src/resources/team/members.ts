// Who is in a team: people of its organization, invited ones too; their roles count once they have accepted.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { isOldVersion, ofTeam, pageOfPeople } from '../user/list.ts'
import { type Change, lockOrg, memberOf, tell } from '../user/membership.ts'
import { loadPerson, type Person } from '../user/person.ts'
import { cloudUserView, orgUserView } from '../user/view.ts'
import { type TeamRow, teamOf } from './team.ts'

type Operation =
  | 'listOrgTeamUsers'
  | 'addOrgTeamUsers'
  | 'addOrgTeamUser'
  | 'removeOrgTeamUser'
  | 'removeOrgTeamUserFromTeam'

export const teamMemberHandlers = (parts: Parts): Handlers<Operation> => {
  const change = <Result>(
    call: Pick<Call<Operation>, 'params' | 'actor' | 'sourceAddress'>,
    work: (change: Change, team: TeamRow) => Promise<Result>,
  ): Promise<Result> =>
    parts.store.transact(async (tx) => {
      const change = { tx, parts, call }
      await lockOrg(change, call.params.orgId ?? '')
      return work(change, await teamOf(tx, call))
    })
  const shown = (person: Person, orgId: string) => orgUserView(person, { orgId, now: parts.clock.now() })

  return {
    listOrgTeamUsers: async (call) => {
      const team = await teamOf(parts.store.read, call)
      const orgId = team.org_id
      const { people, total } = await pageOfPeople(parts, call, {
        among: ofTeam(team.id),
        orgId,
        filter: call.query,
      })
      if (!isOldVersion(call.version))
        return { body: pageOf(call, { results: people.map((each) => shown(each, orgId)), total }) }
      const results = people.map((each) => cloudUserView(each, { ...call, orgIds: [orgId], withLinks: false }))
      return { body: pageOf(call, { results, total }) }
    },

    addOrgTeamUsers: async (call) => {
      const team = await change(call, async (change, team) => {
        for (const { id } of call.body) await join(change, team, id)
        return team
      })
      const { people, total } = await pageOfPeople(parts, call, {
        among: ofTeam(team.id),
        orgId: team.org_id,
        filter: {},
      })
      const results = people.map((each) => cloudUserView(each, { ...call, orgIds: [team.org_id], withLinks: false }))
      return { body: pageOf(call, { results, total }) }
    },

    addOrgTeamUser: async (call) => ({
      body: await change(call, async (change, team) => shown(await join(change, team, call.body.id), team.org_id)),
    }),

    removeOrgTeamUser: async (call) => ({
      body: await change(call, async (change, team) => shown(await leave(change, team, call.body.id), team.org_id)),
    }),

    removeOrgTeamUserFromTeam: async (call) => {
      await change(call, (change, team) => leave(change, team, call.params.userId ?? ''))
      return {}
    },
  }
}

/** Being in a team twice is being in it once. Throws USER_NOT_IN_ORG. */
const join = async (change: Change, team: TeamRow, userId: string): Promise<Person> => {
  const place = { orgId: team.org_id, userId }
  const { account } = await memberOf(change, place)
  const added = await change.tx
    .insertInto('team_member')
    .values({ team_id: team.id, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('user_id')
    .executeTakeFirst()
  if (added) await tellOf(change, team, { type: 'JOINED_TEAM', username: account.email })
  return memberOf(change, place)
}

/** Throws USER_NOT_IN_TEAM. */
const leave = async (change: Change, team: TeamRow, userId: string): Promise<Person> => {
  const taken = await change.tx
    .deleteFrom('team_member')
    .where('team_id', '=', team.id)
    .where('user_id', '=', userId)
    .returning('user_id')
    .executeTakeFirst()
  const person = taken && (await loadPerson(change.tx, userId))
  if (!person) throw new AtlasError('USER_NOT_IN_TEAM', { user: userId, teamId: team.id })
  await tellOf(change, team, { type: 'REMOVED_FROM_TEAM', username: person.account.email })
  return person
}

const tellOf = (
  change: Change,
  { id, name, org_id }: TeamRow,
  { type, username }: { readonly type: RecordedEventType; readonly username: string },
): Promise<void> =>
  tell(change, { type, orgId: org_id, target: { teamId: id, teamName: name, targetUsername: username } })
