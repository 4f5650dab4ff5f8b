// A link that logs a person in once, within ten minutes: `postern up` prints one, so that nobody has to copy a password.
// It carries 256 random bits, of which the store has a SHA-256; whoever takes it deletes it in the same statement.
// Who makes one can be that person, so an organization's owner makes them only for people who belong to nothing else,
// and what began by link ends when its person comes to belong to more.

import { sql, type Transaction } from 'kysely'
import type { Parts } from '../parts.ts'
import type { Tables } from '../store/tables.ts'
import { secretHash } from './secret-hash.ts'

const lifeMs = 10 * 60_000

/** Writes a link and answers what it carries; that is nowhere else. */
export const makeSessionLink = async (
  tx: Transaction<Tables>,
  parts: Parts,
  userId: string,
): Promise<{ readonly link: string; readonly expires: Date }> => {
  const now = parts.clock.now()
  const link = parts.ids.hex(32)
  const expires = new Date(now + lifeMs)
  await tx.deleteFrom('session_link').where('expires', '<=', new Date(now)).execute()
  await tx
    .insertInto('session_link')
    .values({ token_hash: secretHash(link), user_id: userId, expires })
    .execute()
  return { link, expires }
}

/** Whom this link lets in; null where it was used, has expired or never was. It is gone then. */
export const takeSessionLink = async (
  tx: Transaction<Tables>,
  { clock }: Pick<Parts, 'clock'>,
  link: string,
): Promise<string | null> => {
  const taken = await tx
    .deleteFrom('session_link')
    .where('token_hash', '=', secretHash(link))
    .returning(['user_id', 'expires'])
    .executeTakeFirst()
  return taken && taken.expires.getTime() > clock.now() ? taken.user_id : null
}

/** Links that nobody used yet. */
export const endLinks = async (tx: Transaction<Tables>, userId: string): Promise<void> => {
  await tx.deleteFrom('session_link').where('user_id', '=', userId).execute()
}

/** Those, and sessions that began with one. */
export const endByLink = async (tx: Transaction<Tables>, userId: string): Promise<void> => {
  await endLinks(tx, userId)
  await tx.deleteFrom('console_session').where('user_id', '=', userId).where('by_link', '=', true).execute()
}

/** Organizations in which the user holds any role, also on one of its groups, by a team or once they accept. */
export const orgsAround = async (tx: Transaction<Tables>, userId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ org_id: string }>`
    select distinct coalesce(r.org_id, g.org_id) as org_id
    from role_assignment r left join "group" g on g.id = r.group_id
    where (r.holder_kind = 'USER' and r.holder_id = ${userId})
      or (r.holder_kind = 'TEAM' and r.holder_id in (select team_id from team_member where user_id = ${userId}))
  `.execute(tx)
  return rows.map(({ org_id }) => org_id)
}
