// What an edge shows in TLS: for clients alone, in the edge's name, of a key that it made itself. It lasts as long as its
// authority, since what ends it is the edge's row (identity/edge-identity.ts), at once, and not a date.

import { createHash } from 'node:crypto'
import { clientCertificate } from './client-certificate.ts'
import { type Issue, requestedKey } from './issue.ts'
import { serialNumber } from './terms.ts'

/** Throws INVALID_ATTRIBUTE as `issueCertificate`. */
export const issueEdgeCertificate = async ({
  authority,
  csr,
  edge,
  now,
  random,
}: Pick<Issue, 'authority' | 'csr' | 'now' | 'random'> & { readonly edge: string }): Promise<{
  /** PEM: the edge's, then the authority's. */
  readonly chain: string
  /** SHA-256 of the key (SubjectPublicKeyInfo), in hex. */
  readonly keyHash: string
}> => {
  const publicKey = await requestedKey(csr)
  const certificate = await clientCertificate({
    authority,
    commonName: edge,
    publicKey,
    serialNumber: serialNumber(random),
    now,
  })
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', publicKey))
  return {
    chain: `${certificate.toString('pem')}\n${authority.certificate}`,
    keyHash: createHash('sha256').update(spki).digest('hex'),
  }
}
