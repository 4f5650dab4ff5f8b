// OP_MSG: flag bits, then sections of kind 0 (one document, the body) and kind 1 (a sequence of documents), then a
// checksum where the flags say so. The command is the body's first element, wherever among the sections the body lies.
// Positions count from the flag bits, so that a message and the inside of an OP_COMPRESSED are read alike.

import { documentLength } from './bson-elements.ts'
import { crc32c } from './crc32c.ts'
import { headerBytes } from './frames.ts'
import { commandNameBytes, commandNamed, type Glimpse } from './glimpse.ts'
import { WireRefusal } from './refusal.ts'

const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 2
const EXHAUST_ALLOWED = 0x10000

/** What the first bytes of a request tell: `at` is where its flag bits are, `have` of its `total` bytes are there. */
export function glimpseMsg(bytes: Buffer, at: number, have: number, total: number): Glimpse {
  if (total < 9) throw new WireRefusal('MESSAGE', 'an OP_MSG without a body')
  let section = 4
  for (;;) {
    if (section + 5 > total) return 'other' // still no body: the member will refuse it
    if (have < section + 5) return section + 5
    const kind = bytes[at + section]
    if (kind === 0) {
      const name = section + 6
      const want = Math.min(total, name + commandNameBytes)
      return have < want ? want : commandNamed(bytes, at + name, at + want)
    }
    const size = bytes.readInt32LE(at + section + 1)
    if (kind !== 1 || size < 5) return 'unclear'
    section += 1 + size
  }
}

/** Whether the sender says that another reply follows (to a reply) or that none is wanted (in a request). */
export const moreToCome = (bytes: Buffer, flagsAt: number): boolean =>
  (bytes.readUInt32LE(flagsAt) & MORE_TO_COME) !== 0

/** Whether the sender of a request takes more than one reply to it. */
export const exhaustAllowed = (bytes: Buffer, flagsAt: number): boolean =>
  (bytes.readUInt32LE(flagsAt) & EXHAUST_ALLOWED) !== 0

/** Where the body document of a whole OP_MSG lies: [from, to). Throws WireRefusal where the sections do not add up. */
export function bodyOfMsg(message: Buffer): { readonly from: number; readonly to: number } {
  if (message.length < headerBytes + 4) throw new WireRefusal('MESSAGE', 'an OP_MSG without flags')
  const end = message.length - (hasChecksum(message) ? 4 : 0)
  let body: { readonly from: number; readonly to: number } | null = null
  let at = headerBytes + 4
  while (at + 5 <= end) {
    const size = message.readInt32LE(at + 1)
    if (message[at] === 0) {
      // Readers differ in which of two they take.
      if (body !== null) throw new WireRefusal('MESSAGE', 'an OP_MSG with two bodies')
      body = { from: at + 1, to: at + 1 + documentLength(message, at + 1, end) }
    } else if (message[at] !== 1 || size < 5) break
    at += 1 + size
  }
  if (body === null) throw new WireRefusal('MESSAGE', 'an OP_MSG without a body')
  return body
}

/** The same message with another body; its length and, where it had one, its checksum are right again. */
export function withBody(
  message: Buffer,
  body: { readonly from: number; readonly to: number },
  document: Buffer,
): Buffer {
  const changed = Buffer.concat([message.subarray(0, body.from), document, message.subarray(body.to)])
  changed.writeInt32LE(changed.length, 0)
  if (hasChecksum(message)) {
    const at = changed.length - 4
    changed.writeUInt32LE(crc32c(changed.subarray(0, at)), at)
  }
  return changed
}

const hasChecksum = (message: Buffer): boolean => (message.readUInt32LE(headerBytes) & CHECKSUM_PRESENT) !== 0
