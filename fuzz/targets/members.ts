// Three members with names of their own, and a judge that looks for these in what a client would read. The judge reads
// BSON with the driver's own walker and messages by itself, so that it does not share our mistakes.

import zlib from 'node:zlib'
import { BSON } from 'bson'
import type { HelloNames } from '../../packages/edge/src/gateway/translate/hello.ts'
import { decodable } from '../../packages/edge/src/gateway/wire/op-compressed.ts'
import { snappyPrefix } from '../../packages/edge/src/gateway/wire/snappy.ts'
import { promise } from './promise.ts'

const told: Readonly<Record<string, string>> = {
  'a.internal:27017': 'gate:1024',
  'b.internal:27017': 'gate:1025',
}
/** `c` is a member that the endpoint does not advertise. */
const own = /[abc]\.internal/i

export const names: HelloNames = { advertised: (hostPort) => told[hostPort] ?? null, compressors: decodable }

export const hello = {
  topologyVersion: { processId: new BSON.ObjectId('0123456789abcdef01234567'), counter: BSON.Long.fromNumber(6) },
  hosts: ['a.internal:27017', 'B.internal:27017'],
  passives: ['c.internal:27017'],
  arbiters: ['b.internal:27017'],
  setName: 'rs0',
  setVersion: 1,
  isWritablePrimary: true,
  secondary: false,
  primary: 'a.internal:27017',
  me: 'b.internal:27017',
  lastWrite: { lastWriteDate: new Date(0) },
  compression: ['zlib', 'snappy', 'zstd', 'lz4'],
  maxWireVersion: 21,
  minWireVersion: 0,
  ok: 1,
}

const [STRING, ARRAY] = [2, 4]
/** As what a driver reads each: the same words as something else are no names (connPoolStats has `hosts` as a document). */
const carriesNames: ReadonlyMap<string, number> = new Map([
  ['hosts', ARRAY],
  ['passives', ARRAY],
  ['arbiters', ARRAY],
  ['primary', STRING],
  ['me', STRING],
])

/** Throws where a document of a hello's answer tells a member's own name. One that no driver could read tells nothing. */
export function promiseClean(document: Buffer): void {
  for (const { name, type, value } of elementsOf(document) ?? [])
    promise(
      carriesNames.get(name) !== type || !own.test(value.toString('latin1')),
      `a client reads a member's name in ${name}`,
    )
}

interface Found {
  readonly name: string
  readonly type: number
  readonly value: Buffer
}

/** As the driver's own walker finds them; null where it finds nothing of the kind. */
export function elementsOf(document: Buffer): readonly Found[] | null {
  try {
    return [...BSON.onDemand.parseToElements(document)].map(([type, nameAt, nameLength, at, length]) => ({
      type,
      name: document.toString('utf8', nameAt, nameAt + nameLength),
      value: document.subarray(at, at + length),
    }))
  } catch {
    return null
  }
}

export interface Message {
  readonly requestId: number
  readonly responseTo: number
  readonly moreToCome: boolean
  readonly documents: readonly Buffer[]
}

/** The messages of a stream, each with every document that a reader might take out of it. */
export function messagesIn(stream: Buffer): readonly Message[] {
  const messages: Message[] = []
  for (let at = 0; at + 16 <= stream.length; ) {
    const length = stream.readInt32LE(at)
    if (length < 16 || at + length > stream.length) break
    const message = stream.subarray(at, at + length)
    const inner = insideOf(message)
    messages.push({
      requestId: message.readInt32LE(4),
      responseTo: message.readInt32LE(8),
      moreToCome: inner.opcode === 2013 && inner.body.length >= 4 && (inner.body.readUInt32LE(0) & 2) !== 0,
      documents: documentsOf(inner),
    })
    at += length
  }
  return messages
}

interface Inner {
  readonly opcode: number
  readonly body: Buffer
}

function insideOf(message: Buffer): Inner {
  const opcode = message.readInt32LE(12)
  if (opcode !== 2012 || message.length < 25) return { opcode, body: message.subarray(16) }
  const data = message.subarray(25)
  const inner = message.readInt32LE(16)
  try {
    switch (message[24]) {
      case 0:
        return { opcode: inner, body: data }
      case 1:
        return { opcode: inner, body: snappyPrefix(data, 1_048_576) }
      case 2:
        return { opcode: inner, body: zlib.inflateSync(data, { maxOutputLength: 1_048_576 }) }
    }
  } catch {
    // Nobody can read it.
  }
  return { opcode: 0, body: Buffer.alloc(0) }
}

const documentAt = (bytes: Buffer, at: number): Buffer | null => {
  if (at + 5 > bytes.length) return null
  const length = bytes.readInt32LE(at)
  return length < 5 || at + length > bytes.length ? null : bytes.subarray(at, at + length)
}

function documentsOf({ opcode, body }: Inner): readonly Buffer[] {
  const documents: Buffer[] = []
  const all = (from: number, to: number): void => {
    for (let at = from; at < to; ) {
      const document = documentAt(body.subarray(0, to), at)
      if (document === null) return
      documents.push(document)
      at += document.length
    }
  }
  if (opcode === 1) all(20, body.length)
  if (opcode !== 2013) return documents
  for (let at = 4; at + 5 <= body.length; ) {
    const kind = body[at]
    const size = body.readInt32LE(at + 1)
    if (size < 5 || at + 1 + size > body.length) break
    if (kind === 0) documents.push(body.subarray(at + 1, at + 1 + size))
    at += 1 + size
  }
  return documents
}

/** Whether a server would take this request for a hello. */
export function asksHello(message: Buffer): boolean {
  const { opcode, body } = insideOf(message)
  const [document] = opcode === 2013 ? documentsOf({ opcode, body }) : opcode === 2004 ? [queryOf(body)] : []
  const [first] = (document && elementsOf(document)) ?? []
  if (first === undefined) return false
  const wrapped = opcode === 2004 && (first.name === '$query' || first.name === 'query') && first.type === 3
  const command = wrapped ? elementsOf(first.value)?.[0]?.name : first.name
  return command === 'hello' || command === 'ismaster' || command === 'isMaster'
}

function queryOf(body: Buffer): Buffer | null {
  const end = body.indexOf(0, 4)
  // A server takes no longer names than this.
  if (end < 0 || end > 4 + 120 || !body.toString('latin1', 4, end).endsWith('.$cmd')) return null
  return documentAt(body, end + 9)
}
