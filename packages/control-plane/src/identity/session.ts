// Sessions of the console: a random value in a cookie, its SHA-256 in the store. One ends when it has not been used for a
// while, when it is old, or when its user signs out; an organization may make both times shorter for its members.

import { sql, type Transaction } from 'kysely'
import type { Parts } from '../parts.ts'
import type { Tables } from '../store/tables.ts'
import { secretHash } from './secret-hash.ts'

const cookieName = 'postern_session'
const minuteMs = 60_000
/** Unless an organization of the user's says less. */
const idleMs = 2 * 60 * minuteMs
const absoluteMs = 12 * 60 * minuteMs

export interface Session {
  readonly userId: string
  readonly email: string
  readonly expires: Date
}

/** The session's token in a Cookie header; null where there is none. */
export const sessionTokenOf = (cookie: string | null): string | null =>
  new RegExp(`(?:^|;\\s*)${cookieName}=([0-9a-f]{64})(?:;|$)`).exec(cookie ?? '')?.[1] ?? null

/** Set-Cookie for a new session; `secure` where the server speaks TLS. Not for scripts, nor for other sites' pages. */
export const sessionCookie = (token: string, secure: boolean): string =>
  `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${absoluteMs / 1000}${secure ? '; Secure' : ''}`

export const endedCookie = `${cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`

/** Writes a session and answers its token; it is nowhere else. What has long ended is swept out. */
export const beginSession = async (
  tx: Transaction<Tables>,
  parts: Parts,
  userId: string,
  { byLink = false }: { readonly byLink?: boolean } = {},
): Promise<string> => {
  const token = parts.ids.hex(32)
  const now = new Date(parts.clock.now())
  await tx
    .deleteFrom('console_session')
    .where('created', '<', new Date(now.getTime() - absoluteMs))
    .execute()
  await tx
    .insertInto('console_session')
    .values({ token_hash: secretHash(token), user_id: userId, created: now, seen: now, by_link: byLink })
    .execute()
  await tx.updateTable('app_user').set({ last_auth: now }).where('id', '=', userId).execute()
  return token
}

/** The living session of this token, used now. */
export const useSession = async (parts: Parts, token: string): Promise<Session | null> => {
  const now = parts.clock.now()
  const session = await livingSession(parts, token)
  if (session === null) return null
  // A write a minute is enough to slide; one a request would make every read a write.
  if (now - session.seen >= minuteMs)
    await parts.store.transact((tx) =>
      tx
        .updateTable('console_session')
        .set({ seen: new Date(now) })
        .where('token_hash', '=', secretHash(token))
        .execute(),
    )
  return {
    userId: session.userId,
    email: session.email,
    expires: new Date(Math.min(session.end, now + session.idleMs)),
  }
}

/** The session of this token where it has not ended. Only looking does not keep it alive. */
export const livingSession = async (
  parts: Parts,
  token: string,
): Promise<(Pick<Session, 'userId' | 'email'> & { seen: number; end: number; idleMs: number }) | null> => {
  const now = parts.clock.now()
  const row = await parts.store.read
    .selectFrom('console_session')
    .innerJoin('app_user', 'app_user.id', 'console_session.user_id')
    .select(['user_id', 'email', 'console_session.created', 'seen'])
    .where('token_hash', '=', secretHash(token))
    .executeTakeFirst()
  if (!row) return null
  const limits = await limitsOf(parts, row.user_id)
  const end = row.created.getTime() + limits.absoluteMs
  if (now >= end || now >= row.seen.getTime() + limits.idleMs) {
    await endSession(parts, token)
    return null
  }
  return { userId: row.user_id, email: row.email, seen: row.seen.getTime(), end, idleMs: limits.idleMs }
}

export const endSession = async (parts: Pick<Parts, 'store'>, token: string): Promise<void> => {
  await parts.store.transact((tx) =>
    tx.deleteFrom('console_session').where('token_hash', '=', secretHash(token)).execute(),
  )
}

/** Ends every session of the user but this one: whoever came in by a password that was changed is out. */
export const endOtherSessions = async (
  tx: Transaction<Tables>,
  { userId, token }: { readonly userId: string; readonly token: string },
): Promise<void> => {
  await tx
    .deleteFrom('console_session')
    .where('user_id', '=', userId)
    .where('token_hash', '<>', secretHash(token))
    .execute()
}

const limitsOf = async (
  parts: Pick<Parts, 'store'>,
  userId: string,
): Promise<{ readonly idleMs: number; readonly absoluteMs: number }> => {
  const { rows } = await sql<{ idle: number | null; absolute: number | null }>`
    select
      min((settings->'customSessionTimeouts'->>'idleSessionTimeoutInSeconds')::int) as idle,
      min((settings->'customSessionTimeouts'->>'absoluteSessionTimeoutInSeconds')::int) as absolute
    from organization where id in (
      select r.org_id from role_assignment r where r.holder_kind = 'USER' and r.holder_id = ${userId}
      and not exists (select 1 from invitation i where i.user_id = r.holder_id and i.org_id = r.org_id)
    )
  `.execute(parts.store.read)
  const set = rows[0]
  return {
    idleMs: Math.min(idleMs, (set?.idle ?? Number.POSITIVE_INFINITY) * 1000),
    absoluteMs: Math.min(absoluteMs, (set?.absolute ?? Number.POSITIVE_INFINITY) * 1000),
  }
}
