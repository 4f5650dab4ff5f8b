// One secret of the server, many uses: each gets a key of its own (HKDF), so that nothing made for one use can be
// passed off for another.

import { hkdfSync } from 'node:crypto'

export type KeyUse = 'digest nonce' | 'bearer token'

/** 32 bytes. `secret` should be at least 32 random bytes and the same on every control plane of one store. */
export const deriveKey = (secret: Uint8Array, use: KeyUse): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', `postern ${use}`, 32))
