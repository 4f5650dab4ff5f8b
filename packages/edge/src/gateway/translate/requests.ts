// The client's side of a talk: each request is looked at as far as its command, and passes as it came. Held are a first hello,
// whatever a guard judges, and what may not go on; see heldBack.

import type { Guard } from '../guard/guard.ts'
import {
  type Decision,
  type FrameRules,
  maxMessageBytes,
  messageLength,
  opcode,
  opcodeOf,
  requestId,
} from '../wire/frames.ts'
import { heldByAll, uncountedBytes } from '../wire/held-bytes.ts'
import { compressedDataAt, compressedFields } from '../wire/op-compressed.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { errorReply, pingInstead, type ServerError } from './error-reply.ts'
import type { ExchangeParts } from './exchange.ts'
import { maxFirstHelloBytes, readFirst } from './first-hello.ts'
import { allowsMore, commandBytes, glimpseRequest, wantsReply } from './glimpse-request.ts'
import type { ClientInfo } from './hello.ts'
import { mismatch, withoutBalancing } from './load-balanced.ts'
import { requestKind } from './request-kind.ts'
import type { Talk } from './talk.ts'

/** A longer write is not turned away but goes on to its member. */
const maxTurnedAwayBytes = 1_048_576

/** Why the request that is held may not go on. */
interface Against {
  readonly error: ServerError
  readonly sentence: string
  readonly labels?: readonly string[]
}

export class Requests implements FrameRules {
  readonly #parts: ExchangeParts
  readonly #talk: Talk
  /** What the client said of itself in its first message, once that came, and as whom it asked to be let in. */
  client: ClientInfo | null = null
  user: string | null = null
  /** It was let in to work. */
  begun = false
  /** Anything but hello was asked. */
  works = false
  compressed = false
  /** A hello was on its way beside other requests, or answers that nobody counts: no driver does that. */
  mixed = false
  /** Asked while it drains; see `Exchange.drain`. */
  turnAway: ((request: 'hello' | 'write') => boolean) | null = null
  /** The last request that was looked at while it drains belongs to what goes on behind it. */
  engaged = false
  /** What a request waits for: the word of `begin`, or room to be held in; see `Exchange.asking`. */
  waitsFor: Promise<void> | null = null
  #told: { readonly sentence: string | null } | null = null // that word, until it is taken
  #judged: ReturnType<Guard['judge']> | null = null // what the guard said of the request that waits
  #isJudged = false // the request that is held is the guard's
  /** Whether a long request is counted, or waits to be: until it is whole and judged, and then until the member has taken it. */
  #room: 'none' | 'arriving' | 'judged' = 'none'
  #untaken = 0 // bytes of what was judged that the member may not have taken yet
  #onTaken: (() => void) | null = null
  #turnedAway = false
  #against: Against | null = null

  constructor(parts: ExchangeParts, talk: Talk) {
    this.#parts = parts
    this.#talk = talk
  }

  decide(bytes: Buffer, at: number, have: number): Decision {
    const concerns = this.#parts.guard?.concerns(bytes, at, have) ?? false
    if (typeof concerns === 'number') return concerns
    this.#isJudged = concerns
    if (!concerns) return this.#note(bytes, at, have)
    if (this.#untaken > uncountedBytes) return this.#untilTaken()
    return this.#parts.guard ? this.#mayHold(this.#parts.guard, bytes, at, have) : 'hold'
  }

  /** Whether a request is held until it can be judged: a long one only of who may work, as what it takes to sign in is short. */
  #mayHold(guard: Guard, bytes: Buffer, at: number, have: number): Decision {
    const length = messageLength(bytes, at)
    const isCompressed = opcodeOf(bytes, at) === opcode.COMPRESSED
    if (isCompressed && have < compressedDataAt) return compressedDataAt
    const size = isCompressed ? compressedFields(bytes, at).size : 0
    if (Math.max(length, size) <= uncountedBytes) return 'hold'
    const early = guard.tooEarly()
    const bytesHeld = length + Math.min(size, maxMessageBytes)
    if (this.begun && early === null) return this.#hold(bytesHeld)
    const tooLong = new WireRefusal('MESSAGE_LENGTH', `a message of ${Math.max(length, size)} bytes to begin with`)
    if (this.#talk.seen === 0) throw tooLong
    const glimpse = glimpseRequest(bytes, at, have)
    if (typeof glimpse === 'number') return glimpse
    if (glimpse === 'hello' || glimpse === 'sign-in') throw tooLong
    if (early !== null) {
      this.#parts.refused?.(early)
      return this.#cut({ error: 'Unauthorized', sentence: `${early.reason} (a policy of the private endpoint)` })
    }
    const sentence = this.#mayBegin()
    if (sentence === 'wait') return sentence
    if (sentence !== null) return this.#cut(beyondLimit(sentence))
    this.begun = true
    return this.#hold(bytesHeld)
  }

  /** Where there is no room for all of it, its client waits. */
  #hold(bytes: number): Decision {
    if (this.waitsFor !== null) return 'wait'
    const { holder } = this.#parts
    if (this.#room !== 'none' || holder === undefined) return 'hold'
    this.#room = 'arriving'
    const room = heldByAll.claim(holder, bytes)
    if (room === null) return 'hold'
    this.waitsFor = room.then(() => {
      this.waitsFor = null
    })
    return 'wait'
  }

  /**
   * What was judged is whole, and may be a thousand times what came: a client whose member does not read is not read either, or
   * what waits for that one would be anything.
   */
  #untilTaken(): 'wait' {
    if (this.waitsFor !== null) return 'wait'
    const taken = new Promise<void>((resolve) => {
      this.#onTaken = resolve
    })
    this.waitsFor = taken.then(() => {
      this.waitsFor = null
    })
    return 'wait'
  }

  /** The member has taken all that went on. */
  taken(): void {
    this.#untaken = 0
    if (this.#room === 'judged') this.release()
    this.#onTaken?.()
    this.#onTaken = null
  }

  /** Nothing long is held any more. */
  release(): void {
    if (this.#room !== 'none' && this.#parts.holder) heldByAll.release(this.#parts.holder)
    this.#room = 'none'
  }

  /** Read and dropped, then answered. */
  #cut(against: Against): Decision {
    this.#against = against
    this.#isJudged = false
    return 'cut'
  }

  rewrite(message: Buffer): Buffer | 'wait' {
    const { guard } = this.#parts
    const isJudged = Boolean(guard && this.#isJudged)
    const goesOn = guard && isJudged ? this.#guarded(guard, message) : this.#heldBack(message)
    if (goesOn === 'wait') return goesOn
    if (isJudged) this.#untaken += goesOn.length
    if (this.#untaken <= uncountedBytes) this.release()
    else if (this.#room !== 'none') this.#room = 'judged'
    return goesOn
  }

  /** Remembers a request by its first `have` bytes; `hold`: it may not go on. A number: it takes more of them. */
  #note(bytes: Buffer, at: number, have: number): Decision {
    const talk = this.#talk
    const glimpse = glimpseRequest(bytes, at, have)
    if (typeof glimpse === 'number') return glimpse
    const length = messageLength(bytes, at)
    if (opcodeOf(bytes, at) === opcode.COMPRESSED) this.compressed = true
    let signsIn = false
    let rewritten = false
    if (talk.seen === 0 && glimpse === 'hello' && length <= maxFirstHelloBytes) {
      if (have < length) return length
      const first = readFirst(bytes.subarray(at, at + length))
      this.client = first.client
      this.user = first.user
      signsIn = first.signsIn
      const balancing = this.#parts.balancing?.()
      const sentence = balancing ? mismatch(balancing, first.balanced) : null
      if (sentence !== null) {
        this.#against = { error: 'LoadBalancerSupportMismatch', sentence }
        this.#parts.mismatched?.(sentence)
        return 'hold'
      }
      talk.balanced = balancing !== undefined && first.balanced
      rewritten = talk.balanced
    }
    if (this.turnAway !== null && glimpse === 'hello' && talk.seen > 0 && !this.begun && length <= maxFirstHelloBytes) {
      this.#turnedAway = this.turnAway('hello')
      if (this.#turnedAway) return 'hold'
    }
    if (!this.begun && (glimpse !== 'hello' || signsIn)) {
      const sentence = this.#mayBegin()
      if (sentence === 'wait') return sentence
      if (sentence !== null) {
        this.#against = beyondLimit(sentence)
        return length <= maxFirstHelloBytes ? 'hold' : 'cut'
      }
      this.begun = true
    }
    this.#against = null
    if (glimpse === 'other' || glimpse === 'sign-in') {
      const want = commandBytes(bytes, at, length)
      if (have < want) return want
      if (this.turnAway !== null) {
        const kind = requestKind(bytes.subarray(at, at + have))
        this.engaged = kind === 'goes on'
        this.#turnedAway = kind === 'retryable write' && length <= maxTurnedAwayBytes && this.turnAway('write')
        if (this.#turnedAway) return 'cut'
      }
      this.works = true
      if (talk.asked.pending() !== null || allowsMore(bytes, at)) this.mixed = true
      if (wantsReply(bytes, at)) talk.unanswered = talk.awaited++ === 0 ? bytes.subarray(at, at + have) : null
    } else {
      talk.helloAsked(this.#parts.now())
      if (talk.awaited > 0) this.mixed = true
      talk.asked.add(requestId(bytes, at), glimpse === 'hello')
    }
    talk.seen++
    return rewritten ? 'hold' : 'pass'
  }

  #mayBegin(): string | null | 'wait' {
    if (this.waitsFor !== null) return 'wait'
    const word = this.#told === null ? (this.#parts.begin?.() ?? null) : this.#told.sentence
    this.#told = null
    if (!(word instanceof Promise)) return word
    this.waitsFor = word.then((sentence) => {
      this.waitsFor = null
      this.#told = { sentence }
    })
    return 'wait'
  }

  /** What goes on of a request that the guard has judged: all of it, nothing, or a ping in its place. */
  #guarded(guard: Guard, message: Buffer): Buffer | 'wait' {
    const verdict = this.#judged ?? guard.judge(message)
    if (this.#judged === null && verdict.refused) this.#parts.refused?.(verdict.refused)
    this.#judged = null
    if (verdict.message === null) {
      this.#talk.seen++
      return nothing
    }
    if ('reply' in verdict) return this.#instead(verdict.message, verdict.reply)
    const isAlone = this.#talk.awaited === 0 // else the next answer may be another's, whatever ids the client gave
    const decision = this.#note(verdict.message, 0, verdict.message.length)
    if (decision === 'wait') {
      this.#judged = verdict // a guard judges each message once
      return decision
    }
    if (decision !== 'pass') return this.#heldBack(verdict.message)
    if (verdict.signsIn && isAlone) this.#talk.signIn = requestId(verdict.message)
    return verdict.asItCame ?? verdict.message
  }

  /** The member is asked this, and its answer replaced. */
  #instead(question: Buffer, reply: Buffer): Buffer {
    const talk = this.#talk
    talk.replaced.add(requestId(question), reply)
    talk.awaited++
    talk.unanswered = null
    talk.seen++
    return question
  }

  /**
   * What goes on of a request that was held, or cut: a hello as routers take it; of one that may not go on a ping, or nothing where the
   * client is turned away.
   */
  #heldBack(message: Buffer): Buffer {
    const against = this.#against
    if (!this.#turnedAway && against === null) return withoutBalancing(message, maxFirstHelloBytes)
    if (this.#turnedAway || against === null || !wantsReply(message, 0)) {
      this.#talk.seen++
      return nothing
    }
    const id = requestId(message)
    const form = isMsg.has(opcodeOf(message)) ? 'msg' : 'query'
    return this.#instead(pingInstead(id), errorReply({ form, responseTo: id, ...against }))
  }
}

const nothing = Buffer.alloc(0)
const isMsg: ReadonlySet<number> = new Set([opcode.MSG, opcode.COMPRESSED])

const beyondLimit = (sentence: string): Against => ({
  error: 'IngressRequestRateLimitExceeded',
  sentence,
  labels: overload,
})

/** A driver of today waits and asks again, and keeps its pool; an older one hands the error on, and keeps it too. */
const overload = ['SystemOverloadedError', 'RetryableError'] as const
