// The first identities of a home: an organization, a group, their owner, an API key and a service account, so that every
// official client can begin at once. They are made once, in one transaction that leaves its mark: whatever people change or
// delete afterwards stays as they left it, however often the home is started.

import type { RecordedEventType } from '@postern/contract/event'
import type { Transaction } from 'kysely'
import { digestHa1 } from '../http/digest.ts'
import type { Actor } from '../http/handler.ts'
import type { Parts } from '../parts.ts'
import { recordEvent } from '../resources/event/record.ts'
import { createGroup } from '../resources/group/create.ts'
import type { Tables } from '../store/tables.ts'
import { grantRole } from './grant.ts'
import { keyTail } from './keys.ts'
import { makeVerifier } from './password.ts'
import { secretHash } from './secret-hash.ts'

export interface SeedSecrets {
  /** Names the seed: with an organization id that was seeded before, nothing is done. */
  readonly orgId: string
  readonly orgName: string
  readonly groupId: string
  readonly groupName: string
  readonly ownerEmail: string
  readonly ownerPassword: string
  readonly publicKey: string
  readonly privateKey: string
  readonly clientId: string
  readonly clientSecret: string
}

const tenYearsMs = 3650 * 24 * 3600 * 1000

/** Once for each organization id; several control planes may call it at the same time. */
export const seedIdentities = async (parts: Parts, secrets: SeedSecrets): Promise<void> => {
  if (await isSeeded(parts, secrets.orgId)) return
  // scrypt takes half a second; it must not hold the store's one connection for as long.
  const verifier = await makeVerifier(secrets.ownerPassword)
  await parts.store.transact(async (tx) => {
    if (!(await markSeeded(tx, parts, secrets.orgId))) return
    const { orgId, orgName, groupId } = secrets
    await makeOrganization(tx, parts, { id: orgId, name: orgName })
    const user = await makeOwner(tx, parts, { email: secrets.ownerEmail, verifier, orgId })
    const key = await makeApiKey(tx, parts, { ...secrets, description: 'owner' })
    const account = await makeServiceAccount(tx, parts, secrets)
    await createGroup(tx, parts, {
      id: groupId,
      orgId,
      name: secrets.groupName,
      tags: [],
      withDefaultAlertsSettings: true,
      owners: [user],
      actor: null,
      sourceAddress: null,
    })
    for (const holder of [user, key, account]) await grantRole(tx, holder, { orgId, role: 'ORG_OWNER' })
    await grantRole(tx, user, { groupId, role: 'GROUP_OWNER' })
  })
}

const isSeeded = async (parts: Parts, orgId: string): Promise<boolean> =>
  (await parts.store.read.selectFrom('seed_mark').select('org_id').where('org_id', '=', orgId).executeTakeFirst()) !==
  undefined

/** False where somebody else was first. */
const markSeeded = async (tx: Transaction<Tables>, parts: Parts, orgId: string): Promise<boolean> =>
  (await tx
    .insertInto('seed_mark')
    .values({ org_id: orgId, created: new Date(parts.clock.now()) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('org_id')
    .executeTakeFirst()) !== undefined

type Holder = Pick<Actor, 'kind' | 'id'>

export const makeOrganization = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<void> => {
  await tx
    .insertInto('organization')
    .values({ id, name, created: new Date(parts.clock.now()) })
    .execute()
  await tell(tx, parts, { type: 'ORG_CREATED', orgId: id, target: { orgName: name } })
}

/** Somebody who is known by this address, from another home on the same store, keeps their password. */
const makeOwner = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { email, verifier, orgId }: { readonly email: string; readonly verifier: string; readonly orgId: string },
): Promise<Holder> => {
  const known = await tx
    .selectFrom('app_user')
    .select('id')
    .where((where) => where(where.fn('lower', ['email']), '=', email.toLowerCase()))
    .executeTakeFirst()
  const id = known?.id ?? parts.ids.objectId()
  if (!known)
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

export interface NewApiKey {
  readonly orgId: string
  readonly publicKey: string
  readonly privateKey: string
  readonly description: string
}

export const makeApiKey = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { orgId, publicKey, privateKey, description }: NewApiKey,
): Promise<Holder> => {
  const id = parts.ids.objectId()
  await tx
    .insertInto('api_key')
    .values({
      id,
      org_id: orgId,
      public_key: publicKey,
      ha1: parts.seal.close(id, digestHa1(publicKey, privateKey)),
      key_tail: keyTail(privateKey),
      description,
      created: new Date(parts.clock.now()),
    })
    .execute()
  await tell(tx, parts, { type: 'API_KEY_CREATED', orgId, target: { publicKey } })
  return { kind: 'API_KEY', id }
}

const makeServiceAccount = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { clientId, clientSecret, orgId }: SeedSecrets,
): Promise<Holder> => {
  const now = parts.clock.now()
  const created = new Date(now)
  await tx
    .insertInto('service_account')
    .values({ client_id: clientId, org_id: orgId, name: 'owner', description: 'made at the first start', created })
    .execute()
  await tx
    .insertInto('service_account_secret')
    .values({
      id: parts.ids.objectId(),
      client_id: clientId,
      secret_hash: secretHash(clientSecret),
      secret_tail: clientSecret.slice(-4),
      created,
      expires: new Date(now + tenYearsMs),
      last_used: null,
    })
    .execute()
  await tell(tx, parts, { type: 'SERVICE_ACCOUNT_CREATED', orgId, target: { clientId } })
  return { kind: 'SERVICE_ACCOUNT', id: clientId }
}

const tell = (
  tx: Transaction<Tables>,
  parts: Parts,
  event: {
    readonly type: RecordedEventType
    readonly orgId: string
    readonly target: Readonly<Record<string, string>>
  },
): Promise<void> => recordEvent(tx, parts, { ...event, groupId: null, actor: null, sourceAddress: null })
