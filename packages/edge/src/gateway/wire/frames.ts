// Wire framing: a byte stream in, the bytes to send on out. Knows lengths, never meanings; see the MongoDB Wire
// Protocol page, "Standard Message Header". For every message `decide` is shown as many of its first bytes as it asks
// for and says whether the message passes as it comes (whatever its size: nothing of it is kept) or is held until it is
// whole and then replaced by what `rewrite` makes of it. Where it cannot be said yet for want of somebody's word, everything
// from that message on is put off until the next push. Lengths below 16 or above the limit are refused.

import { WireRefusal } from './refusal.ts'

export const headerBytes = 16
/** The server's own maxMessageSizeBytes. */
export const maxMessageBytes = 48_000_000

export const opcode = {
  REPLY: 1,
  UPDATE: 2001,
  INSERT: 2002,
  QUERY: 2004,
  GET_MORE: 2005,
  DELETE: 2006,
  KILL_CURSORS: 2007,
  COMPRESSED: 2012,
  MSG: 2013,
} as const

export const messageLength = (bytes: Buffer, at = 0): number => bytes.readInt32LE(at)
export const requestId = (bytes: Buffer, at = 0): number => bytes.readInt32LE(at + 4)
export const responseTo = (bytes: Buffer, at = 0): number => bytes.readInt32LE(at + 8)
export const opcodeOf = (bytes: Buffer, at = 0): number => bytes.readInt32LE(at + 12)

/** So many bytes are kept of a message that is cut. */
export const cutBytes = 64

/**
 * `pass`, `hold`, `cut` (it is held, but only its first bytes are kept: `rewrite` is given these, and may not say `wait`), how many bytes of the message must be there before it can be said (more than there are now), or `wait`: it is
 * asked for again with the next push, which may be an empty one.
 */
export type Decision = 'pass' | 'hold' | 'cut' | 'wait' | number

export interface FrameRules {
  /** Called with a message's first `have` bytes (at least 16) at `at`, again with more if it asked for more. */
  decide(bytes: Buffer, at: number, have: number): Decision
  /** What goes on instead of a held message; an empty buffer: nothing; `wait`: as above. The argument is only lent. */
  rewrite(message: Buffer): Buffer | 'wait'
}

export interface FrameReader {
  /**
   * The bytes to send on, in order; they may be views of `chunk`, and are when nothing was held. Throws WireRefusal,
   * after which the reader must not be used again.
   */
  push(chunk: Buffer): readonly Buffer[]
  /** True between messages. */
  atBoundary(): boolean
  /** Between messages: goes on within one of which `left` bytes are still to pass. */
  resume(left: number): void
}

/** One for all: an empty buffer of each reader's own would be 200 bytes of an idle connection. */
const nothing: Buffer = Buffer.alloc(0)

/** One direction of one connection. Keeps at most what `decide` asks for or holds, never a passing message. */
export const createFrameReader = (rules: FrameRules): FrameReader => new Reader(rules)

class Reader implements FrameReader {
  readonly #rules: FrameRules
  #kept = nothing // grows; the first `keptBytes` of it are the start of the current message
  #keptBytes = 0
  #want = headerBytes // how many bytes the current message needs before the next decision
  #holding = false
  #passing = 0 // bytes of the current message that go straight on
  #dropping = 0 // bytes of a message that is cut
  #putOff = nothing // everything from the message on that waits for a word

  constructor(rules: FrameRules) {
    this.#rules = rules
  }

  atBoundary(): boolean {
    return this.#keptBytes === 0 && this.#passing === 0 && this.#putOff.length === 0
  }

  resume(left: number): void {
    this.#passing = left
  }

  push(more: Buffer): readonly Buffer[] {
    const chunk = this.#putOff.length === 0 ? more : Buffer.concat([this.#putOff, more])
    this.#putOff = nothing
    const out: Buffer[] = []
    let at = 0
    let from = 0 // where the run of passing bytes began
    const flush = (): void => {
      if (at > from) out.push(from === 0 && at === chunk.length ? chunk : chunk.subarray(from, at))
    }

    /** False where it waits, and with it all that follows. */
    const give = (message: Buffer): boolean => {
      const rewritten = this.#rules.rewrite(message)
      if (rewritten === 'wait') {
        this.#putOff = Buffer.concat([message, chunk.subarray(at)])
        return false
      }
      if (rewritten.length > 0) out.push(rewritten)
      return true
    }

    while (at < chunk.length) {
      if (this.#passing > 0) {
        const step = Math.min(this.#passing, chunk.length - at)
        this.#passing -= step
        at += step
        continue
      }
      if (this.#dropping > 0) {
        const step = Math.min(this.#dropping, chunk.length - at)
        this.#dropping -= step
        at += step
        from = at
        if (this.#dropping === 0) give(this.#takeKept())
        continue
      }
      if (this.#keptBytes > 0) {
        const step = Math.min(this.#want - this.#keptBytes, chunk.length - at)
        this.#keep(chunk.subarray(at, at + step))
        at += step
        from = at
        if (this.#keptBytes < this.#want) continue
        if (!this.#holding) {
          const settled = this.#settle(this.#kept, 0, this.#keptBytes)
          if (settled === 'wait') {
            this.#putOff = Buffer.concat([this.#takeKept(), chunk.subarray(at)])
            return out
          }
          if (!settled) continue
          if (settled === 'cut') {
            this.#dropping = messageLength(this.#kept) - this.#keptBytes
            this.#keptBytes = Math.min(this.#keptBytes, cutBytes)
            if (this.#dropping === 0) give(this.#takeKept())
            continue
          }
          if (this.#passing > 0) {
            this.#passing -= this.#keptBytes
            out.push(this.#takeKept())
            continue
          }
        }
        if (this.#keptBytes === this.#want && !give(this.#takeKept())) return out
        continue
      }
      const have = chunk.length - at
      const settled = have >= headerBytes && this.#settle(chunk, at, have)
      if (settled === true && this.#passing > 0) continue
      flush()
      if (settled === 'wait') {
        this.#putOff = Buffer.from(chunk.subarray(at))
        return out
      }
      if (settled === 'cut') {
        const length = messageLength(chunk, at)
        const there = Math.min(have, length)
        this.#keep(chunk.subarray(at, at + Math.min(there, cutBytes)))
        this.#dropping = length - there
        at += there
        from = at
        if (this.#dropping === 0) give(this.#takeKept())
        continue
      }
      const whole = settled && have >= this.#want
      const end = whole ? at + this.#want : chunk.length
      if (whole) {
        this.#holding = false
        this.#want = headerBytes
        const message = chunk.subarray(at, end)
        at = end
        from = at
        if (!give(message)) return out
        continue
      }
      this.#keep(chunk.subarray(at, end))
      at = end
      from = at
    }
    flush()
    return out
  }

  #keep(bytes: Buffer): void {
    if (this.#keptBytes + bytes.length > this.#kept.length) {
      const needed = this.#keptBytes + bytes.length
      const size = Math.max(needed, Math.min(Math.max(2 * this.#kept.length, 64), this.#want))
      const grown = Buffer.allocUnsafeSlow(size)
      this.#kept.copy(grown, 0, 0, this.#keptBytes)
      this.#kept = grown
    }
    bytes.copy(this.#kept, this.#keptBytes)
    this.#keptBytes += bytes.length
  }

  /** Decides about the message at `at`; true once it is decided, else `want` says how much more it takes. */
  #settle(bytes: Buffer, at: number, have: number): boolean | 'cut' | 'wait' {
    const length = messageLength(bytes, at)
    if (length < headerBytes || length > maxMessageBytes) {
      throw new WireRefusal('MESSAGE_LENGTH', `a message of ${length} bytes is not MongoDB's wire protocol`)
    }
    const decision = this.#rules.decide(bytes, at, Math.min(have, length))
    if (decision === 'pass') {
      this.#passing = length
      return true
    }
    if (decision === 'wait' || decision === 'cut') return decision
    this.#holding = decision === 'hold'
    this.#want = decision === 'hold' ? length : Math.min(decision, length)
    if (!this.#holding && this.#want <= have) throw new WireRefusal('MESSAGE', 'a message too short for its kind')
    return this.#holding
  }

  #takeKept(): Buffer {
    const message = this.#kept.subarray(0, this.#keptBytes)
    this.#kept = nothing
    this.#keptBytes = 0
    this.#want = headerBytes
    this.#holding = false
    return message
  }
}
