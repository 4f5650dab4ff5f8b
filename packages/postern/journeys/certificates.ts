// A CA and a member's certificate under it, as a deployment of the user's own would have them. RSA, because every
// TLS library that a mongod is built on reads its keys.

import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

export interface Certificates {
  /** PEM of the CA. */
  readonly ca: string
  /** PEM of the member's key (PKCS #8) and of its certificate, which names 127.0.0.1. */
  readonly key: string
  readonly cert: string
}

/** `expired`: the member's certificate ended an hour ago. */
export async function makeCertificates({
  expired = false,
}: {
  readonly expired?: boolean
} = {}): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto)
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
  const pair = () =>
    webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>
  const [caKeys, keys] = await Promise.all([pair(), pair()])
  const hourMs = 3_600_000
  const lives = { notBefore: new Date(Date.now() - 2 * hourMs), notAfter: new Date(Date.now() + 24 * hourMs) }
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=their own CA',
    keys: caKeys,
    signingAlgorithm: algorithm,
    ...lives,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  })
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: 'CN=their member',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    ...lives,
    ...(expired ? { notAfter: new Date(Date.now() - hourMs) } : {}),
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  })
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const lines = exported.match(/.{1,64}/g) ?? []
  const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
  return { ca: ca.toString('pem'), key, cert: leaf.toString('pem') }
}
