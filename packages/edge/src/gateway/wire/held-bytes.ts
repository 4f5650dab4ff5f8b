// How much of messages that are held until they are whole all connections of this process hold together. Small ones do not count:
// with them nobody gets far, since connections are counted.

import { WireRefusal } from './refusal.ts'

/** Up to so long a message may be held without being counted. */
export const uncountedBytes = 65_536

export interface HeldBytes {
  /** Throws WireRefusal where that would be more than may be held. */
  take(bytes: number): void
  give(bytes: number): void
}

export function createHeldBytes(most: number): HeldBytes {
  let held = 0
  return {
    take(bytes) {
      if (held + bytes > most)
        throw new WireRefusal('TOO_MUCH_HELD', `the gateway holds ${held} bytes of requests that it has to see whole`)
      held += bytes
    },
    give(bytes) {
      held -= bytes
    },
  }
}

/** Eleven requests as long as the server allows. */
export const heldByAll = createHeldBytes(536_870_912)
