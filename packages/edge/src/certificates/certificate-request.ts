// What goes to the control plane instead of the key: a PKCS #10 request, whose signature proves that the key is ours. It
// asks for no name, since the control plane decides those. Loaded with the first request: the X.509 library takes a
// quarter of a second, which an edge without TLS endpoints never pays, and needs `reflect-metadata` before it.

import 'reflect-metadata'
import { createPublicKey } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import type { OwnKey } from './own-key.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** In PEM. */
export async function certificateRequest({ key }: OwnKey): Promise<string> {
  const { subtle } = globalThis.crypto
  const secret = key.export({ type: 'pkcs8', format: 'der' })
  const open = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=postern edge',
    keys: {
      privateKey: await subtle.importKey('pkcs8', secret, algorithm, false, ['sign']),
      publicKey: await subtle.importKey('spki', open, algorithm, true, ['verify']),
    },
    signingAlgorithm: algorithm,
  })
  return request.toString('pem')
}
