// One connection's talk, both ways, as bytes in and bytes out: requests are looked at as far as their command and pass
// as they come; replies to a hello are held until they are whole, translated, and sent on; all other replies are only
// counted. No socket here: join/ pushes what it reads and writes what comes back. The two directions are in requests.ts and
// replies.ts. Objects with methods, not closures: there is one talk for each of thousands of idle connections.

import type { Guard, GuardRefusal } from '../guard/guard.ts'
import { createFrameReader, type FrameReader } from '../wire/frames.ts'
import type { Holder } from '../wire/held-bytes.ts'
import type { ClientInfo, HelloNames } from './hello.ts'
import { lastWords } from './last-words.ts'
import type { Balancing } from './load-balanced.ts'
import { Replies } from './replies.ts'
import { Requests } from './requests.ts'
import { Talk } from './talk.ts'

/** Called as its methods; what may be absent is taken to say nothing. */
export interface ExchangeParts {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Asked for at every answer to hello, so that it is always the newest snapshot's. */
  readonly names: () => HelloNames
  /** Called with members that an answer to hello named and that were left out of it. */
  readonly leftOut?: (members: readonly string[]) => void
  /** Requests that concern it are held until they are whole, and judged; null: all pass as they come. */
  readonly guard?: Guard | null
  /** For whom long ones of these are held, once there is room; absent: there always is. */
  readonly holder?: Holder
  /**
   * Called when the client is about to work, at its first request but hello, or at a hello that signs it in: null where it
   * may, else why not, as its requests are answered then; asked again at the next of them. Where that is not known at once,
   * the request waits; see `asking`. Such a promise never rejects.
   */
  readonly begin?: () => string | null | Promise<string | null>
  /** What the port is to a client in load balanced mode; absent: hellos are not judged by it. */
  readonly balancing?: () => Balancing
  /** Called with why a client's first hello was answered with LoadBalancerSupportMismatch. */
  readonly mismatched?: (reason: string) => void
  /** Called with what the guard refused. */
  readonly refused?: (refusal: GuardRefusal) => void
}

export interface Exchange {
  /** Client to member. Its `push` throws WireRefusal, then the client is at fault. */
  readonly requests: Pick<FrameReader, 'push'>
  /** Member to client. Its `push` throws WireRefusal, then the member is at fault. */
  readonly replies: Pick<FrameReader, 'push'>
  /** What the client said of itself in its first message, once that came. */
  client(): ClientInfo | null
  /** As whom it asked to be let in with that message, `name@database`; null: it did not, or does not say. */
  user(): string | null
  /** Requests seen so far, hellos included. */
  count(): number
  /** Answers to hello translated so far. */
  hellos(): number
  /** How long the member took for the answer to the first hello, in milliseconds; null until it came. */
  handshakeMs(): number | null
  /**
   * The newest answer of a stream of hellos once more, where other names are told by now; null where there is none, or nothing
   * else to tell. To be written to the client at once: nothing of a message is on its way to it.
   */
  again(): Buffer | null
  /** True when nothing but a hello is on its way, so that the connection can be ended without harm. */
  quiet(): boolean
  /**
   * While a request waits for `begin`'s word, for room, or for `taken`: resolves when it is there. Then `requests` is to be pushed, if
   * only an empty buffer; it keeps what is pushed meanwhile.
   */
  asking(): Promise<void> | null
  /** The member has taken all that `requests` gave for it. To be said whenever it is so: what is judged waits for it. */
  taken(): void
  /** True once anything but hello was asked: the client is at work here, it does not only watch. */
  works(): boolean
  /** True while a driver waits here for a member's next hello, and asks nothing else: it watches. */
  watches(): boolean
  /** What may be said in place of a member that is gone, `because` of that; see `Parting`. */
  parting(because?: string): Parting
  /**
   * From now on `turnAway` is asked at each retryable write, and at each hello of a connection that asks nothing else; true:
   * nothing of it goes on, since the connection is ending. Everything else goes on to the member.
   */
  drain(turnAway: (request: 'hello' | 'write') => boolean): void
  /**
   * While it drains: the last request belongs to a transaction or a cursor that goes on behind it. In load balanced mode, where
   * these are tied to their connection, always: what was asked before is not known.
   */
  engaged(): boolean
  /** The connection is over: what it holds counts no more. */
  over(): void
  /**
   * True where another may carry the bytes and count: the client works, nothing is on its way, and nothing is judged. Never
   * again where a hello's answer may have been taken for another's, or the other way round.
   */
  portable(): boolean
  /** Another carries the bytes until `resume`, and is asked what it has seen. Only where it is portable. */
  lend(carrier: Carrier): void
  /** Goes on from where the other has come to. */
  resume(from: Carried): void
}

export interface Carrier {
  /** `requests`: since it began; `quiet`: nothing is on its way. */
  carrying(): { readonly requests: number; readonly quiet: boolean }
}

/** Where the talk stands after another has carried it. It carried no hello, and nothing compressed. */
interface Carried {
  /** Requests that it saw begin. */
  readonly count: number
  /** Those among them that wait for an answer. */
  readonly awaited: number
  /** The first bytes of the one request that waits; null where several do, or none. */
  readonly unanswered: Buffer | null
  /** Bytes that are still to pass of the message that each side is in. */
  readonly requestLeft: number
  readonly replyLeft: number
}

/**
 * `quiet`: nothing (or not yet the whole of a message) waits for an answer. Bytes: the one answer, a whole message.
 * null: what waits can only be ended with its connection.
 */
export type Parting = Buffer | 'quiet' | null

export const createExchange = (parts: ExchangeParts): Exchange => new BothWays(parts)

class BothWays implements Exchange {
  readonly requests: FrameReader
  readonly replies: FrameReader
  readonly #guarded: boolean
  readonly #talk = new Talk()
  readonly #asking: Requests
  readonly #answering: Replies
  #carrier: Carrier | null = null

  constructor(parts: ExchangeParts) {
    this.#guarded = Boolean(parts.guard)
    this.#asking = new Requests(parts, this.#talk)
    this.#answering = new Replies(parts, this.#talk)
    this.requests = createFrameReader(this.#asking)
    this.replies = createFrameReader(this.#answering)
  }

  client(): ClientInfo | null {
    return this.#asking.client
  }

  user(): string | null {
    return this.#asking.user
  }

  count(): number {
    return this.#talk.seen + (this.#carrier?.carrying().requests ?? 0)
  }

  hellos(): number {
    return this.#answering.hellos
  }

  handshakeMs(): number | null {
    return this.#talk.handshakeMs
  }

  again(): Buffer | null {
    return this.replies.atBoundary() ? this.#answering.again() : null
  }

  quiet(): boolean {
    if (this.#carrier !== null) return this.#carrier.carrying().quiet
    const { awaited, asked } = this.#talk
    return awaited === 0 && asked.pending() !== 'unsure' && this.requests.atBoundary() && this.replies.atBoundary()
  }

  asking(): Promise<void> | null {
    return this.#asking.waitsFor
  }

  taken(): void {
    this.#asking.taken()
  }

  works(): boolean {
    return this.#asking.works
  }

  watches(): boolean {
    return this.hellos() > 0 && !this.#asking.begun && this.quiet() && this.#talk.asked.pending() === 'sure'
  }

  parting(because?: string): Parting {
    const { awaited, unanswered } = this.#talk
    if (!this.replies.atBoundary()) return null
    if (awaited === 0 || !this.requests.atBoundary()) return 'quiet'
    return unanswered === null ? null : lastWords(unanswered, because)
  }

  drain(turnAway: (request: 'hello' | 'write') => boolean): void {
    this.#asking.turnAway = turnAway
  }

  engaged(): boolean {
    return this.#asking.engaged || this.#talk.balanced
  }

  over(): void {
    this.#asking.release()
  }

  portable(): boolean {
    const { works, compressed, mixed } = this.#asking
    return works && !compressed && !mixed && !this.#guarded && this.#talk.asked.pending() === null && this.quiet()
  }

  lend(carrier: Carrier): void {
    this.#carrier = carrier
  }

  resume({ count, awaited, unanswered, requestLeft, replyLeft }: Carried): void {
    this.#carrier = null
    this.#talk.seen += count
    this.#talk.awaited = awaited
    this.#talk.unanswered = unanswered
    this.requests.resume(requestLeft)
    this.replies.resume(replyLeft)
  }
}
