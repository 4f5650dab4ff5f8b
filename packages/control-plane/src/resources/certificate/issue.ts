// One endpoint's certificate. The request gives a key and proves that it is held; who the certificate speaks for comes
// from the caller, that is from rows, whatever the request asks for. Loaded with the first request: the X.509 library
// takes a quarter of a second, and needs `reflect-metadata` before it.

import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { AtlasError } from '@postern/contract/errors'
import type { Subjects } from './subjects.ts'
import { backdatedMs, keyAlgorithm, serialNumber } from './terms.ts'

export interface Issue {
  readonly authority: { readonly certificate: string; readonly key: webcrypto.CryptoKey }
  /** PEM, as it came. */
  readonly csr: string
  readonly endpointId: string
  readonly subjects: Subjects
  /** Milliseconds since 1970. */
  readonly now: number
  /** 32 random hex digits. */
  readonly random: string
}

export interface Issued {
  /** PEM: the endpoint's, then the authority's. */
  readonly chain: string
  readonly notAfter: Date
}

const lifetimeMs = 90 * 24 * 3_600_000

/** Throws INVALID_ATTRIBUTE for a request that is none, that its key did not sign, or whose key is not P-256. */
export const issueCertificate = async (issue: Issue): Promise<Issued> => {
  const { authority, endpointId, subjects, now } = issue
  const publicKey = await requestedKey(issue.csr)
  const issuer = new X509Certificate(authority.certificate)
  const notAfter = new Date(Math.min(now + lifetimeMs, issuer.notAfter.getTime()))
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(issue.random),
    subject: `CN=${endpointId}`,
    issuer: issuer.subject,
    notBefore: new Date(now - backdatedMs),
    notAfter,
    publicKey,
    signingKey: authority.key,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...subjects.names.map((value) => ({ type: 'dns' as const, value })),
        ...subjects.addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { chain: `${certificate.toString('pem')}\n${authority.certificate}`, notAfter }
}

/** Of a request in PEM. Throws INVALID_ATTRIBUTE as `issueCertificate`. */
export const requestedKey = async (csr: string): Promise<webcrypto.CryptoKey> => {
  let key: webcrypto.CryptoKey
  let signed: boolean
  try {
    const request = new Pkcs10CertificateRequest(csr)
    key = await request.publicKey.export(keyAlgorithm, ['verify'])
    signed = await request.verify()
  } catch (error) {
    throw refused('It must be a PKCS #10 certificate request in PEM, of a P-256 key.', error)
  }
  if (!signed) throw refused('It is not signed by its own key.')
  return key
}

const refused = (description: string, cause?: unknown): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: 'csr' }, { fields: [{ field: 'csr', description }], cause })
