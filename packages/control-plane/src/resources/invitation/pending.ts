// Who is invited and has not accepted yet: what the invitations of 2023-01-01 are here. An invitation goes by the id of
// the account that it invites, so that there is one truth, whichever way somebody was invited.

import { AtlasError } from '@postern/contract/errors'
import { atlasTimestamp } from '@postern/contract/timestamp'
import { type RawBuilder, sql } from 'kysely'
import type { Parts } from '../../parts.ts'
import { invitationTo, loadPeople, loadPerson, type Person } from '../user/person.ts'

/** What is asked: `among` selects account ids, as in user/list.ts; an empty name is none. */
interface Asked {
  readonly orgId: string
  readonly among: RawBuilder<unknown>
  readonly username?: string | undefined
}

/** Everybody of `among` whose invitation to the organization can still be accepted, oldest first. */
export const pendingPeople = async (
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  { orgId, among, username = '' }: Asked,
): Promise<readonly Person[]> => {
  const { rows } = await sql<{ id: string }>`
    select u.id from app_user u join invitation i on i.user_id = u.id and i.org_id = ${orgId}
    where u.id in (${among}) and i.expires > ${new Date(clock.now())}
      and (${username}::text = '' or lower(u.email) = lower(${username}::text))
    order by i.created, u.id
  `.execute(store.read)
  return loadPeople(
    store.read,
    rows.map(({ id }) => id),
  )
}

type Db = Parameters<typeof loadPerson>[0]

/** The one of this id, if they are invited to the organization and it has not expired. Throws POSTERN_INVITATION_NOT_FOUND. */
export const pendingPerson = async (
  db: Db,
  { orgId, userId, now }: { readonly orgId: string; readonly userId: string; readonly now: number },
): Promise<Person> => {
  const person = await loadPerson(db, userId)
  if (!person || invitationTo(person, orgId, now)?.status !== 'PENDING')
    throw new AtlasError('POSTERN_INVITATION_NOT_FOUND', {})
  return person
}

/** What both kinds of invitation show of one. */
export const inviteView = (person: Person, orgId: string) => {
  const row = person.invitations.find(({ org_id }) => org_id === orgId)
  if (!row) throw new AtlasError('POSTERN_INVITATION_NOT_FOUND', {})
  return {
    createdAt: atlasTimestamp(row.created),
    expiresAt: atlasTimestamp(row.expires),
    id: person.account.id,
    inviterUsername: row.inviter,
    username: person.account.email,
  }
}
