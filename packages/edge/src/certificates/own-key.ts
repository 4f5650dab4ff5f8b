// The edge's own TLS key: P-256, made here, kept in the edge's folder (mode 600), never sent anywhere. What goes to the
// control plane is a certificate request, which its signature proves to be ours.

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { readDurable, writeDurable } from '../durable-file.ts'

export interface OwnKey {
  readonly key: KeyObject
  /** PKCS #8 in PEM. */
  readonly pem: string
}

const fileName = 'key.pem'
const largestKey = 16 * 1024

/** The key of this folder, made when there is none yet or what is there is no P-256 key: `damaged` is told then. */
export async function loadOwnKey(directory: string, damaged: (path: string) => void): Promise<OwnKey> {
  const path = join(directory, fileName)
  const pem = await readDurable(path, largestKey)
  const kept = pem === null ? null : parseKey(pem)
  if (pem !== null && kept !== null) return { key: kept, pem }
  if (pem !== null) damaged(path)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const made = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writeDurable(directory, fileName, made)
  return { key: privateKey, pem: made }
}

function parseKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null
  } catch {
    return null
  }
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/**
 * A PKCS #10 request in PEM. The library takes a quarter of a second to load, so that an edge without TLS endpoints never
 * does; it needs `reflect-metadata` before it and does not load that itself.
 */
export async function certificateRequest({ key }: OwnKey): Promise<string> {
  await import('reflect-metadata')
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509')
  const { subtle } = globalThis.crypto
  const [secret, open] = [
    key.export({ type: 'pkcs8', format: 'der' }),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  ]
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
