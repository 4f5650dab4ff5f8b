// What a member that is gone would have said of a retryable write that it left unanswered, had it shut down in good
// order: InterruptedAtShutdown, labelled so that a driver sends the same write again, once, to the next primary
// (Retryable Writes specification, "Determining Retryable Errors"); as a mongos answers for a shard. Without an answer
// a driver may not retry: Node's, up to 7.9, labels only the first write of a pool that loses its connection.

import { documentOf, elements, stringArrayElement, stringElement } from '../wire/bson-elements.ts'
import { headerBytes, opcode, opcodeOf, requestId } from '../wire/frames.ts'
import { decompressed } from '../wire/op-compressed.ts'
import { bodyOfMsg, moreToCome } from '../wire/op-msg.ts'
import { WireRefusal } from '../wire/refusal.ts'

const INT64 = 0x12
/** A compressed request may decode to this many bytes; a longer one is not looked into. */
const maxDecodedBytes = 65_536

/**
 * The whole reply to `request` (its first bytes, or all of it); null for what is no retryable write, or cannot be told
 * to be one: its client must see its connection end.
 */
export function lastWords(request: Buffer): Buffer | null {
  return isRetryableWrite(request) ? message(requestId(request)) : null
}

function isRetryableWrite(request: Buffer): boolean {
  try {
    const plain = opcodeOf(request) === opcode.COMPRESSED ? decompressed(request, maxDecodedBytes) : request
    if (opcodeOf(plain) !== opcode.MSG || moreToCome(plain, headerBytes)) return false
    const { from, to } = bodyOfMsg(plain)
    let [session, number, transaction] = [false, false, false]
    for (const { name, type } of elements(plain, from, to)) {
      if (name === 'lsid') session = true
      if (name === 'txnNumber') number = type === INT64
      if (name === 'autocommit' || name === 'startTransaction') transaction = true
    }
    return session && number && !transaction
  } catch (error) {
    if (error instanceof WireRefusal || error instanceof RangeError) return false // cut short, or broken
    throw error
  }
}

function message(responseTo: number): Buffer {
  const body = documentOf([
    Buffer.from('\x01ok\0\0\0\0\0\0\0\0\0', 'latin1'),
    stringElement('errmsg', 'the member is gone; the gateway answers for it'),
    Buffer.from('\x10code\0\x50\x2d\0\0', 'latin1'), // 11600
    stringElement('codeName', 'InterruptedAtShutdown'),
    stringArrayElement('errorLabels', ['RetryableWriteError']),
  ])
  const head = Buffer.alloc(headerBytes + 5) // no flags, then the kind of the one section
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(responseTo, 8)
  head.writeInt32LE(opcode.MSG, 12)
  return Buffer.concat([head, body])
}
