// What a client is told instead of what a member would say: an error in the server's own form, as OP_MSG or, to an
// OP_QUERY, as OP_REPLY. And what the member is asked in its place, so that the answer keeps its turn.

import { documentOf, stringArrayElement, stringElement } from '../wire/bson-elements.ts'
import { headerBytes, opcode } from '../wire/frames.ts'

/** Codes of the server (error_codes.yml) with their names. */
const serverErrors = {
  FailedToParse: 9,
  Unauthorized: 13,
  AuthenticationFailed: 18,
  UnsupportedOpQueryCommand: 352,
  LoadBalancerSupportMismatch: 354,
  IngressRequestRateLimitExceeded: 462,
  InterruptedAtShutdown: 11600,
} as const
export type ServerError = keyof typeof serverErrors

interface Answer {
  readonly form: 'msg' | 'query'
  readonly responseTo: number
  readonly error: ServerError
  readonly sentence: string
  /** What a driver may do about it. */
  readonly labels?: readonly string[]
}

export function errorReply({ form, responseTo, error, sentence, labels = [] }: Answer): Buffer {
  const body = documentOf([
    Buffer.from('\x01ok\0\0\0\0\0\0\0\0\0', 'latin1'),
    stringElement('errmsg', sentence),
    int32Element('code', serverErrors[error]),
    stringElement('codeName', error),
    ...(labels.length === 0 ? [] : [stringArrayElement('errorLabels', labels)]),
  ])
  return form === 'msg' ? msg(responseTo, body) : reply(responseTo, body)
}

/** `ping`, under the id of what it stands for. */
export const pingInstead = (requestId: number): Buffer => {
  const message = msg(0, documentOf([int32Element('ping', 1), stringElement('$db', 'admin')]))
  message.writeInt32LE(requestId, 4)
  return message
}

const int32Element = (name: string, value: number): Buffer => {
  const element = Buffer.alloc(1 + name.length + 1 + 4)
  element[0] = 0x10
  element.write(name, 1, 'latin1')
  element.writeInt32LE(value, name.length + 2)
  return element
}

/** No flags, one section of kind 0. */
function msg(responseTo: number, body: Buffer): Buffer {
  const head = Buffer.alloc(headerBytes + 5)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(responseTo, 8)
  head.writeInt32LE(opcode.MSG, 12)
  return Buffer.concat([head, body])
}

/** Flag 8, as the server always sets it: AwaitCapable; no cursor; one document. */
function reply(responseTo: number, body: Buffer): Buffer {
  const head = Buffer.alloc(headerBytes + 20)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(responseTo, 8)
  head.writeInt32LE(opcode.REPLY, 12)
  head.writeInt32LE(8, headerBytes)
  head.writeInt32LE(1, headerBytes + 16)
  return Buffer.concat([head, body])
}
