// Digest nonces without a memory: 4 bytes of expiry, 8 random ones and 12 of an HMAC over both, which is 32 base64
// characters as recorded from Atlas. Every control plane that holds the key believes them; what must be remembered is
// only which (nonce, nc) were used.

import { createHmac, timingSafeEqual } from 'node:crypto'

/** A client that takes longer than this from challenge to answer is challenged again (`stale=true`). */
export const nonceLifeMs = 300_000

/** `random`: 16 hex digits. `now`: milliseconds since 1970. */
export const makeNonce = (key: Uint8Array, now: number, random: string): string => {
  const head = Buffer.alloc(12)
  head.writeUInt32BE(Math.ceil((now + nonceLifeMs) / 1000))
  head.write(random, 4, 8, 'hex')
  return Buffer.concat([head, macOf(key, head)]).toString('base64')
}

/** `expires` in milliseconds since 1970, for a nonce of ours; null for anybody else's. */
export const readNonce = (key: Uint8Array, nonce: string): { readonly expires: number } | null => {
  if (!/^[A-Za-z0-9+/]{32}$/.test(nonce)) return null
  const bytes = Buffer.from(nonce, 'base64')
  const head = bytes.subarray(0, 12)
  return timingSafeEqual(bytes.subarray(12), macOf(key, head)) ? { expires: head.readUInt32BE(0) * 1000 } : null
}

const macOf = (key: Uint8Array, head: Uint8Array): Buffer =>
  createHmac('sha256', key).update(head).digest().subarray(0, 12)
