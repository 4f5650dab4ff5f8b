// The key by which `postern up` works: its private part is another one at every start and kept nowhere, so that none of
// the first identities has to stay for it. It is good from this machine only, and stays good where its organization
// wants access lists, or somebody took its role.

import type { Transaction } from 'kysely'
import { digestHa1 } from '../http/digest.ts'
import type { Parts } from '../parts.ts'
import type { Tables } from '../store/tables.ts'
import { grantRole } from './grant.ts'
import { keyTail } from './keys.ts'
import { makeApiKey, makeOrganization } from './seed.ts'

export interface SupervisorKey {
  readonly orgId: string
  readonly publicKey: string
  readonly privateKey: string
}

const loopback = ['127.0.0.0/8', '::1/128'] as const

/** Replaces the one of the start before. An organization that is gone is made again, empty: a key must have one. */
export const makeSupervisorKey = (parts: Parts, key: SupervisorKey): Promise<void> =>
  parts.store.transact(async (tx) => {
    const { orgId: id } = key
    const organization = await tx.selectFrom('organization').select('id').where('id', '=', id).executeTakeFirst()
    if (!organization) await makeOrganization(tx, parts, { id, name: 'Organization0' })
    const holder_id = await replaceKey(tx, parts, key)
    await grantRole(tx, { kind: 'API_KEY', id: holder_id }, { orgId: id, role: 'ORG_OWNER' })
    await tx
      .deleteFrom('caller_access_entry')
      .where('holder_kind', '=', 'API_KEY')
      .where('holder_id', '=', holder_id)
      .execute()
    const created = new Date(parts.clock.now())
    await tx
      .insertInto('caller_access_entry')
      .values(loopback.map((cidr) => ({ holder_kind: 'API_KEY' as const, holder_id, cidr, created })))
      .execute()
  })

const replaceKey = async (tx: Transaction<Tables>, parts: Parts, key: SupervisorKey): Promise<string> => {
  const { publicKey, privateKey } = key
  const found = await tx.selectFrom('api_key').select('id').where('public_key', '=', publicKey).executeTakeFirst()
  if (!found) return (await makeApiKey(tx, parts, { ...key, description: 'postern up' })).id
  await tx
    .updateTable('api_key')
    .set({ ha1: parts.seal.close(found.id, digestHa1(publicKey, privateKey)), key_tail: keyTail(privateKey) })
    .where('id', '=', found.id)
    .execute()
  return found.id
}
