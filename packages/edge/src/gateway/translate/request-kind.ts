// What may be done with a request that is not carried to its member: whether its driver would send the same again, and
// whether it belongs to something that goes on behind it. Read from its first bytes, without its payload.

import { elements } from '../wire/bson-elements.ts'
import { headerBytes, opcode, opcodeOf } from '../wire/frames.ts'
import { decompressed } from '../wire/op-compressed.ts'
import { bodyOfMsg, moreToCome } from '../wire/op-msg.ts'
import { WireRefusal } from '../wire/refusal.ts'

/**
 * `retryable write`: one with a number of its session, outside a transaction; told that the server shuts down a driver sends
 * it again, once (Retryable Writes specification). `goes on`: a statement of a transaction that is not over with it, or the
 * next batch of a cursor. `other`: everything else, and what cannot be told.
 */
export type RequestKind = 'retryable write' | 'goes on' | 'other'

const INT64 = 0x12
/** A compressed request may decode to this many bytes; a longer one is not looked into. */
const maxDecodedBytes = 65_536
const endsTransaction: ReadonlySet<string> = new Set(['commitTransaction', 'abortTransaction'])

/** `request`: its first bytes up to the end of its body, or all of it. */
export function requestKind(request: Buffer): RequestKind {
  try {
    const plain = opcodeOf(request) === opcode.COMPRESSED ? decompressed(request, maxDecodedBytes) : request
    if (opcodeOf(plain) !== opcode.MSG || moreToCome(plain, headerBytes)) return 'other'
    const { from, to } = bodyOfMsg(plain)
    let command: string | null = null
    let [session, number, transaction] = [false, false, false]
    for (const { name, type } of elements(plain, from, to)) {
      command ??= name
      if (name === 'lsid') session = true
      if (name === 'txnNumber') number = type === INT64
      if (name === 'autocommit' || name === 'startTransaction') transaction = true
    }
    if (command === 'getMore') return 'goes on'
    if (transaction) return endsTransaction.has(command ?? '') ? 'other' : 'goes on'
    return session && number ? 'retryable write' : 'other'
  } catch (error) {
    if (error instanceof WireRefusal || error instanceof RangeError) return 'other' // cut short, or broken
    throw error
  }
}
