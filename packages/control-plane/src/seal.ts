// Secrets at rest: AES-256-GCM with a fresh 12-byte nonce, the row's id bound in as associated data (a sealed value moved
// to another row does not open), the key's id in front (so that a wrong key is told from a damaged value). The key is 32
// random bytes: from the environment, or from `seal.key` in home (mode 600), made at the first start.

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Seal } from './parts.ts'
import { makeFolder } from './store/folder.ts'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const keyFile = 'seal.key'

/** 64 hex digits, or base64 of 32 bytes; anything else is null. */
export const parseSealKey = (text: string): Uint8Array | null => {
  const trimmed = text.trim()
  const bytes = /^[0-9a-fA-F]{64}$/.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64')
  const exact = bytes.length === keyBytes && (/^[0-9a-fA-F]{64}$/.test(trimmed) || bytes.toString('base64') === trimmed)
  return exact ? new Uint8Array(bytes) : null
}

/**
 * The key of a home, made when it has none. Two first starts at once agree on one. Rejects when the file is there and
 * holds no key: then what was sealed cannot be opened, and a new key would hide that.
 */
export const loadSealKey = async (home: string): Promise<Uint8Array> => {
  const file = join(home, keyFile)
  makeFolder(home)
  for (;;) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text !== null) {
      const key = parseSealKey(text)
      if (key === null) throw new Error(`${file} holds no seal key (32 bytes in base64); restore it from a backup`)
      return key
    }
    await makeKeyFile(file)
  }
}

// Written whole under another name, then linked: a reader never sees half a key, and the first of two writers wins.
const makeKeyFile = async (file: string): Promise<void> => {
  const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const handle = await open(beside, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await link(beside, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(beside)
}

/** A key for another use, made from the seal key so that it is the same on every control plane that shares it. */
export const deriveServerSecret = (key: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, '', 'postern server secret', keyBytes))

/** `<key id>.<nonce, tag and text in base64url>`; `open` throws on another row, another key, or a damaged value. */
export const createSeal = (key: Uint8Array): Seal => {
  if (key.length !== keyBytes) throw new Error(`A seal key has ${keyBytes} bytes, not ${key.length}`)
  const keyId = createHash('sha256').update('postern seal key').update(key).digest('hex').slice(0, 8)
  return {
    close: (rowId, clear) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(rowId))
      const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()])
      return `${keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`
    },
    open: (rowId, sealed) => {
      const dot = sealed.indexOf('.')
      const madeUnder = sealed.slice(0, Math.max(dot, 0))
      if (madeUnder !== keyId) throw new Error(`A sealed value was made under key ${madeUnder}, this is key ${keyId}`)
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(rowId))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      const text = decipher.update(bytes.subarray(nonceBytes + tagBytes))
      return Buffer.concat([text, decipher.final()]).toString('utf8')
    },
  }
}
