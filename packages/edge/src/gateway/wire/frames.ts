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

/**
 * `pass`, `hold`, how many bytes of the message must be there before it can be said (more than there are now), or `wait`: it is
 * asked for again with the next push, which may be an empty one.
 */
export type Decision = 'pass' | 'hold' | 'wait' | number

interface FrameRules {
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
export function createFrameReader({ decide, rewrite }: FrameRules): FrameReader {
  let kept = nothing // grows; the first `keptBytes` of it are the start of the current message
  let keptBytes = 0
  let want = headerBytes // how many bytes the current message needs before the next decision
  let holding = false
  let passing = 0 // bytes of the current message that go straight on
  let putOff = nothing // everything from the message on that waits for a word

  const keep = (bytes: Buffer): void => {
    if (keptBytes + bytes.length > kept.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(2 * kept.length, keptBytes + bytes.length, 64))
      kept.copy(grown, 0, 0, keptBytes)
      kept = grown
    }
    bytes.copy(kept, keptBytes)
    keptBytes += bytes.length
  }

  /** Decides about the message at `at`; true once it is decided, else `want` says how much more it takes. */
  const settle = (bytes: Buffer, at: number, have: number): boolean | 'wait' => {
    const length = messageLength(bytes, at)
    if (length < headerBytes || length > maxMessageBytes) {
      throw new WireRefusal('MESSAGE_LENGTH', `a message of ${length} bytes is not MongoDB's wire protocol`)
    }
    const decision = decide(bytes, at, Math.min(have, length))
    if (decision === 'pass') {
      passing = length
      return true
    }
    if (decision === 'wait') return decision
    holding = decision === 'hold'
    want = decision === 'hold' ? length : Math.min(decision, length)
    if (!holding && want <= have) throw new WireRefusal('MESSAGE', 'a message too short for its kind')
    return holding
  }

  const takeKept = (): Buffer => {
    const message = kept.subarray(0, keptBytes)
    kept = nothing
    keptBytes = 0
    want = headerBytes
    holding = false
    return message
  }

  return {
    atBoundary: () => keptBytes === 0 && passing === 0 && putOff.length === 0,

    resume(left) {
      passing = left
    },

    push(more) {
      const chunk = putOff.length === 0 ? more : Buffer.concat([putOff, more])
      putOff = nothing
      const out: Buffer[] = []
      let at = 0
      let from = 0 // where the run of passing bytes began
      const flush = (): void => {
        if (at > from) out.push(from === 0 && at === chunk.length ? chunk : chunk.subarray(from, at))
      }

      /** False where it waits, and with it all that follows. */
      const give = (message: Buffer): boolean => {
        const rewritten = rewrite(message)
        if (rewritten === 'wait') {
          putOff = Buffer.concat([message, chunk.subarray(at)])
          return false
        }
        if (rewritten.length > 0) out.push(rewritten)
        return true
      }

      while (at < chunk.length) {
        if (passing > 0) {
          const step = Math.min(passing, chunk.length - at)
          passing -= step
          at += step
          continue
        }
        if (keptBytes > 0) {
          const step = Math.min(want - keptBytes, chunk.length - at)
          keep(chunk.subarray(at, at + step))
          at += step
          from = at
          if (keptBytes < want) continue
          if (!holding) {
            const settled = settle(kept, 0, keptBytes)
            if (settled === 'wait') {
              putOff = Buffer.concat([takeKept(), chunk.subarray(at)])
              return out
            }
            if (!settled) continue
            if (passing > 0) {
              passing -= keptBytes
              out.push(takeKept())
              continue
            }
          }
          if (keptBytes === want && !give(takeKept())) return out
          continue
        }
        const have = chunk.length - at
        const settled = have >= headerBytes && settle(chunk, at, have)
        if (settled === true && passing > 0) continue
        flush()
        if (settled === 'wait') {
          putOff = Buffer.from(chunk.subarray(at))
          return out
        }
        const whole = settled && have >= want
        const end = whole ? at + want : chunk.length
        if (whole) {
          holding = false
          want = headerBytes
          const message = chunk.subarray(at, end)
          at = end
          from = at
          if (!give(message)) return out
          continue
        }
        keep(chunk.subarray(at, end))
        at = end
        from = at
      }
      flush()
      return out
    },
  }
}
