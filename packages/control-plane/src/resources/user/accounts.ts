// Accounts: made with a password of one's own, found by id or e-mail address. A new account is invited to what its maker
// names; nobody is put into an organization without saying yes.

import { AtlasError } from '@postern/contract/errors'
import type { GroupRole, OrgRole } from '@postern/contract/roles'
import { actorOf } from '../../http/actor-of.ts'
import type { Actor, Call, Handlers } from '../../http/handler.ts'
import { holdsOrgRole, mayGrant } from '../../http/may.ts'
import type { PasswordGate } from '../../identity/password-gate.ts'
import type { Parts } from '../../parts.ts'
import { accountNamed, type Change, invite, lockOrg, setGroupRoles, tell } from './membership.ts'
import { loadPerson, type Person } from './person.ts'
import { cloudUserView } from './view.ts'

type Operation = 'createUser' | 'getUser' | 'getUserByName'

export const accountHandlers = (parts: Parts, passwords: PasswordGate): Handlers<Operation> => {
  /** What the caller may see of somebody: themselves as a whole, others as far as they share an organization. */
  const shown = (call: Pick<Call<Operation>, 'actor' | 'link'>, person: Person) => {
    const orgIds = sharedOrgs(actorOf(call), person)
    return { body: cloudUserView(person, { link: call.link, orgIds, withLinks: true }) }
  }

  return {
    createUser: async (call) => {
      const { body } = call
      const places = await placesOf(parts, call)
      // scrypt takes half a second; it must not hold the store's one connection for as long.
      const verifier = await passwords.make(body.password)
      const person = await parts.store.transact(async (tx) => {
        const change = { tx, parts, call }
        // Always in the same order, so that two of these never wait for each other.
        for (const { orgId } of places) await lockOrg(change, orgId)
        if (await accountNamed(change, body.username))
          throw new AtlasError('USER_ALREADY_EXISTS', { username: body.username })
        for (const place of places) await inviteTo(change, body.username, place)
        await tx
          .updateTable('app_user')
          .set({
            password: verifier,
            first_name: body.firstName,
            last_name: body.lastName,
            country: body.country,
            mobile_number: body.mobileNumber || null,
          })
          .where((where) => where(where.fn('lower', ['email']), '=', body.username.toLowerCase()))
          .execute()
        const account = await accountNamed(change, body.username)
        const made = account && (await loadPerson(tx, account.id))
        if (!made) throw new Error('an account that was just made is not there')
        return made
      })
      return shown(call, person)
    },

    getUser: async (call) => {
      const userId = call.params.userId ?? ''
      const person = await loadPerson(parts.store.read, userId)
      if (!person || !sees(actorOf(call), person)) throw new AtlasError('USER_NOT_FOUND', { userId })
      return shown(call, person)
    },

    getUserByName: async (call) => {
      const username = call.params.userName ?? ''
      const account = await parts.store.transact((tx) => accountNamed({ tx }, username))
      const person = account && (await loadPerson(parts.store.read, account.id))
      if (!person || !sees(actorOf(call), person)) throw new AtlasError('USERNAME_NOT_FOUND', { username })
      return shown(call, person)
    },
  }
}

const sharedOrgs = (actor: Actor, { account, roles }: Person): readonly string[] => {
  const orgIds = [...new Set(roles.map(({ orgId }) => orgId))]
  return actor.kind === 'USER' && actor.id === account.id ? orgIds : orgIds.filter((each) => actor.orgRoles.has(each))
}

const sees = (actor: Actor, person: Person): boolean =>
  (actor.kind === 'USER' && actor.id === person.account.id) || sharedOrgs(actor, person).length > 0

interface InvitedTo {
  readonly orgId: string
  readonly orgRoles: readonly OrgRole[]
  readonly groups: readonly { readonly id: string; readonly roles: readonly GroupRole[] }[]
}

/** Where the body's roles are, by organization and in the order of ids. Throws unless the caller may give each of them. */
const placesOf = async (
  parts: Parts,
  call: Pick<Call<'createUser'>, 'actor' | 'body'>,
): Promise<readonly InvitedTo[]> => {
  const actor = actorOf(call)
  const { roles } = call.body
  if (roles.length === 0)
    throw new AtlasError(
      'INVALID_ATTRIBUTE',
      { attribute: 'roles' },
      { fields: [{ field: 'roles', description: 'must name at least one role' }] },
    )
  const places = new Map<string, InvitedTo>()
  for (const role of roles) {
    const group = 'groupId' in role ? await groupSeen(parts, role.groupId) : null
    const orgId = group?.orgId ?? ('orgId' in role ? role.orgId : '')
    const place = places.get(orgId) ?? { orgId, orgRoles: [], groups: [] }
    if ('groupId' in role) {
      if (!mayGrant(actor, { id: role.groupId, orgId }, [role.roleName])) throw new AtlasError('USER_UNAUTHORIZED', {})
      places.set(orgId, { ...place, groups: [...place.groups, { id: role.groupId, roles: [role.roleName] }] })
    } else {
      if (!holdsOrgRole(actor, orgId, ['ORG_OWNER'])) throw new AtlasError('USER_UNAUTHORIZED', {})
      places.set(orgId, { ...place, orgRoles: [...place.orgRoles, role.roleName] })
    }
  }
  return [...places.values()].toSorted((one, other) => (one.orgId < other.orgId ? -1 : 1))
}

const groupSeen = async (parts: Parts, groupId: string): Promise<{ readonly orgId: string }> => {
  const row = await parts.store.read.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
  // An unknown group and one that the caller may not give roles on are answered alike.
  if (!row) throw new AtlasError('USER_UNAUTHORIZED', {})
  return { orgId: row.org_id }
}

const inviteTo = async (change: Change, username: string, { orgId, orgRoles, groups }: InvitedTo): Promise<void> => {
  const userId = await invite(change, { orgId, username, roles: orgRoles.length > 0 ? orgRoles : ['ORG_MEMBER'] })
  for (const groupId of new Set(groups.map(({ id }) => id))) {
    const roles = groups.filter(({ id }) => id === groupId).flatMap((each) => each.roles)
    await setGroupRoles(change, { groupId, userId, roles })
    await tell(change, { type: 'INVITED_TO_GROUP', orgId, groupId, target: { targetUsername: username } })
  }
}
