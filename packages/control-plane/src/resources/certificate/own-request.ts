// A key of this process's own and the request for a certificate of it. The key never leaves the process: each start makes
// another. Loaded late, as issue.ts is, for the library that it needs.

import 'reflect-metadata'
import { createPrivateKey } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import { keyAlgorithm } from './terms.ts'

export interface OwnRequest {
  /** PKCS #10 in PEM. */
  readonly csr: string
  /** PKCS #8 in PEM. */
  readonly key: string
}

export const makeOwnRequest = async (): Promise<OwnRequest> => {
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=postern',
    keys,
    signingAlgorithm: keyAlgorithm,
  })
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey))
  const parsed = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  return { csr: request.toString('pem'), key: parsed.export({ type: 'pkcs8', format: 'pem' }).toString() }
}
