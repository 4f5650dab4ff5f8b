// The edge's own TLS key: P-256, made here, kept in the edge's folder (mode 600), never sent anywhere.

import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
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
