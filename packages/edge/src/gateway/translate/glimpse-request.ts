// What is looked at of a request before it passes: whether it is a hello, how far it goes until one can tell what it does, and
// whether an answer to it will come. Pure, over the bytes that are there.

import { headerBytes, messageLength, opcode, opcodeOf } from '../wire/frames.ts'
import type { Glimpse } from '../wire/glimpse.ts'
import { compressedDataAt, compressedFields, decodedPrefix } from '../wire/op-compressed.ts'
import { exhaustAllowed, glimpseMsg, moreToCome } from '../wire/op-msg.ts'
import { glimpseQuery } from '../wire/op-query.ts'
import { WireRefusal } from '../wire/refusal.ts'

/** How far into a request its command is looked for; see `unclear` in wire/glimpse.ts. */
const maxGlimpseBytes = 16_384

/** How much of a request is waited for, so that `lastWords` can tell what it was; 0 where that would cost too much. */
export function commandBytes(bytes: Buffer, at: number, length: number): number {
  const kind = opcodeOf(bytes, at)
  if (kind === opcode.COMPRESSED) return length <= maxGlimpseBytes ? length : 0
  const bodyAt = headerBytes + 5 // behind the flags and the section's kind
  if (kind !== opcode.MSG || bytes[at + bodyAt - 1] !== 0) return 0
  const end = bodyAt + bytes.readInt32LE(at + bodyAt)
  return end <= Math.min(length, maxGlimpseBytes) ? end : 0
}

/** Throws WireRefusal for what is no request. */
export function glimpseRequest(bytes: Buffer, at: number, have: number): Glimpse {
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

export function wantsReply(bytes: Buffer, at: number): boolean {
  const kind = opcodeOf(bytes, at)
  return kind === opcode.MSG ? !moreToCome(bytes, at + headerBytes) : !noReply.has(kind)
}

export const allowsMore = (bytes: Buffer, at: number): boolean =>
  opcodeOf(bytes, at) === opcode.MSG && exhaustAllowed(bytes, at + headerBytes)
