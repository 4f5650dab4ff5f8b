// New credentials in Atlas's forms. Randomness is handed in, so that the simulation can replay it.

import type { Ids } from '../parts.ts'

/** Eight lower-case letters. */
export const newPublicKey = (ids: Pick<Ids, 'hex'>): string => {
  let letters = ''
  while (letters.length < 8)
    // 234 is the last multiple of 26 below 256: what lies above would favour the first letters.
    for (const byte of Buffer.from(ids.hex(16), 'hex'))
      if (byte < 234 && letters.length < 8) letters += String.fromCharCode(97 + (byte % 26))
  return letters
}

/** A version 4 UUID. */
export const newPrivateKey = (ids: Pick<Ids, 'hex'>): string => {
  const bytes = Buffer.from(ids.hex(16), 'hex')
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** What a masked answer shows of a private key: its last twelve characters. */
export const keyTail = (privateKey: string): string => privateKey.slice(-12)

/** `mdb_sa_id_` and 24 hex digits. */
export const newClientId = (ids: Pick<Ids, 'objectId'>): string => `mdb_sa_id_${ids.objectId()}`

/** `mdb_sa_sk_` and 40 url-safe characters: 240 random bits. */
export const newClientSecret = (ids: Pick<Ids, 'hex'>): string =>
  `mdb_sa_sk_${Buffer.from(ids.hex(30), 'hex').toString('base64url')}`
