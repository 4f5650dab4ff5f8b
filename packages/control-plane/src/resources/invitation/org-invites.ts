// Invitations to an organization, as the Atlas CLI and Terraform make them. Whoever is invited is a pending member
// (createOrgUser makes the same), so roles, teams and events are those of members.

import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Call, Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { ofOrg } from '../user/list.ts'
import { accountNamed, type Change, forgetUnclaimed, invite, leaveOrg, lockOrg, tell } from '../user/membership.ts'
import { assign, changeOrgRoles } from '../user/org-roles.ts'
import type { Person } from '../user/person.ts'
import { orgUserView } from '../user/view.ts'
import { inviteView, pendingPeople, pendingPerson } from './pending.ts'

type Operation =
  | 'listOrgInvites'
  | 'createOrgInvite'
  | 'updateOrgInvites'
  | 'getOrgInvite'
  | 'updateOrgInviteById'
  | 'deleteOrgInvite'
type Asked = Pick<Call<Operation>, 'params' | 'actor' | 'sourceAddress' | 'link'>

export const orgInviteHandlers = (parts: Parts): Handlers<Operation> => {
  const find = (db: Parameters<typeof pendingPerson>[0], orgId: string, userId: string) =>
    pendingPerson(db, { orgId, userId, now: parts.clock.now() })

  const shown = async (people: readonly Person[], call: Pick<Asked, 'params' | 'link'>) => {
    const orgId = call.params.orgId ?? ''
    const org = await parts.store.read
      .selectFrom('organization')
      .select('name')
      .where('id', '=', orgId)
      .executeTakeFirstOrThrow()
    return people.map((person) => {
      const { roles, teamIds } = orgUserView(person, { orgId, now: parts.clock.now() })
      return {
        ...inviteView(person, orgId),
        groupRoleAssignments: roles.groupRoleAssignments.map(({ groupId, groupRoles }) => ({
          groupId,
          roles: groupRoles,
        })),
        links: [{ href: call.link(`/api/atlas/v2/orgs/${orgId}/invites/${person.account.id}`), rel: 'self' }],
        orgId,
        orgName: org.name,
        roles: roles.orgRoles,
        teamIds,
      }
    })
  }
  const one = async (person: Person, call: Asked) => {
    const [body] = await shown([person], call)
    return body === undefined ? {} : { body }
  }

  /** Holds the organization, does `work`, which answers whom it was about, and answers their invitation as it is then. */
  const write = async (call: Asked, work: (change: Change, orgId: string) => Promise<string>) => {
    const orgId = call.params.orgId ?? ''
    const person = await parts.store.transact(async (tx) => {
      await lockOrg({ tx }, orgId)
      return find(tx, orgId, await work({ tx, parts, call }, orgId))
    })
    return one(person, call)
  }
  const update = (
    call: Asked & { readonly body: BodyOf<'updateOrgInviteById'> },
    whom: (change: Change) => Promise<string>,
  ) =>
    write(call, async (change, orgId) => {
      const { roles, groupRoleAssignments, teamIds } = call.body
      const person = await find(change.tx, orgId, await whom(change))
      const userId = person.account.id
      if (roles) await changeOrgRoles(change, person, { orgId, userId, roles })
      await assign(change, { orgId, userId }, { groups: groupRoleAssignments, teamIds })
      return userId
    })

  return {
    listOrgInvites: async (call) => {
      const orgId = call.params.orgId ?? ''
      const people = await pendingPeople(parts, { orgId, among: ofOrg(orgId), username: call.query.username })
      return { body: await shown(people, call) }
    },

    createOrgInvite: (call) =>
      write(call, async (change, orgId) => {
        const { username, roles, groupRoleAssignments, teamIds } = call.body
        const userId = await invite(change, { orgId, username, roles })
        await assign(change, { orgId, userId }, { groups: groupRoleAssignments, teamIds })
        return userId
      }),

    getOrgInvite: async (call) => {
      const { orgId = '', invitationId = '' } = call.params
      return one(await find(parts.store.read, orgId, invitationId), call)
    },

    updateOrgInvites: (call) =>
      update(call, async (change) => (await accountNamed(change, call.body.username))?.id ?? ''),
    updateOrgInviteById: (call) => update(call, async () => call.params.invitationId ?? ''),

    deleteOrgInvite: async (call) => {
      const { orgId = '', invitationId = '' } = call.params
      await parts.store.transact(async (tx) => {
        const change = { tx, parts, call }
        await lockOrg(change, orgId)
        const { account } = await find(tx, orgId, invitationId)
        await leaveOrg(change, { orgId, userId: account.id })
        await forgetUnclaimed(change, account.id)
        await tell(change, { type: 'ORG_INVITATION_DELETED', orgId, target: { targetUsername: account.email } })
      })
      return {}
    },
  }
}
