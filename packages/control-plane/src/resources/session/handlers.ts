// The console's session: begun with e-mail address and password or with a link, ended by signing out. Whoever fails fails alike, after
// the same work: an address that nobody has, an account without a password, a wrong password.

import { AtlasError } from '@postern/contract/errors'
import { atlasTimestamp } from '@postern/contract/timestamp'
import { actorOf } from '../../http/actor-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { loadUser } from '../../identity/actor.ts'
import { createProvePassword } from '../../identity/own-password.ts'
import type { PasswordGate } from '../../identity/password-gate.ts'
import {
  beginSession,
  endedCookie,
  endOtherSessions,
  endSession,
  sessionCookie,
  sessionTokenOf,
  useSession,
} from '../../identity/session.ts'
import { endLinks, takeSessionLink } from '../../identity/session-link.ts'
import type { Parts } from '../../parts.ts'

type Operation = 'createSession' | 'createSessionByLink' | 'getSession' | 'deleteSession' | 'changeSessionPassword'

export const sessionHandlers = (parts: Parts, passwords: PasswordGate): Handlers<Operation> => {
  const prove = createProvePassword(parts, passwords)
  const shown = async (token: string) => {
    const session = await useSession(parts, token)
    const account =
      session &&
      (await parts.store.read.selectFrom('app_user').selectAll().where('id', '=', session.userId).executeTakeFirst())
    if (!session || !account) throw new AtlasError('UNAUTHORIZED', {})
    const actor = await loadUser(parts, { id: account.id, name: account.email })
    return {
      expiresAt: atlasTimestamp(session.expires),
      firstName: account.first_name,
      lastName: account.last_name,
      orgIds: [...actor.orgRoles.keys()].sort(),
      userId: account.id,
      username: account.email,
    }
  }

  return {
    createSession: async (call) => {
      const { username, password } = call.body
      const account = await parts.store.read
        .selectFrom('app_user')
        .select(['id', 'password'])
        .where((where) => where(where.fn('lower', ['email']), '=', username.toLowerCase()))
        .executeTakeFirst()
      await prove({ username, verifier: account?.password ?? null }, { password, address: call.sourceAddress })
      // Nobody proves a password that is not there.
      if (!account) throw new AtlasError('POSTERN_WRONG_PASSWORD', {})
      await endOld(call)
      const token = await parts.store.transact(async (tx) => {
        // Proving takes a while: a password that was changed meanwhile, which ended every session, begins none any more.
        const holds = await tx
          .selectFrom('app_user')
          .select('id')
          .where('id', '=', account.id)
          .where('password', '=', account.password)
          .executeTakeFirst()
        if (!holds) throw new AtlasError('POSTERN_WRONG_PASSWORD', {})
        return beginSession(tx, parts, account.id)
      })
      return { body: await shown(token), headers: { 'set-cookie': sessionCookie(token, isSecure(call)) } }
    },

    createSessionByLink: async (call) => {
      // One transaction: where the link is taken, what ends sessions by link ends this one too, or comes before it.
      const token = await parts.store.transact(async (tx) => {
        const userId = await takeSessionLink(tx, parts, call.body.link)
        return userId === null ? null : beginSession(tx, parts, userId, { byLink: true })
      })
      if (token === null) throw new AtlasError('POSTERN_SESSION_LINK_NOT_FOUND', {})
      await endOld(call)
      return { body: await shown(token), headers: { 'set-cookie': sessionCookie(token, isSecure(call)) } }
    },

    getSession: async (call) => {
      const token = sessionTokenOf(call.headers.get('cookie'))
      // A key or a service account may ask this too, and has no session.
      if (token === null || actorOf(call).kind !== 'USER') throw new AtlasError('UNAUTHORIZED', {})
      return { body: await shown(token) }
    },

    changeSessionPassword: async (call) => {
      const { id, kind, name: username } = actorOf(call)
      const token = sessionTokenOf(call.headers.get('cookie'))
      if (token === null || kind !== 'USER') throw new AtlasError('UNAUTHORIZED', {})
      const { currentPassword, newPassword } = call.body
      const account = await parts.store.read
        .selectFrom('app_user')
        .select('password')
        .where('id', '=', id)
        .executeTakeFirst()
      const old = account?.password ?? null
      await prove({ username, verifier: old }, { password: currentPassword, address: call.sourceAddress })
      const verifier = await passwords.make(newPassword)
      await parts.store.transact(async (tx) => {
        // Of two changes at once the first stays: the second proved a password that is none any more.
        const changed = await tx
          .updateTable('app_user')
          .set({ password: verifier })
          .where('id', '=', id)
          .where('password', '=', old)
          .returning('id')
          .executeTakeFirst()
        if (!changed) throw new AtlasError('POSTERN_WRONG_PASSWORD', {})
        await endOtherSessions(tx, { userId: id, token })
        await endLinks(tx, id)
      })
      return {}
    },

    deleteSession: async (call) => {
      await endOld(call)
      return { headers: { 'set-cookie': endedCookie } }
    },
  }

  async function endOld({ headers }: Pick<Call<Operation>, 'headers'>): Promise<void> {
    const token = sessionTokenOf(headers.get('cookie'))
    if (token !== null) await endSession(parts, token)
  }
}

const isSecure = ({ link }: Pick<Call<Operation>, 'link'>): boolean => link('/').startsWith('https:')
