// A service account's secret is 240 random bits: a plain SHA-256 of it cannot be turned around, and needs no salt.

import { createHash, timingSafeEqual } from 'node:crypto'

/** Hex. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Compares in constant time. `hash` as `secretHash` made it. */
export const matchesHash = (secret: string, hash: string): boolean => {
  const expected = Buffer.from(hash, 'hex')
  const given = createHash('sha256').update(secret).digest()
  return expected.length === given.length && timingSafeEqual(expected, given)
}
