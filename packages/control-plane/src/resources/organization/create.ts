// A new organization, its owner and, where asked for, a first API key: without one of the two nobody could enter it.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Actor, Call } from '../../http/handler.ts'
import { holdsOrgRole } from '../../http/may.ts'
import { grantRole } from '../../identity/grant.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { makeApiKey } from '../api-key/make.ts'
import { recordEvent } from '../event/record.ts'

type CreateCall = Call<'createOrg'>

export interface NewOrganization {
  readonly orgId: string
  readonly ownerId: string
  readonly apiKey: NewKey | null
}
interface NewKey {
  readonly id: string
  readonly publicKey: string
  /** Shown once, in the answer. */
  readonly privateKey: string
}

/**
 * For whoever owns an organization already. Throws USER_UNAUTHORIZED for anybody else, MISSING_ATTRIBUTE where a machine
 * names no owner, INVALID_ATTRIBUTE for an owner who is in none of the caller's organizations.
 */
export const createOrganization = async (parts: Parts, call: CreateCall): Promise<NewOrganization> => {
  const actor = actorOf(call)
  const { name, apiKey, skipDefaultAlertsSettings } = call.body
  const owned = [...actor.orgRoles.keys()].filter((orgId) => holdsOrgRole(actor, orgId, ['ORG_OWNER']))
  if (owned.length === 0) throw new AtlasError('USER_UNAUTHORIZED', {})
  const orgId = parts.ids.objectId()
  return parts.store.transact(async (tx) => {
    const ownerId = await ownerOf(tx, { actor, named: call.body.orgOwnerId, owned })
    await tx
      .insertInto('organization')
      .values({
        id: orgId,
        name,
        created: new Date(parts.clock.now()),
        settings: JSON.stringify({ skipDefaultAlertsSettings }),
      })
      .execute()
    await grantRole(tx, { kind: 'USER', id: ownerId }, { orgId, role: 'ORG_OWNER' })
    await recordEvent(tx, parts, { ...eventOf(call), type: 'ORG_CREATED', orgId, target: { orgName: name } })
    const key = apiKey ? await firstKey(tx, parts, { call, orgId, apiKey }) : null
    return { orgId, ownerId, apiKey: key }
  })
}

const ownerOf = async (
  tx: Transaction<Tables>,
  {
    actor,
    named,
    owned,
  }: { readonly actor: Actor; readonly named: string | undefined; readonly owned: readonly string[] },
): Promise<string> => {
  if (named === undefined && actor.kind === 'USER') return actor.id
  const field = 'orgOwnerId'
  if (named === undefined)
    throw new AtlasError(
      'MISSING_ATTRIBUTE',
      { attribute: field },
      { fields: [{ field, description: 'must name a user, since the caller is none' }] },
    )
  const known = await tx
    .selectFrom('role_assignment')
    .select('holder_id')
    .where('holder_kind', '=', 'USER')
    .where('holder_id', '=', named)
    .where('org_id', 'in', [...owned])
    .executeTakeFirst()
  if (known || (actor.kind === 'USER' && named === actor.id)) return named
  throw new AtlasError(
    'INVALID_ATTRIBUTE',
    { attribute: field },
    { fields: [{ field, description: 'is no user of an organization that the caller owns' }] },
  )
}

const firstKey = async (
  tx: Transaction<Tables>,
  parts: Parts,
  {
    call,
    orgId,
    apiKey,
  }: {
    readonly call: CreateCall
    readonly orgId: string
    readonly apiKey: NonNullable<CreateCall['body']['apiKey']>
  },
): Promise<NewKey> => {
  const { row, privateKey } = await makeApiKey(tx, parts, { orgId, description: apiKey.desc })
  for (const role of apiKey.roles) await grantRole(tx, { kind: 'API_KEY', id: row.id }, { orgId, role })
  const target = { targetPublicKey: row.public_key }
  await recordEvent(tx, parts, { ...eventOf(call), type: 'API_KEY_CREATED', orgId, target })
  return { id: row.id, publicKey: row.public_key, privateKey }
}

const eventOf = ({ actor, sourceAddress }: CreateCall) => ({ groupId: null, actor, sourceAddress })
