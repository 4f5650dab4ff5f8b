// A service account's secret is 240 random bits: a plain SHA-256 of it cannot be turned around, and needs no salt.

import { createHash, timingSafeEqual } from 'node:crypto'

/** Hex. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Compares two hashes that `secretHash` made, in constant time. */
export const sameHash = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')]
  return left.length === right.length && timingSafeEqual(left, right)
}
