// Invitations to a group, as the Atlas CLI and Terraform make them: roles on it of somebody whose invitation to the
// organization is pending. Who is an active member already has nothing to accept, and is added by addGroupUsers.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { GroupRole } from '@postern/contract/roles'
import type { Call, Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { ofGroup } from '../user/list.ts'
import { accountNamed, type Change, invite, lockOrg, setGroupRoles, tell } from '../user/membership.ts'
import { invitationTo, loadPerson, type Person, rolesInGroup, rolesInOrg } from '../user/person.ts'
import { inviteView, pendingPeople, pendingPerson } from './pending.ts'

type Operation =
  | 'listGroupInvites'
  | 'createGroupInvite'
  | 'updateGroupInvites'
  | 'getGroupInvite'
  | 'updateGroupInviteById'
  | 'deleteGroupInvite'
type Asked = Pick<Call<Operation>, 'params' | 'actor' | 'sourceAddress' | 'link'>
interface Group {
  readonly id: string
  readonly name: string
  readonly orgId: string
}
type Db = Parts['store']['read']

export const groupInviteHandlers = (parts: Parts): Handlers<Operation> => {
  const groupOf = async (db: Db, { params }: Pick<Asked, 'params'>): Promise<Group> => {
    const id = params.groupId ?? ''
    const row = await db.selectFrom('group').select(['name', 'org_id']).where('id', '=', id).executeTakeFirst()
    if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId: id })
    return { id, name: row.name, orgId: row.org_id }
  }
  const find = async (db: Db, group: Group, userId: string): Promise<Person> => {
    const person = await pendingPerson(db, { orgId: group.orgId, userId, now: parts.clock.now() })
    if (rolesInGroup(person, group.id).length === 0) throw new AtlasError('POSTERN_INVITATION_NOT_FOUND', {})
    return person
  }
  const shown = (person: Person, group: Group, { link }: Pick<Asked, 'link'>) => ({
    ...inviteView(person, group.orgId),
    groupId: group.id,
    groupName: group.name,
    links: [{ href: link(`/api/atlas/v2/groups/${group.id}/invites/${person.account.id}`), rel: 'self' }],
    roles: [...rolesInGroup(person, group.id)],
  })

  /** Holds the organization, does `work`, which answers whom it was about, and answers their invitation as it is then. */
  const write = (call: Asked, work: (change: Change, group: Group) => Promise<string>) =>
    parts.store.transact(async (tx) => {
      const group = await groupOf(tx, call)
      await lockOrg({ tx }, group.orgId)
      return { body: shown(await find(tx, group, await work({ tx, parts, call }, group)), group, call) }
    })
  const update = (
    call: Asked & { readonly body: { readonly roles: readonly GroupRole[] } },
    whom: (change: Change) => Promise<string>,
  ) =>
    write(call, async (change, group) => {
      const { account } = await find(change.tx, group, await whom(change))
      const { roles } = call.body
      await setGroupRoles(change, { groupId: group.id, userId: account.id, roles })
      await tellOf(change, group, { type: 'USER_ROLES_CHANGED_AUDIT', username: account.email, roles })
      return account.id
    })

  return {
    listGroupInvites: async (call) => {
      const group = await groupOf(parts.store.read, call)
      const among = ofGroup({ groupId: group.id, orgId: group.orgId }, {})
      const people = await pendingPeople(parts, { orgId: group.orgId, among, username: call.query.username })
      return { body: people.map((person) => shown(person, group, call)) }
    },

    createGroupInvite: (call) =>
      write(call, async (change, group) => {
        const { username, roles } = call.body
        const userId =
          (await waiting(change, group, username)) ??
          (await invite(change, { orgId: group.orgId, username, roles: ['ORG_MEMBER'] }))
        await setGroupRoles(change, { groupId: group.id, userId, roles })
        await tellOf(change, group, { type: 'INVITED_TO_GROUP', username, roles })
        return userId
      }),

    getGroupInvite: async (call) => {
      const group = await groupOf(parts.store.read, call)
      return { body: shown(await find(parts.store.read, group, call.params.invitationId ?? ''), group, call) }
    },

    updateGroupInvites: (call) =>
      update(call, async (change) => (await accountNamed(change, call.body.username))?.id ?? ''),
    updateGroupInviteById: (call) => update(call, async () => call.params.invitationId ?? ''),

    /** The invitation to the organization stays, as a member does who is taken off a group. */
    deleteGroupInvite: async (call) => {
      await parts.store.transact(async (tx) => {
        const change = { tx, parts, call }
        const group = await groupOf(tx, call)
        await lockOrg(change, group.orgId)
        const { account } = await find(tx, group, call.params.invitationId ?? '')
        await setGroupRoles(change, { groupId: group.id, userId: account.id, roles: [] })
        await tellOf(change, group, { type: 'GROUP_INVITATION_DELETED', username: account.email, roles: [] })
      })
      return {}
    },
  }
}

/**
 * The id of somebody who is invited to the organization already, and not to the group; undefined for who is not. Throws
 * INVITATION_ALREADY_EXISTS for who is invited to both, POSTERN_MEMBER_NEEDS_NO_INVITATION for an active member.
 */
const waiting = async (change: Change, { id, orgId }: Group, username: string): Promise<string | undefined> => {
  const account = await accountNamed(change, username)
  const person = account && (await loadPerson(change.tx, account.id))
  if (!person || rolesInOrg(person, orgId).length === 0) return undefined
  const standing = invitationTo(person, orgId, change.parts.clock.now())
  if (!standing) throw new AtlasError('POSTERN_MEMBER_NEEDS_NO_INVITATION', { username, orgId, groupId: id })
  if (standing.status === 'INVITATION_EXPIRED') return undefined
  if (rolesInGroup(person, id).length > 0)
    throw new AtlasError('INVITATION_ALREADY_EXISTS', { username, place: `group ${id}` })
  return person.account.id
}

const tellOf = (
  change: Change,
  group: Group,
  {
    type,
    username,
    roles,
  }: { readonly type: RecordedEventType; readonly username: string; readonly roles: readonly string[] },
): Promise<void> =>
  tell(change, {
    type,
    orgId: group.orgId,
    groupId: group.id,
    target: { targetUsername: username, ...(roles.length > 0 && { roles: [...new Set(roles)].sort().join(', ') }) },
  })
