// A new API key: its row. The private key is answered once and not kept; the store has what digest needs, sealed.

import type { Transaction } from 'kysely'
import { digestHa1 } from '../../http/digest.ts'
import { keyTail, newPrivateKey, newPublicKey } from '../../identity/keys.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import type { ApiKeyRow } from './view.ts'

interface NewApiKey {
  readonly orgId: string
  readonly description: string
  /** Of the caller's choice. */
  readonly pair?: { readonly publicKey: string; readonly privateKey: string }
}

/** Fails on the constraint `api_key_public_key_once` where a chosen public key is taken. */
export const makeApiKey = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'ids' | 'seal' | 'clock'>,
  { orgId, description, pair }: NewApiKey,
): Promise<{ readonly row: ApiKeyRow; readonly privateKey: string }> => {
  const id = parts.ids.objectId()
  const publicKey = pair?.publicKey ?? newPublicKey(parts.ids)
  const privateKey = pair?.privateKey ?? newPrivateKey(parts.ids)
  const row = await tx
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
    .returningAll()
    .executeTakeFirstOrThrow()
  return { row, privateKey }
}
