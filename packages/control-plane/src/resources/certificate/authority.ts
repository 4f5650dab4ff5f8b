// The certificate authority of a store: made when it is first needed, once over all control planes (the row decides
// between two that made one at the same time), its key sealed. It signs endpoints' certificates and nothing else.

import type { webcrypto } from 'node:crypto'
import type { Parts } from '../../parts.ts'
import { keyAlgorithm } from './terms.ts'

export interface Authority {
  /** PEM. */
  readonly certificate: string
  /** PKCS #8 in base64, sealed for `sealedFor`. */
  readonly sealedKey: string
}

type AuthorityParts = Pick<Parts, 'store' | 'seal' | 'clock' | 'ids'>

/** What the key is bound to by its seal. */
const sealedFor = 'certificate_authority'

/** The store's authority. */
export const loadAuthority = async (parts: AuthorityParts): Promise<Authority> =>
  (await readAuthority(parts)) ?? (await firstAuthority(parts))

const readAuthority = async ({ store }: AuthorityParts): Promise<Authority | null> => {
  const row = await store.read.selectFrom('certificate_authority').selectAll().executeTakeFirst()
  return row === undefined ? null : { certificate: row.certificate, sealedKey: row.private_key }
}

const firstAuthority = async (parts: AuthorityParts): Promise<Authority> => {
  const { store, seal, clock, ids } = parts
  const { makeAuthority } = await import('./make-authority.ts')
  const made = await makeAuthority(clock.now(), ids.hex)
  const { certificate } = made
  const sealedKey = seal.close(sealedFor, made.key)
  await store.transact((tx) =>
    tx
      .insertInto('certificate_authority')
      .values({ id: 1, certificate, private_key: sealedKey, created: new Date(clock.now()) })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
  // Another control plane may have been first: the row's is the one.
  return (await readAuthority(parts)) ?? { certificate, sealedKey }
}

/** The key to sign with. Throws when it was sealed under another key. */
export const signingKey = (seal: Parts['seal'], { sealedKey }: Authority): Promise<webcrypto.CryptoKey> =>
  crypto.subtle.importKey('pkcs8', Buffer.from(seal.open(sealedFor, sealedKey), 'base64'), keyAlgorithm, false, [
    'sign',
  ])
