// The first identities of a home: an organization, a group, their owner, an API key and a service account, so that every
// official client can begin at once. May run at every start: what is there stays, what is missing is added, a secret
// that was rotated replaces the old one under its name.

import type { Transaction } from 'kysely'
import { digestHa1 } from '../http/digest.ts'
import type { Actor } from '../http/handler.ts'
import type { Parts } from '../parts.ts'
import { recordEvent } from '../resources/event/record.ts'
import { createGroup } from '../resources/group/create.ts'
import type { Tables } from '../store/tables.ts'
import { grantRole } from './grant.ts'
import { keyTail } from './keys.ts'
import { makeVerifier, verifyPassword } from './password.ts'
import { secretHash } from './secret-hash.ts'

export interface SeedSecrets {
  readonly orgName: string
  readonly groupName: string
  readonly ownerEmail: string
  readonly ownerPassword: string
  readonly publicKey: string
  readonly privateKey: string
  readonly clientId: string
  readonly clientSecret: string
  /** Ids to use for what is made; what exists under them is taken as it is. */
  readonly orgId?: string
  readonly groupId?: string
}

const tenYearsMs = 3650 * 24 * 3600 * 1000

/** Idempotent: a second call with the same secrets changes nothing. */
export const seedIdentities = async (
  parts: Parts,
  secrets: SeedSecrets,
): Promise<{ readonly orgId: string; readonly groupId: string }> => {
  // scrypt takes half a second; it must not hold the store's one connection for as long.
  const known = await parts.store.read
    .selectFrom('app_user')
    .select('password')
    .where((where) => where(where.fn('lower', ['email']), '=', secrets.ownerEmail.toLowerCase()))
    .executeTakeFirst()
  const stored = known?.password ?? null
  const unchanged = stored !== null && (await verifyPassword(stored, secrets.ownerPassword))
  const verifier = unchanged ? stored : await makeVerifier(secrets.ownerPassword)

  return parts.store.transact(async (tx) => {
    const orgId = await seedOrganization(tx, parts, secrets)
    const user = await seedUser(tx, parts, { email: secrets.ownerEmail, verifier, orgId })
    const key = await seedApiKey(tx, parts, { ...secrets, orgId, description: 'owner' })
    const account = await seedServiceAccount(tx, parts, { ...secrets, orgId })
    const groupId = await seedGroup(tx, parts, { ...secrets, orgId, owner: user })
    for (const holder of [user, key, account]) await grantRole(tx, holder, { orgId, role: 'ORG_OWNER' })
    await grantRole(tx, user, { groupId, role: 'GROUP_OWNER' })
    return { orgId, groupId }
  })
}

/** The key of a supervisor that keeps no secret: its private part is another one at every start. */
export interface SupervisorKey {
  readonly orgId: string
  readonly publicKey: string
  readonly privateKey: string
}

/** In place of the first identities, once their secrets were rotated: those are their owner's, and left alone. */
export const seedSupervisorKey = (parts: Parts, key: SupervisorKey): Promise<void> =>
  parts.store.transact(async (tx) => {
    const { orgId } = key
    await grantRole(tx, await seedApiKey(tx, parts, { ...key, description: 'postern up' }), {
      orgId,
      role: 'ORG_OWNER',
    })
  })

type Holder = Pick<Actor, 'kind' | 'id'>

const seedOrganization = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { orgName, orgId }: SeedSecrets,
): Promise<string> => {
  const found = await tx
    .selectFrom('organization')
    .select('id')
    .where(orgId === undefined ? 'name' : 'id', '=', orgId ?? orgName)
    .orderBy('created')
    .executeTakeFirst()
  if (found) return found.id
  const id = orgId ?? parts.ids.objectId()
  await tx
    .insertInto('organization')
    .values({ id, name: orgName, created: new Date(parts.clock.now()) })
    .execute()
  await tell(tx, parts, { type: 'ORG_CREATED', orgId: id, target: { orgName } })
  return id
}

const seedGroup = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { groupName, groupId, orgId, owner }: SeedSecrets & { readonly orgId: string; readonly owner: Holder },
): Promise<string> => {
  const found = await tx
    .selectFrom('group')
    .select('id')
    .where('org_id', '=', orgId)
    .where(groupId === undefined ? 'name' : 'id', '=', groupId ?? groupName)
    .executeTakeFirst()
  if (found) return found.id
  return createGroup(tx, parts, {
    ...(groupId !== undefined && { id: groupId }),
    orgId,
    name: groupName,
    tags: [],
    withDefaultAlertsSettings: true,
    owners: [owner],
    actor: null,
    sourceAddress: null,
  })
}

const seedUser = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { email, verifier, orgId }: { readonly email: string; readonly verifier: string; readonly orgId: string },
): Promise<Holder> => {
  const found = await tx
    .selectFrom('app_user')
    .select(['id', 'password'])
    .where((where) => where(where.fn('lower', ['email']), '=', email.toLowerCase()))
    .executeTakeFirst()
  if (found) {
    if (found.password !== verifier) {
      await tx.updateTable('app_user').set({ password: verifier }).where('id', '=', found.id).execute()
      await tx.deleteFrom('console_session').where('user_id', '=', found.id).execute()
    }
    return { kind: 'USER', id: found.id }
  }
  const id = parts.ids.objectId()
  await tx
    .insertInto('app_user')
    .values({
      id,
      email,
      password: verifier,
      first_name: 'Owner',
      last_name: 'Postern',
      created: new Date(parts.clock.now()),
    })
    .execute()
  await tell(tx, parts, { type: 'JOINED_ORG', orgId, target: { username: email } })
  return { kind: 'USER', id }
}

const seedApiKey = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { publicKey, privateKey, orgId, description }: SupervisorKey & { readonly description: string },
): Promise<Holder> => {
  const ha1 = digestHa1(publicKey, privateKey)
  const found = await tx
    .selectFrom('api_key')
    .select(['id', 'ha1'])
    .where('public_key', '=', publicKey)
    .executeTakeFirst()
  if (found) {
    if (parts.seal.open(found.id, found.ha1) !== ha1)
      await tx
        .updateTable('api_key')
        .set({ ha1: parts.seal.close(found.id, ha1), key_tail: keyTail(privateKey) })
        .where('id', '=', found.id)
        .execute()
    return { kind: 'API_KEY', id: found.id }
  }
  const id = parts.ids.objectId()
  await tx
    .insertInto('api_key')
    .values({
      id,
      org_id: orgId,
      public_key: publicKey,
      ha1: parts.seal.close(id, ha1),
      key_tail: keyTail(privateKey),
      description,
      created: new Date(parts.clock.now()),
    })
    .execute()
  await tell(tx, parts, { type: 'API_KEY_CREATED', orgId, target: { publicKey } })
  return { kind: 'API_KEY', id }
}

const seedServiceAccount = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { clientId, clientSecret, orgId }: SeedSecrets & { readonly orgId: string },
): Promise<Holder> => {
  const now = parts.clock.now()
  const known = await tx
    .selectFrom('service_account')
    .select('client_id')
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  if (!known)
    await tx
      .insertInto('service_account')
      .values({
        client_id: clientId,
        org_id: orgId,
        name: 'owner',
        description: 'made at the first start',
        created: new Date(now),
      })
      .execute()
  await seedSecret(tx, { clientId, clientSecret, now })
  if (known) return { kind: 'SERVICE_ACCOUNT', id: clientId }
  await tell(tx, parts, { type: 'SERVICE_ACCOUNT_CREATED', orgId, target: { clientId } })
  return { kind: 'SERVICE_ACCOUNT', id: clientId }
}

/** The account's first secret, under an id that its own digits make: others, which callers added, are left alone. */
const seedSecret = async (
  tx: Transaction<Tables>,
  { clientId, clientSecret, now }: Pick<SeedSecrets, 'clientId' | 'clientSecret'> & { readonly now: number },
): Promise<void> => {
  const secret = {
    secret_hash: secretHash(clientSecret),
    secret_tail: clientSecret.slice(-4),
    expires: new Date(now + tenYearsMs),
  }
  await tx
    .insertInto('service_account_secret')
    .values({ id: clientId.slice(-24), client_id: clientId, ...secret, created: new Date(now), last_used: null })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(secret).where('service_account_secret.secret_hash', '<>', secret.secret_hash),
    )
    .execute()
}

const tell = (
  tx: Transaction<Tables>,
  parts: Parts,
  event: { readonly type: string; readonly orgId: string; readonly target: Readonly<Record<string, string>> },
): Promise<void> => recordEvent(tx, parts, { ...event, groupId: null, actor: null, sourceAddress: null })
