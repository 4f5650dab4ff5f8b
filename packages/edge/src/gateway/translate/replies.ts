// The member's side of a talk: a reply to hello is held until it is whole and translated, one that stands for another is
// replaced, and all the rest is only counted.

import {
  type Decision,
  type FrameRules,
  headerBytes,
  messageLength,
  opcode,
  opcodeOf,
  requestId,
  responseTo,
} from '../wire/frames.ts'
import { WireRefusal } from '../wire/refusal.ts'
import type { ExchangeParts } from './exchange.ts'
import type { HelloNames } from './hello.ts'
import { maxHelloBytes, type TranslatedReply, translateReply } from './reply.ts'
import type { Talk } from './talk.ts'

/** No step of a sign-in is answered with more. */
const maxSignInBytes = 65_536

/** A watching client's newest answer, as its member said it and as it was told. */
interface Streamed {
  readonly message: Buffer
  readonly told: Buffer
}

export class Replies implements FrameRules {
  readonly #parts: ExchangeParts
  readonly #talk: Talk
  /** Answers to hello translated so far. */
  hellos = 0
  #answer: 'sure' | 'unsure' | null = null // of the reply that is being read
  #substitute: Buffer | null = null // what is sent in its place
  #endsSignIn = false // the guard hears it
  #stream: Streamed | null = null

  constructor(parts: ExchangeParts, talk: Talk) {
    this.#parts = parts
    this.#talk = talk
  }

  decide(bytes: Buffer, at: number): Decision {
    const talk = this.#talk
    this.#substitute = talk.replaced.take(responseTo(bytes, at))
    if (this.#substitute !== null) {
      talk.awaited--
      return 'cut'
    }
    this.#answer = talk.asked.answers(responseTo(bytes, at))
    if (this.#answer === null) {
      if (talk.awaited > 0) talk.awaited--
      talk.unanswered = null
      const signIn = talk.signIn
      talk.signIn = null
      this.#endsSignIn = signIn === responseTo(bytes, at) && messageLength(bytes, at) <= maxSignInBytes
      return this.#endsSignIn ? 'hold' : 'pass'
    }
    const length = messageLength(bytes, at)
    if (length <= maxHelloBytes) return 'hold'
    if (this.#answer === 'sure') throw new WireRefusal('HELLO_TOO_LONG', `a hello's reply of ${length} bytes`)
    return 'pass'
  }

  rewrite(message: Buffer): Buffer {
    const substitute = this.#substitute
    if (substitute !== null) {
      this.#substitute = null
      return substitute
    }
    const parts = this.#parts
    if (this.#endsSignIn) {
      this.#endsSignIn = false
      parts.guard?.answered(message)
      return Buffer.from(message)
    }
    const reply = translated(message, this.#names(), this.#answer === 'sure')
    this.hellos++
    this.#talk.helloAnswered(parts.now())
    if (reply.moreToCome) this.#talk.asked.add(requestId(message), true)
    this.#stream = reply.moreToCome ? { message: Buffer.from(message), told: reply.message } : null
    if (reply.leftOut.length > 0) parts.leftOut?.(reply.leftOut)
    return reply.message
  }

  /** See `Exchange.again`; asked between messages. */
  again(): Buffer | null {
    if (this.#stream === null) return null
    const { message } = translated(this.#stream.message, this.#parts.names(), true)
    if (message.equals(this.#stream.told)) return null
    this.#stream = { ...this.#stream, told: message }
    return chained(message)
  }

  #names(): HelloNames {
    const names = this.#parts.names()
    const balancing = this.#talk.balanced ? this.#parts.balancing?.() : undefined
    return balancing && 'serviceId' in balancing ? { ...names, ...balancing } : names
  }
}

function translated(message: Buffer, names: HelloNames, sure: boolean): TranslatedReply {
  try {
    return translateReply(message, names)
  } catch (error) {
    // too long for a hello, and nothing says that it is one
    const passes = !sure && error instanceof WireRefusal && error.code === 'HELLO_TOO_LONG'
    if (passes) return { message, moreToCome: false, leftOut: [] }
    throw error
  }
}

/** One more reply of a stream: it answers the one before, and whatever comes next answers both. null: a checksum is over it. */
function chained(reply: Buffer): Buffer | null {
  if (opcodeOf(reply) !== opcode.MSG || (reply.readUInt32LE(headerBytes) & 1) !== 0) return null
  const more = Buffer.from(reply)
  more.writeInt32LE(requestId(reply), 8)
  return more
}
