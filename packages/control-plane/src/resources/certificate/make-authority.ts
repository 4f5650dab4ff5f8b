// A new certificate authority. Loaded by whoever needs one for the first time: the X.509 library takes a quarter of a
// second, and needs `reflect-metadata` before it. This file is imported late, not the library: a bundle of ours gives a
// late importer nothing but a default of it.

import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { backdatedMs, keyAlgorithm, serialNumber } from './terms.ts'

export interface MadeAuthority {
  /** PEM. */
  readonly certificate: string
  /** PKCS #8 in base64. */
  readonly key: string
}

const lifetimeMs = 10 * 365 * 24 * 3_600_000

/** `now` in milliseconds since 1970; `hex` gives that many random bytes. */
export const makeAuthority = async (
  name: string,
  now: number,
  hex: (bytes: number) => string,
): Promise<MadeAuthority> => {
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(hex(16)),
    name: `CN=${name} ${hex(4)}`,
    notBefore: new Date(now - backdatedMs),
    notAfter: new Date(now + lifetimeMs),
    keys,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return { certificate: `${certificate.toString('pem')}\n`, key }
}
