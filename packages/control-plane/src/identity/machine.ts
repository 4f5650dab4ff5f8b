// An API key or a service account as it stands: where it belongs, from where it may call, what it may do. One statement
// says all of it, since each request of a machine pays for it; read afresh each time, so that what was revoked or taken
// away is gone at once on every control plane.

import { type Kysely, type RawBuilder, sql } from 'kysely'
import { jsonObjectFrom } from 'kysely/helpers/postgres'
import type { Actor } from '../http/handler.ts'
import type { Parts } from '../parts.ts'
import { requiresAccessLists } from '../resources/organization/settings.ts'
import type { Tables } from '../store/tables.ts'
import { type Assigned, actorWith } from './actor.ts'
import { type TokenFacts, tokenHash } from './bearer-token.ts'

export interface Machine {
  readonly kind: 'API_KEY' | 'SERVICE_ACCOUNT'
  readonly id: string
}

export interface MachineStanding {
  /** With every role that it holds. */
  readonly actor: Actor & Machine
  /** Its own access list, as address-range.ts writes ranges. */
  readonly cidrs: readonly string[]
  /** Its organization wants a list of every machine. */
  readonly listRequired: boolean
}

/** The account of a token, unless that was revoked or its secret was deleted; undefined where there is none. */
export const standingAccount = async (
  { store }: Pick<Parts, 'store'>,
  { clientId, secretId, token }: Pick<TokenFacts, 'clientId' | 'secretId'> & { readonly token: string },
): Promise<MachineStanding | undefined> => {
  const account = await store.read
    .selectFrom('service_account')
    .innerJoin('organization', 'organization.id', 'service_account.org_id')
    .select(['client_id', 'settings'])
    .select(heldBy('SERVICE_ACCOUNT', 'service_account.client_id'))
    .where('client_id', '=', clientId)
    .where(({ and, not, exists }) =>
      and([exists(secretOf(store.read, { clientId, secretId })), not(exists(revocationOf(store.read, token)))]),
    )
    .executeTakeFirst()
  return account && standing({ kind: 'SERVICE_ACCOUNT', id: account.client_id, name: account.client_id }, account)
}

/** The key of an id (not its public key); undefined where there is none. */
export const standingKey = async (
  { store }: Pick<Parts, 'store'>,
  id: string,
): Promise<MachineStanding | undefined> => {
  const key = await keys(store.read).where('api_key.id', '=', id).executeTakeFirst()
  return key && keyStanding(key)
}

interface PresentedKey {
  readonly id: string
  readonly ha1: string
  readonly standing: MachineStanding
}

/**
 * The key of a public key, with what whoever shows it has to prove; undefined where there is none. `beside` is read in the
 * same statement, and costs an unknown key the same.
 */
export const presentedKey = async <Beside>(
  { store }: Pick<Parts, 'store'>,
  publicKey: string,
  beside: RawBuilder<Beside>,
): Promise<{ readonly key: PresentedKey | undefined; readonly beside: Beside }> => {
  const key = keys(store.read).select('ha1').where('public_key', '=', publicKey)
  const found = await store.read
    .selectNoFrom([jsonObjectFrom(key).as('key'), beside.as('beside')])
    .executeTakeFirstOrThrow()
  return {
    key: found.key === null ? undefined : { id: found.key.id, ha1: found.key.ha1, standing: keyStanding(found.key) },
    beside: found.beside as Beside,
  }
}

const keys = (db: Kysely<Tables>) =>
  db
    .selectFrom('api_key')
    .innerJoin('organization', 'organization.id', 'api_key.org_id')
    .select(['api_key.id', 'public_key', 'settings'])
    .select(heldBy('API_KEY', 'api_key.id'))

const keyStanding = (key: Standing & { readonly id: string; readonly public_key: string }): MachineStanding =>
  standing({ kind: 'API_KEY', id: key.id, name: key.public_key }, key)

const secretOf = (db: Kysely<Tables>, { clientId, secretId }: Pick<TokenFacts, 'clientId' | 'secretId'>) =>
  db.selectFrom('service_account_secret').select('id').where('id', '=', secretId).where('client_id', '=', clientId)

const revocationOf = (db: Kysely<Tables>, token: string) =>
  db.selectFrom('revoked_token').select('token_hash').where('token_hash', '=', tokenHash(token))

const heldBy = (kind: Machine['kind'], id: 'service_account.client_id' | 'api_key.id') => {
  const its = sql`holder_kind = ${kind} and holder_id = ${sql.ref(id)}`
  return [
    sql<readonly string[]>`array(select cidr from caller_access_entry where ${its})`.as('cidrs'),
    sql<readonly Assigned[]>`(
      select coalesce(json_agg(json_build_object('org_id', org_id, 'group_id', group_id, 'role', role)), '[]')
      from role_assignment where ${its}
    )`.as('assigned'),
  ] as const
}

interface Standing {
  readonly cidrs: readonly string[]
  readonly assigned: readonly Assigned[]
  readonly settings: unknown
}

const standing = (holder: Machine & Pick<Actor, 'name'>, row: Standing): MachineStanding => ({
  actor: { ...actorWith(holder, row.assigned), kind: holder.kind },
  cidrs: row.cidrs,
  listRequired: requiresAccessLists(row.settings),
})
