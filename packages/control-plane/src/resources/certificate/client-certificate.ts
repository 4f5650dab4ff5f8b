// A certificate for clients alone, under the name that whoever shows it is known by.

import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
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
import { backdatedMs, keyAlgorithm } from './terms.ts'

export interface ClientTerms {
  readonly authority: { readonly certificate: string; readonly key: webcrypto.CryptoKey }
  readonly commonName: string
  readonly publicKey: webcrypto.CryptoKey
  /** As terms.ts makes it. */
  readonly serialNumber: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** Milliseconds since 1970; with its authority, which nothing outlasts, unless told. */
  readonly until?: number
}

export const clientCertificate = async (terms: ClientTerms): Promise<X509Certificate> => {
  const { authority, commonName, publicKey, serialNumber, now, until = Number.POSITIVE_INFINITY } = terms
  const issuer = new X509Certificate(authority.certificate)
  return X509CertificateGenerator.create({
    serialNumber,
    subject: new Name([{ CN: [commonName] }]),
    issuer: issuer.subject,
    notBefore: new Date(now - backdatedMs),
    notAfter: new Date(Math.min(until, issuer.notAfter.getTime())),
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
}
