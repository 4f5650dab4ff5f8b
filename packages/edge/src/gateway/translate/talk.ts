// What the two directions of one connection's talk must know of each other.

import { createAsked } from './asked.ts'
import { Replaced } from './replaced.ts'

export class Talk {
  /** Requests seen so far, hellos included. */
  seen = 0
  readonly asked = createAsked()
  readonly replaced = new Replaced()
  /** Replies to anything but hello that are still to come. */
  awaited = 0
  /** The first bytes of the one request that waits; null where several do, or none. */
  unanswered: Buffer | null = null
  /** The id of a request that signs in, to which the next answer but a hello's is the answer. */
  signIn: number | null = null
  /** The client is in load balanced mode, as its port is. */
  balanced = false
  /** How long the member took for the answer to the first hello, in milliseconds; null until it came. */
  handshakeMs: number | null = null
  #firstHelloAt: number | null = null

  helloAsked(now: number): void {
    if (this.handshakeMs === null) this.#firstHelloAt ??= now
  }

  helloAnswered(now: number): void {
    this.handshakeMs ??= Math.max(0, now - (this.#firstHelloAt ?? now))
    this.#firstHelloAt = null
  }
}
