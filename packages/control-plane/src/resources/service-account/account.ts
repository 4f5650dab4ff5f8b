// A service account and its secrets: their rows, and what Atlas shows of them. A secret is answered whole once, when it
// is made; the store has only its hash and its tail.

import { AtlasError } from '@postern/contract/errors'
import type { Behaviour } from '@postern/contract/fidelity'
import { atlasTimestamp } from '@postern/contract/timestamp'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { newClientId, newClientSecret } from '../../identity/keys.ts'
import { secretHash } from '../../identity/secret-hash.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { maxSecretHours } from '../organization/settings.ts'

export type AccountRow = Selectable<Tables['service_account']>
type SecretRow = Selectable<Tables['service_account_secret']>

/** A secret just made, with what only its maker sees. */
export interface NewSecret {
  readonly row: SecretRow
  readonly secret: string
}

/** As Atlas bounds an organization's setting for the longest life. */
const atlasShortestHours = 8
/** Old and new one, while a rotation is under way. */
const maxValidSecrets = 2
const hourMs = 3_600_000

const wrongLife = (description: string): AtlasError => {
  const field = 'secretExpiresAfterHours'
  return new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })
}

export const makeAccount = (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'ids' | 'clock'>,
  wish: { readonly orgId: string; readonly name: string; readonly description: string },
): Promise<AccountRow> =>
  tx
    .insertInto('service_account')
    .values({
      client_id: newClientId(parts.ids),
      org_id: wish.orgId,
      name: wish.name,
      description: wish.description,
      created: new Date(parts.clock.now()),
    })
    .returningAll()
    .executeTakeFirstOrThrow()

/**
 * Throws SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED while two are valid (expired ones do not count), INVALID_ATTRIBUTE for
 * one that would live longer than the organization allows, or, under Atlas's behaviour, less than eight hours.
 */
export const makeSecret = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'ids' | 'clock'>,
  {
    clientId,
    hours,
    behaviour,
  }: { readonly clientId: string; readonly hours: number; readonly behaviour: Pick<Behaviour, 'secretLife'> },
): Promise<NewSecret> => {
  const now = parts.clock.now()
  // The account's row is locked, so that two makers at once do not both find room.
  const { org_id: orgId } = await tx
    .selectFrom('service_account')
    .select('org_id')
    .where('client_id', '=', clientId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const { settings } = await tx
    .selectFrom('organization')
    .select('settings')
    .where('id', '=', orgId)
    .executeTakeFirstOrThrow()
  const longest = maxSecretHours(settings)
  if (longest !== null && hours > longest) throw wrongLife(`the organization allows ${longest} hours at most`)
  if (hours < atlasShortestHours && behaviour.secretLife === 'from eight hours') {
    throw wrongLife(`must be ${atlasShortestHours} hours at least`)
  }
  const valid = await tx
    .selectFrom('service_account_secret')
    .select('id')
    .where('client_id', '=', clientId)
    .where('expires', '>', new Date(now))
    .execute()
  if (valid.length >= maxValidSecrets)
    throw new AtlasError('SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED', { clientId, limit: maxValidSecrets })
  const secret = newClientSecret(parts.ids)
  const row = await tx
    .insertInto('service_account_secret')
    .values({
      id: parts.ids.objectId(),
      client_id: clientId,
      secret_hash: secretHash(secret),
      secret_tail: secret.slice(-4),
      created: new Date(now),
      expires: new Date(now + hours * hourMs),
      last_used: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { row, secret }
}

/** False where the account has no such secret. */
export const deleteSecret = async (
  tx: Transaction<Tables>,
  { clientId, secretId }: { readonly clientId: string; readonly secretId: string },
): Promise<boolean> => {
  const { numDeletedRows } = await tx
    .deleteFrom('service_account_secret')
    .where('client_id', '=', clientId)
    .where('id', '=', secretId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** The account with its roles, its list and its secrets: none of its tokens is believed any more. */
export const deleteAccount = async (tx: Transaction<Tables>, clientId: string): Promise<void> => {
  for (const table of ['role_assignment', 'caller_access_entry'] as const)
    await tx.deleteFrom(table).where('holder_kind', '=', 'SERVICE_ACCOUNT').where('holder_id', '=', clientId).execute()
  await tx.deleteFrom('service_account').where('client_id', '=', clientId).execute()
}

export const secretView = (row: SecretRow, secret?: string) => ({
  createdAt: atlasTimestamp(row.created),
  expiresAt: atlasTimestamp(row.expires),
  id: row.id,
  ...(row.last_used !== null && { lastUsedAt: atlasTimestamp(row.last_used) }),
  ...(secret === undefined ? { maskedSecretValue: `mdb_sa_sk_...${row.secret_tail}` } : { secret }),
})

/** Where roles are looked for: Atlas shows an account with those of the one place that was asked. */
export type Place = { readonly orgId: string } | { readonly groupId: string }

/** These accounts as seen from one place. `fresh`: a secret to be shown whole. */
export const accountViews = async (
  db: Kysely<Tables>,
  rows: readonly AccountRow[],
  { place, fresh }: { readonly place: Place; readonly fresh?: NewSecret },
) => {
  if (rows.length === 0) return []
  const ids = rows.map(({ client_id }) => client_id)
  const secrets = await db
    .selectFrom('service_account_secret')
    .selectAll()
    .where('client_id', 'in', ids)
    .orderBy('created')
    .orderBy('id')
    .execute()
  const roles = await db
    .selectFrom('role_assignment')
    .select(['holder_id', 'role'])
    .where('holder_kind', '=', 'SERVICE_ACCOUNT')
    .where('holder_id', 'in', ids)
    .where('orgId' in place ? 'org_id' : 'group_id', '=', 'orgId' in place ? place.orgId : place.groupId)
    .orderBy('role')
    .execute()
  return rows.map((row) => ({
    clientId: row.client_id,
    createdAt: atlasTimestamp(row.created),
    description: row.description,
    name: row.name,
    roles: roles.filter(({ holder_id }) => holder_id === row.client_id).map(({ role }) => role),
    secrets: secrets
      .filter(({ client_id }) => client_id === row.client_id)
      .map((each) => secretView(each, each.id === fresh?.row.id ? fresh.secret : undefined)),
  }))
}

/** One account as seen from one place. */
export const accountView = async (
  db: Kysely<Tables>,
  row: AccountRow,
  seen: { readonly place: Place; readonly fresh?: NewSecret },
) => {
  const [view] = await accountViews(db, [row], seen)
  if (!view) throw new Error('an account has one view')
  return view
}
