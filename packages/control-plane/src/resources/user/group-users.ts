// Members of a group: whoever holds a role on it by themselves. Adding somebody who is not in the organization yet
// invites them there. A user who owns only the organization may add themselves, and nobody else (design, section 4).

import { AtlasError } from '@postern/contract/errors'
import type { GroupRole } from '@postern/contract/roles'
import type { Transaction } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Actor, Call, Handlers } from '../../http/handler.ts'
import { mayGrant, onlyForThemselves } from '../../http/may.ts'
import { pageOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { isOldVersion, ofGroup, pageOfPeople } from './list.ts'
import { accountNamed, type Change, invite, lockOrg, setGroupRoles, tell } from './membership.ts'
import { loadPerson, type Person, rolesInGroup, rolesInOrg } from './person.ts'
import { cloudUserView, groupUserView } from './view.ts'

type Operation =
  | 'listGroupUsers'
  | 'addGroupUsers'
  | 'getGroupUser'
  | 'removeGroupUser'
  | 'updateGroupUserRoles'
  | 'addGroupUserRole'
  | 'removeGroupUserRole'

interface Place {
  readonly id: string
  readonly orgId: string
}

export const groupUserHandlers = (parts: Parts): Handlers<Operation> => {
  const shown = (person: Person, { id, orgId }: Place, more: readonly string[] = []) => {
    const roles = [...new Set([...rolesInGroup(person, id), ...more])]
    return groupUserView(person, { orgId, now: parts.clock.now(), roles })
  }
  /** Holds the organization, does `work` with the member, and answers them as they are then. */
  const change = (
    call: Pick<Call<Operation>, 'params' | 'actor' | 'sourceAddress'>,
    work: (change: Change, person: Person, place: Place) => Promise<void>,
  ): Promise<{ readonly person: Person; readonly place: Place }> =>
    parts.store.transact(async (tx) => {
      const change = { tx, parts, call }
      const place = await hold(change, call)
      const userId = call.params.userId ?? ''
      await work(change, await memberOf(tx, place, userId), place)
      return { person: (await loadPerson(tx, userId)) ?? gone(place, userId), place }
    })

  return {
    listGroupUsers: async (call) => {
      const { query } = call
      const place = await groupPlace(parts.store.read, call)
      const among = ofGroup({ groupId: place.id, orgId: place.orgId }, query)
      const { people, total } = await pageOfPeople(parts, call, { among, orgId: place.orgId, filter: query })
      if (isOldVersion(call.version)) {
        const results = people.map((each) => cloudUserView(each, { ...call, orgIds: [place.orgId], withLinks: false }))
        return { body: pageOf(call, { results, total }) }
      }
      const byTeam = query.flattenTeams ? await rolesByTeam(parts, place.id) : new Map<string, readonly string[]>()
      const rolesOf = ({ teams }: Person) => teams.flatMap(({ teamId }) => byTeam.get(teamId) ?? [])
      return { body: pageOf(call, { results: people.map((each) => shown(each, place, rolesOf(each))), total }) }
    },

    addGroupUsers: async (call) => {
      const { roles, username } = call.body
      const body = await parts.store.transact(async (tx) => {
        const change = { tx, parts, call }
        const place = await hold(change, call)
        const account = await accountNamed(change, username)
        checkMayGive(actorOf(call), place, { roles, userId: account?.id ?? null })
        const known = account && (await loadPerson(tx, account.id))
        if (known && rolesInGroup(known, place.id).length > 0)
          throw new AtlasError('USER_ALREADY_IN_GROUP', { username, groupId: place.id })
        const isMember = known !== undefined && rolesInOrg(known, place.orgId).length > 0
        const userId = isMember
          ? known.account.id
          : await invite(change, { orgId: place.orgId, username, roles: ['ORG_MEMBER'] })
        await setGroupRoles(change, { groupId: place.id, userId, roles })
        await tell(change, {
          type: isMember ? 'JOINED_GROUP' : 'INVITED_TO_GROUP',
          orgId: place.orgId,
          groupId: place.id,
          target: { targetUsername: username, roles: rolesText(roles) },
        })
        return shown(await memberOf(tx, place, userId), place)
      })
      return { body }
    },

    getGroupUser: async (call) => {
      const place = await groupPlace(parts.store.read, call)
      return { body: shown(await memberOf(parts.store.read, place, call.params.userId ?? ''), place) }
    },

    removeGroupUser: async (call) => {
      await change(call, async (change, person, place) => {
        checkMayGive(actorOf(call), place, { roles: rolesInGroup(person, place.id), userId: person.account.id })
        await setGroupRoles(change, { groupId: place.id, userId: person.account.id, roles: [] })
        const target = { targetUsername: person.account.email }
        await tell(change, { type: 'REMOVED_FROM_GROUP', orgId: place.orgId, groupId: place.id, target })
      })
      return {}
    },

    updateGroupUserRoles: async (call) => {
      const { person, place } = await change(call, (change, person, place) =>
        changeRoles(change, person, { place, roles: call.body.groupRoles }),
      )
      const path = `/api/atlas/v2/groups/${place.id}/users/${person.account.id}/roles`
      return {
        body: {
          groupRoles: [...rolesInGroup(person, place.id)],
          links: [{ href: call.link(path), rel: 'self' }],
        },
      }
    },

    addGroupUserRole: async (call) => {
      const { person, place } = await change(call, (change, person, place) => {
        const roles = [...held(person, place), call.body.groupRole]
        checkMayGive(actorOf(call), place, { roles: [call.body.groupRole], userId: person.account.id })
        return changeRoles(change, person, { place, roles })
      })
      return { body: shown(person, place) }
    },

    removeGroupUserRole: async (call) => {
      const { person, place } = await change(call, (change, person, place) => {
        const { groupRole } = call.body
        checkMayGive(actorOf(call), place, { roles: [groupRole], userId: person.account.id })
        const roles = held(person, place).filter((role) => role !== groupRole)
        if (roles.length === 0)
          throw new AtlasError('POSTERN_LAST_ROLE', { username: person.account.email, place: `group ${place.id}` })
        return changeRoles(change, person, { place, roles })
      })
      return { body: shown(person, place) }
    },
  }
}

const groupPlace = async (db: Parts['store']['read'], { params }: Pick<Call<Operation>, 'params'>): Promise<Place> => {
  const id = params.groupId ?? ''
  const row = await db.selectFrom('group').select('org_id').where('id', '=', id).executeTakeFirst()
  if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId: id })
  return { id, orgId: row.org_id }
}

const hold = async (change: Change, call: Pick<Call<Operation>, 'params'>): Promise<Place> => {
  const place = await groupPlace(change.tx, call)
  await lockOrg(change, place.orgId)
  return place
}

/** `userId` null: somebody who has no account yet, and so is not the caller. Throws USER_UNAUTHORIZED. */
const checkMayGive = (
  actor: Actor,
  place: Place,
  { roles, userId }: { readonly roles: readonly string[]; readonly userId: string | null },
): void => {
  const allowed = onlyForThemselves(actor, place) ? userId === actor.id : mayGrant(actor, place, roles)
  if (!allowed) throw new AtlasError('USER_UNAUTHORIZED', {})
}

const gone = (place: Place, user: string): never => {
  throw new AtlasError('USER_NOT_IN_GROUP', { user, groupId: place.id })
}

const memberOf = async (
  db: Parts['store']['read'] | Transaction<Tables>,
  place: Place,
  userId: string,
): Promise<Person> => {
  const person = await loadPerson(db, userId)
  return person && rolesInGroup(person, place.id).length > 0 ? person : gone(place, userId)
}

const held = (person: Person, { id }: Place): readonly GroupRole[] => rolesInGroup(person, id) as readonly GroupRole[]

const rolesText = (roles: readonly string[]): string => [...new Set(roles)].sort().join(', ')

const changeRoles = async (
  change: Change,
  person: Person,
  { place, roles }: { readonly place: Place; readonly roles: readonly GroupRole[] },
): Promise<void> => {
  const before = held(person, place)
  if (rolesText(before) === rolesText(roles)) return
  await setGroupRoles(change, { groupId: place.id, userId: person.account.id, roles })
  await tell(change, {
    type: 'USER_ROLES_CHANGED_AUDIT',
    orgId: place.orgId,
    groupId: place.id,
    target: { targetUsername: person.account.email, roles: rolesText(roles) },
  })
}

/** Roles on the group by the team that brings them. */
const rolesByTeam = async (parts: Parts, groupId: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const rows = await parts.store.read
    .selectFrom('role_assignment')
    .select(['holder_id', 'role'])
    .where('holder_kind', '=', 'TEAM')
    .where('group_id', '=', groupId)
    .orderBy('role')
    .execute()
  const roles = new Map<string, string[]>()
  for (const { holder_id, role } of rows) roles.set(holder_id, [...(roles.get(holder_id) ?? []), role])
  return roles
}
