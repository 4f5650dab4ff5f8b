// The certificate authorities of a store: one signs endpoints' certificates (and this server's own on loopback), one database
// users', one edges'; whoever trusts one of them trusts nobody of the others. Each is made when it is first needed, once over
// all control planes (the row decides between two that made one at the same time), its key sealed.

import type { webcrypto } from 'node:crypto'
import type { Parts } from '../../parts.ts'
import { keyAlgorithm } from './terms.ts'

export type AuthorityFor = 'endpoints' | 'databaseUsers' | 'edges'

/** Its row, what its key is bound to by its seal, and what it calls itself. */
const rows = {
  endpoints: { id: 1, sealedFor: 'certificate_authority', name: 'Postern private endpoints' },
  databaseUsers: { id: 2, sealedFor: 'certificate_authority_2', name: 'Postern database users' },
  edges: { id: 3, sealedFor: 'certificate_authority_3', name: 'Postern edges' },
} as const satisfies Record<AuthorityFor, object>

export interface Authority {
  readonly of: AuthorityFor
  /** PEM. */
  readonly certificate: string
  /** PKCS #8 in base64, sealed. */
  readonly sealedKey: string
}

type AuthorityParts = Pick<Parts, 'store' | 'seal' | 'clock' | 'ids'>

/** The store's authority for these. */
export const loadAuthority = async (parts: AuthorityParts, of: AuthorityFor): Promise<Authority> =>
  (await readAuthority(parts, of)) ?? (await firstAuthority(parts, of))

const readAuthority = async ({ store }: AuthorityParts, of: AuthorityFor): Promise<Authority | null> => {
  const row = await store.read
    .selectFrom('certificate_authority')
    .selectAll()
    .where('id', '=', rows[of].id)
    .executeTakeFirst()
  return row === undefined ? null : { of, certificate: row.certificate, sealedKey: row.private_key }
}

const firstAuthority = async (parts: AuthorityParts, of: AuthorityFor): Promise<Authority> => {
  const { id, sealedFor, name } = rows[of]
  const { store, seal, clock, ids } = parts
  const { makeAuthority } = await import('./make-authority.ts')
  const made = await makeAuthority(name, clock.now(), ids.hex)
  const { certificate } = made
  const sealedKey = seal.close(sealedFor, made.key)
  await store.transact((tx) =>
    tx
      .insertInto('certificate_authority')
      .values({ id, certificate, private_key: sealedKey, created: new Date(clock.now()) })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
  // Another control plane may have been first: the row's is the one.
  return (await readAuthority(parts, of)) ?? { of, certificate, sealedKey }
}

/** The key to sign with. Throws when it was sealed under another key. */
export const signingKey = (seal: Parts['seal'], { of, sealedKey }: Authority): Promise<webcrypto.CryptoKey> =>
  crypto.subtle.importKey(
    'pkcs8',
    Buffer.from(seal.open(rows[of].sealedFor, sealedKey), 'base64'),
    keyAlgorithm,
    false,
    ['sign'],
  )
