// Requests as bytes, for the specification of guarded endpoints, made by the bson package and not by the code that reads them;
// and what a guard says of one.

import { deflateSync } from 'node:zlib'
import { BSON, type Document } from 'bson'
import { createGuard, type Guard, type GuardRules } from '../guard/guard.ts'

export const endpoint = 'vpce-1'
const app = { username: 'app', databaseName: 'admin' }
export const readOnly: GuardRules = { readOnly: true, databaseUsers: null }
export const users: GuardRules = {
  readOnly: false,
  databaseUsers: [app, { username: 'CN=app', databaseName: '$external' }],
}

export const message = (opcode: number, body: Buffer, id = 7): Buffer => {
  const head = Buffer.alloc(16)
  head.writeInt32LE(16 + body.length, 0)
  head.writeInt32LE(id, 4)
  head.writeInt32LE(opcode, 12)
  return Buffer.concat([head, body])
}
export const document = (value: Document): Buffer => Buffer.from(BSON.serialize(value))
export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
export const sequence = (name: string, documents: readonly Document[]): Buffer => {
  const inside = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map(document)])
  return Buffer.concat([Buffer.from([1]), int32(4 + inside.length), inside])
}
export const body = (value: Document): Buffer => Buffer.concat([Buffer.from([0]), document(value)])
export const sections = (flags: number, ...parts: readonly Buffer[]): Buffer =>
  message(2013, Buffer.concat([int32(flags), ...parts]))
export const msg = (command: Document): Buffer => sections(0, body({ ...command, $db: 'shop' }))
export const query = (namespace: string, command: Document): Buffer =>
  message(2004, Buffer.concat([int32(0), Buffer.from(`${namespace}\0`), int32(0), int32(-1), document(command)]))
export const compressed = (plain: Buffer, { compressor = 2, size = plain.length - 16 } = {}): Buffer => {
  const data = compressor === 2 ? deflateSync(plain.subarray(16)) : plain.subarray(16)
  const fields = Buffer.concat([plain.subarray(12, 16), int32(size), Buffer.from([compressor])])
  return message(2012, Buffer.concat([fields, data]))
}

/** `passes`, or the code by which it was refused. */
export const judged = (guard: Guard, request: Buffer): string => {
  const verdict = guard.judge(request)
  return verdict.refused?.code ?? 'passes'
}
export const once = (rules: GuardRules, request: Buffer): string => judged(createGuard(rules, endpoint), request)
export const aggregate = (...pipeline: readonly Document[]): Document => ({ aggregate: 'c', pipeline, cursor: {} })
