// What an edge shows in TLS: for clients alone, in the edge's name, of a key that it made itself. It lasts as long as its
// authority, since what ends it is the edge's row (identity/edge-identity.ts), at once, and not a date.

import 'reflect-metadata'
import { createHash } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { type Issue, requestedKey } from './issue.ts'
import { backdatedMs, keyAlgorithm, serialNumber } from './terms.ts'

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
  const issuer = new X509Certificate(authority.certificate)
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(random),
    subject: new Name([{ CN: [edge] }]),
    issuer: issuer.subject,
    notBefore: new Date(now - backdatedMs),
    notAfter: issuer.notAfter,
    publicKey,
    signingKey: authority.key,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', publicKey))
  return {
    chain: `${certificate.toString('pem')}\n${authority.certificate}`,
    keyHash: createHash('sha256').update(spki).digest('hex'),
  }
}
