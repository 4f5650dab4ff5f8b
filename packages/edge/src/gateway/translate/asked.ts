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

interface Entry {
  readonly id: number
  readonly sure: boolean
}

interface OnItsWay extends Entry {
  readonly times: number
}

const none: readonly never[] = []

/** Throws WireRefusal out of `add` when too many are on their way. */
export const createAsked = (): Asked => new AskedHellos()

/** Lists, not maps: nearly always there is one entry, and a map's table is larger than all the rest. */
class AskedHellos implements Asked {
  #onTheirWay: readonly OnItsWay[] = none
  #answered: readonly Entry[] = none
  #count = 0

  pending(): 'sure' | 'unsure' | null {
    if (this.#onTheirWay.length === 0) return null
    return this.#onTheirWay.every(({ sure }) => sure) ? 'sure' : 'unsure'
  }

  add(id: number, sure: boolean): void {
    if (++this.#count > maxOnTheirWay)
      throw new WireRefusal('TOO_MANY_HELLOS', `${this.#count} hellos without an answer`)
    const entry = named(this.#onTheirWay, id)
    const next = { id, times: (entry?.times ?? 0) + 1, sure: sure || (entry?.sure ?? false) }
    this.#onTheirWay = [...without(this.#onTheirWay, id), next]
  }

  answers(responseTo: number): 'sure' | 'unsure' | null {
    const entry = named(this.#onTheirWay, responseTo)
    const known = entry ?? named(this.#answered, responseTo)
    if (known === undefined) return null
    if (entry !== undefined) {
      this.#count--
      const { times, ...rest } = entry
      const others = without(this.#onTheirWay, responseTo)
      this.#onTheirWay = times > 1 ? [...others, { ...rest, times: times - 1 }] : others
      if (times === 1) this.#answered = [...without(this.#answered, responseTo), rest].slice(-maxAnswered)
    }
    return known.sure ? 'sure' : 'unsure'
  }
}

const named = <Known extends Entry>(among: readonly Known[], id: number): Known | undefined =>
  among.find((entry) => entry.id === id)

const without = <Known extends Entry>(among: readonly Known[], id: number): readonly Known[] => {
  const others = among.filter((entry) => entry.id !== id)
  return others.length === 0 ? none : others
}
