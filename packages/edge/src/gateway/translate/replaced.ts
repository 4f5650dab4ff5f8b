// Answers that are sent in place of the member's, by the request that they answer: it was asked something else instead.

import { WireRefusal } from '../wire/refusal.ts'

const maxReplaced = 256

export class Replaced {
  #waiting: Map<number, Buffer[]> | null = null // few connections ever need one
  #count = 0

  /** Throws WireRefusal when too many are on their way. */
  add(id: number, reply: Buffer): void {
    if (++this.#count > maxReplaced)
      throw new WireRefusal('MESSAGE', `${this.#count} refused requests without an answer`)
    this.#waiting ??= new Map()
    const others = this.#waiting.get(id)
    if (others === undefined) this.#waiting.set(id, [reply])
    else others.push(reply)
  }

  take(id: number): Buffer | null {
    const replies = this.#waiting?.get(id)
    const reply = replies?.shift()
    if (replies === undefined || reply === undefined) return null
    if (--this.#count === 0) this.#waiting = null
    else if (replies.length === 0) this.#waiting?.delete(id)
    return reply
  }
}
