// The certificate authority of a store: made when it is first needed, once over all control planes (the row decides
// between two that made one at the same time), its key sealed. It signs endpoints' certificates and nothing else.

import type { webcrypto } from 'node:crypto'
import type { Parts } from '../../parts.ts'
import { backdatedMs, keyAlgorithm, loadX509, serialNumber } from './x509.ts'

export interface Authority {
  /** PEM. */
  readonly certificate: string
  /** PKCS #8 in base64, sealed for `sealedFor`. */
  readonly sealedKey: string
}

type AuthorityParts = Pick<Parts, 'store' | 'seal' | 'clock' | 'ids'>

/** What the key is bound to by its seal. */
const sealedFor = 'certificate_authority'
const lifetimeMs = 10 * 365 * 24 * 3_600_000

/** The store's authority. */
export const loadAuthority = async (parts: AuthorityParts): Promise<Authority> =>
  (await readAuthority(parts)) ?? (await firstAuthority(parts))

const readAuthority = async ({ store }: AuthorityParts): Promise<Authority | null> => {
  const row = await store.read.selectFrom('certificate_authority').selectAll().executeTakeFirst()
  return row === undefined ? null : { certificate: row.certificate, sealedKey: row.private_key }
}

const firstAuthority = async (parts: AuthorityParts): Promise<Authority> => {
  const made = await makeAuthority(parts)
  await parts.store.transact((tx) =>
    tx
      .insertInto('certificate_authority')
      .values({
        id: 1,
        certificate: made.certificate,
        private_key: made.sealedKey,
        created: new Date(parts.clock.now()),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
  // Another control plane may have been first: the row's is the one.
  return (await readAuthority(parts)) ?? made
}

const makeAuthority = async ({ seal, clock, ids }: AuthorityParts): Promise<Authority> => {
  const x509 = await loadX509()
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
  const now = clock.now()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(ids.hex(16)),
    name: `CN=Postern private endpoints ${ids.hex(4)}`,
    notBefore: new Date(now - backdatedMs),
    notAfter: new Date(now + lifetimeMs),
    keys,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return { certificate: `${certificate.toString('pem')}\n`, sealedKey: seal.close(sealedFor, pkcs8) }
}

/** The key to sign with. Throws when it was sealed under another key. */
export const signingKey = (seal: Parts['seal'], { sealedKey }: Authority): Promise<webcrypto.CryptoKey> =>
  crypto.subtle.importKey('pkcs8', Buffer.from(seal.open(sealedFor, sealedKey), 'base64'), keyAlgorithm, false, [
    'sign',
  ])
