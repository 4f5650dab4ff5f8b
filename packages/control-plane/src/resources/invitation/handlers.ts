// An invitation is accepted with a token that an owner of the organization asks for and hands over: Postern sends no
// mail. The token proves that one was meant, and tells what for; the password proves, for an account that has one, that it is one's own.

import { AtlasError } from '@postern/contract/errors'
import { atlasTimestamp } from '@postern/contract/timestamp'
import type { Handlers } from '../../http/handler.ts'
import { createProvePassword } from '../../identity/own-password.ts'
import type { PasswordGate } from '../../identity/password-gate.ts'
import { secretHash } from '../../identity/secret-hash.ts'
import { endByLink } from '../../identity/session-link.ts'
import type { Parts } from '../../parts.ts'
import { type Change, invitationLifeMs, lockOrg, memberOf, tell } from '../user/membership.ts'

type Operation = 'createInvitationToken' | 'describeInvitation' | 'acceptInvitation'

export const invitationHandlers = (parts: Parts, passwords: PasswordGate): Handlers<Operation> => {
  const prove = createProvePassword(parts, passwords)

  /** Throws POSTERN_INVITATION_NOT_FOUND. */
  const openInvitation = async (token: string) => {
    const found = await parts.store.read
      .selectFrom('invitation')
      .innerJoin('app_user', 'app_user.id', 'invitation.user_id')
      .innerJoin('organization', 'organization.id', 'invitation.org_id')
      .select(['org_id', 'user_id', 'email', 'password', 'first_name', 'last_name'])
      .select(['inviter', 'expires', 'organization.name as org_name'])
      .where('token_hash', '=', secretHash(token))
      .where('expires', '>', new Date(parts.clock.now()))
      .executeTakeFirst()
    if (!found) throw new AtlasError('POSTERN_INVITATION_NOT_FOUND', {})
    return found
  }

  return {
    createInvitationToken: async (call) => {
      const { orgId = '', userId = '' } = call.params
      const token = parts.ids.hex(32)
      const expires = new Date(parts.clock.now() + invitationLifeMs)
      const username = await parts.store.transact(async (tx) => {
        const change = { tx, parts, call }
        await lockOrg(change, orgId)
        const { account } = await memberOf(change, { orgId, userId })
        const renewed = await tx
          .updateTable('invitation')
          .set({ token_hash: secretHash(token), expires })
          .where('org_id', '=', orgId)
          .where('user_id', '=', userId)
          .returning('user_id')
          .executeTakeFirst()
        if (!renewed) throw new AtlasError('USER_ALREADY_IN_ORG', { username: account.email, orgId })
        await tell(change, { type: 'INVITED_TO_ORG', orgId, target: { targetUsername: account.email } })
        return account.email
      })
      const url = call.link(`/invitation#token=${token}`)
      return { body: { expiresAt: atlasTimestamp(expires), invitationToken: token, url, username } }
    },

    describeInvitation: async (call) => {
      const found = await openInvitation(call.body.invitationToken)
      const { inviter, org_id: orgId, user_id: userId } = found
      return {
        body: {
          expiresAt: atlasTimestamp(found.expires),
          groupNames: (await groupsOf(parts.store.read, { orgId, userId })).map(({ name }) => name),
          hasAccount: found.password !== null,
          inviterUsername: inviter,
          orgName: found.org_name,
          username: found.email,
        },
      }
    },

    acceptInvitation: async (call) => {
      const { invitationToken, password } = call.body
      const found = await openInvitation(invitationToken)
      const { org_id: orgId, user_id: userId, email: username } = found
      // A new account has none yet: the one that comes becomes its own.
      if (found.password !== null)
        await prove({ username, verifier: found.password }, { password, address: call.sourceAddress })
      const firstName = call.body.firstName ?? found.first_name
      const lastName = call.body.lastName ?? found.last_name
      for (const [field, value] of [['firstName', firstName] as const, ['lastName', lastName] as const])
        if (value === '')
          throw new AtlasError(
            'MISSING_ATTRIBUTE',
            { attribute: field },
            { fields: [{ field, description: 'is needed for a new account' }] },
          )
      const verifier = found.password ?? (await passwords.make(password))
      await parts.store.transact(async (tx) => {
        const actor = { kind: 'USER', id: userId, name: username, orgRoles: new Map(), groupRoles: new Map() } as const
        const change = { tx, parts, call: { actor, sourceAddress: call.sourceAddress } }
        await lockOrg(change, orgId)
        const accepted = await tx
          .deleteFrom('invitation')
          .where('token_hash', '=', secretHash(invitationToken))
          .returning('user_id')
          .executeTakeFirst()
        if (!accepted) throw new AtlasError('POSTERN_INVITATION_NOT_FOUND', {})
        // Two invitations of one new account may be accepted at once: the password of the first stays.
        const set = await tx
          .updateTable('app_user')
          .set({ first_name: firstName, last_name: lastName, password: verifier })
          .where('id', '=', userId)
          .where((where) =>
            found.password === null ? where('password', 'is', null) : where('password', '=', found.password),
          )
          .returning('id')
          .executeTakeFirst()
        if (!set) throw new AtlasError('POSTERN_WRONG_PASSWORD', {})
        await endByLink(tx, userId)
        const target = { targetUsername: username }
        await tell(change, { type: 'JOINED_ORG', orgId, target })
        // From now on their roles count there: who watches one of these groups is told as well.
        for (const { id: groupId } of await groupsOf(tx, { orgId, userId }))
          await tell(change, { type: 'JOINED_GROUP', orgId, groupId, target })
      })
      return { body: { orgId, userId, username } }
    },
  }
}

/** The organization's groups on which the person has roles of their own, by name. */
const groupsOf = (
  db: Pick<Change['tx'], 'selectFrom'>,
  { orgId, userId }: { readonly orgId: string; readonly userId: string },
) =>
  db
    .selectFrom('role_assignment')
    .innerJoin('group', 'group.id', 'role_assignment.group_id')
    .select(['group.id', 'group.name'])
    .distinct()
    .where('holder_kind', '=', 'USER')
    .where('holder_id', '=', userId)
    .where('group.org_id', '=', orgId)
    .orderBy('group.name')
    .execute()
