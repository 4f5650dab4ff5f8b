// The few messages that pass in a measurement, each made once: a hello, a request of 200 bytes, and replies of any size. A
// request's id says how many bytes its reply has, so that a member answers without a look into it.

import { documentOf, stringElement } from '../../packages/edge/src/gateway/wire/bson-elements.ts'
import { headerBytes, opcode } from '../../packages/edge/src/gateway/wire/frames.ts'

const requestBytes = 200
export const helloId = 1

/** Flags and the section's kind. */
const fieldBytes = 5

export const helloRequest = (): Buffer => message(helloId, 0, [stringElement('hello', '1')])
export const helloReply = (): Buffer => message(0, helloId, [stringElement('setName', 'rs0')])
export const request = (replyBytes: number): Buffer =>
  message(replyBytes, 0, filled([stringElement('find', 'collection')], requestBytes))
export const reply = (bytes: number): Buffer => message(0, bytes, filled([stringElement('cursor', 'batch')], bytes))

/** Ends with an element that brings the whole message to `bytes`. */
function filled(elements: readonly Buffer[], bytes: number): readonly Buffer[] {
  const without = message(0, 0, [...elements, stringElement('filler', '')]).length
  return [...elements, stringElement('filler', 'x'.repeat(bytes - without))]
}

function message(requestId: number, responseTo: number, elements: readonly Buffer[]): Buffer {
  const body = documentOf(elements)
  const head = Buffer.alloc(headerBytes + fieldBytes)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(requestId, 4)
  head.writeInt32LE(responseTo, 8)
  head.writeInt32LE(opcode.MSG, 12)
  return Buffer.concat([head, body])
}
