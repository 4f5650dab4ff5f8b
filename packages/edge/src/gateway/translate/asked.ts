// Which requests of one connection were a hello, so that their replies are known by responseTo. An id that was answered
// is remembered for a while: a client that reuses the id of a hello for something else cannot get a hello's reply past
// us by that. Hellos that nobody answers are bounded; no driver has more than one on its way.

import { WireRefusal } from '../wire/refusal.ts'

const maxOnTheirWay = 256
const maxAnswered = 64

export interface Asked {
  /** A hello went to the member, or a reply said that another one follows it. */
  add(id: number, sure: boolean): void
  /** Whether a message that answers this id is an answer to hello; `unsure` where only its bytes can tell. */
  answers(responseTo: number): 'sure' | 'unsure' | null
  /** What an answer is still to come to: only hellos, or something that may be another request; null: nothing. */
  pending(): 'sure' | 'unsure' | null
}

/** Throws WireRefusal out of `add` when too many are on their way. */
export function createAsked(): Asked {
  const onTheirWay = new Map<number, { times: number; sure: boolean }>()
  const answered = new Map<number, boolean>()
  let count = 0

  return {
    pending() {
      if (onTheirWay.size === 0) return null
      return [...onTheirWay.values()].every(({ sure }) => sure) ? 'sure' : 'unsure'
    },

    add(id, sure) {
      if (++count > maxOnTheirWay) throw new WireRefusal('TOO_MANY_HELLOS', `${count} hellos without an answer`)
      const entry = onTheirWay.get(id)
      onTheirWay.set(id, { times: (entry?.times ?? 0) + 1, sure: sure || (entry?.sure ?? false) })
    },

    answers(responseTo) {
      const entry = onTheirWay.get(responseTo)
      if (entry === undefined) {
        const before = answered.get(responseTo)
        return before === undefined ? null : before ? 'sure' : 'unsure'
      }
      count--
      if (--entry.times === 0) {
        onTheirWay.delete(responseTo)
        answered.delete(responseTo)
        answered.set(responseTo, entry.sure)
        const [oldest] = answered.keys()
        if (answered.size > maxAnswered && oldest !== undefined) answered.delete(oldest)
      }
      return entry.sure ? 'sure' : 'unsure'
    },
  }
}
