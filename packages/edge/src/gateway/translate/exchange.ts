// One connection's talk, both ways, as bytes in and bytes out: requests are looked at as far as their command and pass
// as they come; replies to a hello are held until they are whole, translated, and sent on; all other replies are only
// counted. No socket here: join/ pushes what it reads and writes what comes back.

import { askedUser } from '../guard/authentication.ts'
import type { Guard, GuardRefusal } from '../guard/guard.ts'
import { readCommand } from '../guard/request.ts'
import {
  createFrameReader,
  type Decision,
  type FrameReader,
  headerBytes,
  messageLength,
  opcode,
  opcodeOf,
  requestId,
  responseTo,
} from '../wire/frames.ts'
import type { Glimpse } from '../wire/glimpse.ts'
import { compressedDataAt, compressedFields, decodedPrefix, decompressed } from '../wire/op-compressed.ts'
import { bodyOfMsg, exhaustAllowed, glimpseMsg, moreToCome } from '../wire/op-msg.ts'
import { documentOfQuery, glimpseQuery } from '../wire/op-query.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { createAsked } from './asked.ts'
import { errorReply, pingInstead, type ServerError } from './error-reply.ts'
import { type ClientInfo, clientInfo, type HelloNames, hasElement, shown } from './hello.ts'
import { lastWords } from './last-words.ts'
import { asksForBalancing, type Balancing, mismatch, withoutBalancing } from './load-balanced.ts'
import { maxHelloBytes, type TranslatedReply, translateReply } from './reply.ts'
import { requestKind } from './request-kind.ts'

/** How far into a request its command is looked for; see `unclear` in wire/glimpse.ts. */
const maxGlimpseBytes = 16_384
/** A first hello up to this long is held whole to read the client's name for itself out of it. */
const maxFirstHelloBytes = 65_536
/** A longer write is not turned away but goes on to its member. */
const maxTurnedAwayBytes = 1_048_576

interface ExchangeParts {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Asked for at every answer to hello, so that it is always the newest snapshot's. */
  readonly names: () => HelloNames
  /** Called with members that an answer to hello named and that were left out of it. */
  readonly leftOut?: (members: readonly string[]) => void
  /** Every request is held until it is whole, and judged; null: they pass as they come. */
  readonly guard?: Guard | null
  /**
   * Called when the client is about to work, at its first request but hello, or at a hello that signs it in: null where it
   * may, else why not, as its requests are answered then; asked again at the next of them. Where that is not known at once,
   * the request waits; see `asking`. Such a promise never rejects.
   */
  readonly begin?: () => string | null | Promise<string | null>
  /** What the port is to a client in load balanced mode; absent: hellos are not judged by it. */
  readonly balancing?: Balancing
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
   * While a request waits for `begin`'s word: resolves when it is there. Then `requests` is to be pushed, if only an empty
   * buffer; it keeps what is pushed meanwhile.
   */
  asking(): Promise<void> | null
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
  /**
   * True where another may carry the bytes and count: the client works, nothing is on its way, and nothing is judged. Never
   * again where a hello's answer may have been taken for another's, or the other way round.
   */
  portable(): boolean
  /** Another carries the bytes until `resume`, and is asked what it has seen. Only where it is portable. */
  lend(carrier: () => Carrying): void
  /** Goes on from where the other has come to. */
  resume(from: Carried): void
}

interface Carrying {
  /** Requests since it began. */
  readonly requests: number
  /** Nothing is on its way. */
  readonly quiet: boolean
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

export function createExchange({
  now,
  names,
  leftOut,
  guard = null,
  begin = () => null,
  balancing,
  mismatched,
  refused,
}: ExchangeParts): Exchange {
  const asked = createAsked()
  let client: ClientInfo | null = null
  let user: string | null = null
  let seen = 0
  let hellos = 0
  let firstHelloAt: number | null = null
  let handshakeMs: number | null = null
  let awaited = 0 // replies to anything but hello
  let works = false
  let unanswered: Buffer | null = null // the first bytes of the one request that waits

  let compressed = false
  let mixed = false // a hello was on its way beside other requests, or answers that nobody counts: no driver does that
  let carrier: (() => Carrying) | null = null

  let begun = false
  let asking: Promise<void> | null = null
  let told: { readonly sentence: string | null } | null = null // `begin`'s word that came later, until it is taken
  let against: { readonly error: ServerError; readonly sentence: string; readonly labels?: readonly string[] } | null =
    null // why the request that is held may not go on
  let balanced = false // the client is in load balanced mode, as its port is
  let turnAway: Parameters<Exchange['drain']>[0] | null = null
  let turnedAway = false
  let engaged = false

  const mayBegin = (): string | null | 'wait' => {
    if (asking !== null) return 'wait'
    const word = told?.sentence ?? (told === null ? begin() : null)
    told = null
    if (!(word instanceof Promise)) return word
    asking = word.then((sentence) => {
      asking = null
      told = { sentence }
    })
    return 'wait'
  }

  /** Remembers a request by its first `have` bytes; `hold`: it may not go on. A number: it takes more of them. */
  const note = (bytes: Buffer, at: number, have: number): Decision => {
    const glimpse = glimpseRequest(bytes, at, have)
    if (typeof glimpse === 'number') return glimpse
    const length = messageLength(bytes, at)
    if (opcodeOf(bytes, at) === opcode.COMPRESSED) compressed = true
    let signsIn = false
    let rewritten = false
    if (seen === 0 && glimpse === 'hello' && length <= maxFirstHelloBytes) {
      if (have < length) return length
      const first = readFirst(bytes.subarray(at, at + length))
      client = first.client
      user = first.user
      signsIn = first.signsIn
      const sentence = balancing ? mismatch(balancing, first.balanced) : null
      if (sentence !== null) {
        against = { error: 'LoadBalancerSupportMismatch', sentence }
        mismatched?.(sentence)
        return 'hold'
      }
      balanced = balancing !== undefined && first.balanced
      rewritten = balanced
    }
    if (turnAway !== null && glimpse === 'hello' && seen > 0 && !begun && length <= maxFirstHelloBytes) {
      turnedAway = turnAway('hello')
      if (turnedAway) return 'hold'
    }
    if (!begun && (glimpse !== 'hello' || signsIn)) {
      const sentence = mayBegin()
      if (sentence === 'wait') return sentence
      if (sentence !== null) {
        against = { error: 'IngressRequestRateLimitExceeded', sentence, labels: overload }
        if (length <= maxFirstHelloBytes) return 'hold'
        throw new WireRefusal('MESSAGE_LENGTH', `a message of ${length} bytes where ${sentence}`)
      }
      begun = true
    }
    against = null
    if (glimpse === 'other') {
      const want = commandBytes(bytes, at, length)
      if (have < want) return want
      if (turnAway !== null) {
        const kind = requestKind(bytes.subarray(at, at + have))
        engaged = kind === 'goes on'
        turnedAway = kind === 'retryable write' && length <= maxTurnedAwayBytes && turnAway('write')
        if (turnedAway) return 'hold'
      }
      works = true
      if (asked.pending() !== null || allowsMore(bytes, at)) mixed = true
      if (wantsReply(bytes, at)) unanswered = awaited++ === 0 ? bytes.subarray(at, at + have) : null
    } else {
      firstHelloAt ??= now()
      if (awaited > 0) mixed = true
      asked.add(requestId(bytes, at), glimpse === 'hello')
    }
    seen++
    return rewritten ? 'hold' : 'pass'
  }

  const replaced = createReplaced()
  let judged: ReturnType<Guard['judge']> | null = null // of the request that waits

  /** What goes on of a request that the guard has judged: all of it, nothing, or a ping in its place. */
  const guarded = (judge: Guard['judge'], message: Buffer): Buffer | 'wait' => {
    const verdict = judged ?? judge(message)
    if (judged === null && verdict.refused) refused?.(verdict.refused)
    judged = null
    if (verdict.message === null) {
      seen++
      return nothing
    }
    if ('reply' in verdict) return instead(verdict.message, verdict.reply)
    const decision = note(verdict.message, 0, verdict.message.length)
    if (decision === 'wait') {
      judged = verdict // a guard judges each message once
      return decision
    }
    return decision === 'hold' ? heldBack(verdict.message) : verdict.message
  }

  /** The member is asked this, and its answer replaced. */
  const instead = (question: Buffer, reply: Buffer): Buffer => {
    replaced.add(requestId(question), reply)
    awaited++
    unanswered = null
    seen++
    return question
  }

  /**
   * What goes on of a request that was held: a hello as routers take it; of one that may not go on a ping, or nothing where the
   * client is turned away.
   */
  const heldBack = (message: Buffer): Buffer => {
    if (!turnedAway && against === null) return withoutBalancing(message, maxFirstHelloBytes)
    if (turnedAway || against === null || !wantsReply(message, 0)) {
      seen++
      return nothing
    }
    const id = requestId(message)
    const form = isMsg.has(opcodeOf(message)) ? 'msg' : 'query'
    return instead(pingInstead(id), errorReply({ form, responseTo: id, ...against }))
  }

  const requests =
    guard === null
      ? createFrameReader({ decide: note, rewrite: heldBack })
      : createFrameReader({
          decide(bytes, at) {
            const length = messageLength(bytes, at)
            if (seen > 0 || length <= maxFirstHelloBytes) return 'hold'
            throw new WireRefusal('MESSAGE_LENGTH', `a first message of ${length} bytes`)
          },
          rewrite: (message) => guarded(guard.judge, message),
        })

  let answer: 'sure' | 'unsure' | null = null // of the reply that is being read
  let substitute: Buffer | null = null // what is sent in its place
  let stream: { readonly message: Buffer; told: Buffer } | null = null // a watching client's newest answer

  const replies = createFrameReader({
    decide(bytes, at): Decision {
      substitute = replaced.take(responseTo(bytes, at))
      if (substitute !== null) {
        awaited--
        return 'hold'
      }
      answer = asked.answers(responseTo(bytes, at))
      if (answer === null) {
        if (awaited > 0) awaited--
        unanswered = null
        return 'pass'
      }
      const length = messageLength(bytes, at)
      if (length <= maxHelloBytes) return 'hold'
      if (answer === 'sure') throw new WireRefusal('HELLO_TOO_LONG', `a hello's reply of ${length} bytes`)
      return 'pass'
    },
    rewrite(message) {
      if (substitute !== null) return substitute
      const told = balanced && balancing && 'serviceId' in balancing ? { ...names(), ...balancing } : names()
      const reply = translated(message, told, answer === 'sure')
      hellos++
      handshakeMs ??= Math.max(0, now() - (firstHelloAt ?? now()))
      if (reply.moreToCome) asked.add(requestId(message), true)
      stream = reply.moreToCome ? { message: Buffer.from(message), told: reply.message } : null
      if (reply.leftOut.length > 0) leftOut?.(reply.leftOut)
      return reply.message
    },
  })

  const quiet = (): boolean =>
    carrier !== null
      ? carrier().quiet
      : awaited === 0 && asked.pending() !== 'unsure' && requests.atBoundary() && replies.atBoundary()

  return {
    requests,
    replies,
    client: () => client,
    user: () => user,
    count: () => seen + (carrier?.().requests ?? 0),
    hellos: () => hellos,
    handshakeMs: () => handshakeMs,
    again() {
      if (stream === null || !replies.atBoundary()) return null
      const { message } = translated(stream.message, names(), true)
      if (message.equals(stream.told)) return null
      stream.told = message
      return chained(message)
    },
    quiet,
    asking: () => asking,
    works: () => works,
    watches: () => hellos > 0 && !begun && quiet() && asked.pending() === 'sure',
    parting(because) {
      if (!replies.atBoundary()) return null
      if (awaited === 0 || !requests.atBoundary()) return 'quiet'
      return unanswered === null ? null : lastWords(unanswered, because)
    },
    drain(judge) {
      turnAway = judge
    },
    engaged: () => engaged || balanced,
    portable: () => works && !compressed && !mixed && guard === null && asked.pending() === null && quiet(),
    lend(to) {
      carrier = to
    },
    resume(from) {
      carrier = null
      seen += from.count
      awaited = from.awaited
      unanswered = from.unanswered
      requests.resume(from.requestLeft)
      replies.resume(from.replyLeft)
    },
  }
}

/** One more reply of a stream: it answers the one before, and whatever comes next answers both. null: a checksum is over it. */
function chained(reply: Buffer): Buffer | null {
  if (opcodeOf(reply) !== opcode.MSG || (reply.readUInt32LE(headerBytes) & 1) !== 0) return null
  const more = Buffer.from(reply)
  more.writeInt32LE(requestId(reply), 8)
  return more
}

const nothing = Buffer.alloc(0)
const isMsg: ReadonlySet<number> = new Set([opcode.MSG, opcode.COMPRESSED])

/** A driver of today waits and asks again, and keeps its pool; an older one hands the error on, and keeps it too. */
const overload = ['SystemOverloadedError', 'RetryableError'] as const

const maxReplaced = 256

/** Answers of the guard that wait for their turn, by the request that they answer. */
function createReplaced() {
  const waiting = new Map<number, Buffer[]>()
  let count = 0
  return {
    /** Throws WireRefusal when too many are on their way. */
    add(id: number, reply: Buffer): void {
      if (++count > maxReplaced) throw new WireRefusal('MESSAGE', `${count} refused requests without an answer`)
      const others = waiting.get(id)
      if (others === undefined) waiting.set(id, [reply])
      else others.push(reply)
    },
    take(id: number): Buffer | null {
      const replies = waiting.get(id)
      const reply = replies?.shift()
      if (replies === undefined || reply === undefined) return null
      count--
      if (replies.length === 0) waiting.delete(id)
      return reply
    },
  }
}

/** How much of a request is waited for, so that `lastWords` can tell what it was; 0 where that would cost too much. */
function commandBytes(bytes: Buffer, at: number, length: number): number {
  const kind = opcodeOf(bytes, at)
  if (kind === opcode.COMPRESSED) return length <= maxGlimpseBytes ? length : 0
  const bodyAt = headerBytes + 5 // behind the flags and the section's kind
  if (kind !== opcode.MSG || bytes[at + bodyAt - 1] !== 0) return 0
  const end = bodyAt + bytes.readInt32LE(at + bodyAt)
  return end <= Math.min(length, maxGlimpseBytes) ? end : 0
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

function glimpseRequest(bytes: Buffer, at: number, have: number): Glimpse {
  const total = messageLength(bytes, at) - headerBytes
  const glimpse = glimpseBody(bytes, at, have, total)
  if (typeof glimpse !== 'number') return glimpse
  return glimpse > maxGlimpseBytes ? 'unclear' : headerBytes + glimpse
}

function glimpseBody(bytes: Buffer, at: number, have: number, total: number): Glimpse {
  const body = at + headerBytes
  switch (opcodeOf(bytes, at)) {
    case opcode.MSG:
      return glimpseMsg(bytes, body, have - headerBytes, total)
    case opcode.QUERY:
      return glimpseQuery(bytes, body, have - headerBytes, total)
    case opcode.COMPRESSED:
      return glimpseCompressed(bytes, at, have, total)
    case opcode.UPDATE:
    case opcode.INSERT:
    case opcode.GET_MORE:
    case opcode.DELETE:
    case opcode.KILL_CURSORS:
      return 'other'
    default:
      throw new WireRefusal('OPCODE', `a request with opcode ${opcodeOf(bytes, at)}`)
  }
}

function glimpseCompressed(bytes: Buffer, at: number, have: number, total: number): Glimpse {
  if (have < compressedDataAt) return compressedDataAt - headerBytes
  const fields = compressedFields(bytes, at)
  const want = Math.min(total, compressedDataAt - headerBytes + fields.compressor.glimpseBytes)
  if (have - headerBytes < want) return want
  if (fields.compressor.glimpseBytes < total && fields.compressor.name === 'zstd') return 'unclear'
  const plain = decodedPrefix(fields, bytes.subarray(at + compressedDataAt, at + headerBytes + want), maxGlimpseBytes)
  if (plain === null) return 'unclear'
  const look = glimpsers.get(fields.opcode)
  const glimpse = look === undefined ? 'other' : look(plain, 0, plain.length, Math.max(fields.size, plain.length))
  return typeof glimpse === 'number' ? 'unclear' : glimpse
}

const glimpsers: ReadonlyMap<number, typeof glimpseMsg> = new Map([
  [opcode.MSG, glimpseMsg],
  [opcode.QUERY, glimpseQuery],
])

const noReply: ReadonlySet<number> = new Set([opcode.UPDATE, opcode.INSERT, opcode.DELETE, opcode.KILL_CURSORS])

function wantsReply(bytes: Buffer, at: number): boolean {
  const kind = opcodeOf(bytes, at)
  return kind === opcode.MSG ? !moreToCome(bytes, at + headerBytes) : !noReply.has(kind)
}

const allowsMore = (bytes: Buffer, at: number): boolean =>
  opcodeOf(bytes, at) === opcode.MSG && exhaustAllowed(bytes, at + headerBytes)

interface FirstHello {
  readonly client: ClientInfo | null
  readonly user: string | null
  readonly signsIn: boolean
  /** It asks for load balanced mode. */
  readonly balanced: boolean
}

function userOf(hello: Buffer): string | null {
  try {
    const asked = askedUser(readCommand(hello, new Map()))
    return asked === null || 'unclear' in asked ? null : shown([`${asked.username}@${asked.databaseName}`], 64)
  } catch (error) {
    if (error instanceof WireRefusal) return null // the member judges it
    throw error
  }
}

/** What is of interest in a first hello. */
function readFirst(message: Buffer): FirstHello {
  try {
    const plain = opcodeOf(message) === opcode.COMPRESSED ? decompressed(message, maxFirstHelloBytes) : message
    const body = opcodeOf(plain) === opcode.MSG ? bodyOfMsg(plain) : documentOfQuery(plain)
    const document = plain.subarray(body.from, body.to)
    const signsIn = hasElement(document, 'speculativeAuthenticate')
    return {
      client: clientInfo(document),
      user: signsIn ? userOf(document) : null,
      signsIn,
      balanced: asksForBalancing(document),
    }
  } catch (error) {
    if (error instanceof WireRefusal) return { client: null, user: null, signsIn: false, balanced: false } // the member judges the message itself
    throw error
  }
}
