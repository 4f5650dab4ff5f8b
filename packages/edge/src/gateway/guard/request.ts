// One request of a guarded connection, taken apart so far that it can be judged: its command, the top elements of its
// body and its document sequences. Everything must add up: what is judged here is what goes on to the member, so a byte
// that only one of the two would read must not exist. See the MongoDB Wire Protocol page, OP_MSG and OP_QUERY.

import { type BsonElement, bsonType, documentLength, elements, stringValue } from '../wire/bson-elements.ts'
import { headerBytes, maxMessageBytes, messageLength, opcode, opcodeOf } from '../wire/frames.ts'
import { decompressed } from '../wire/op-compressed.ts'
import { WireRefusal } from '../wire/refusal.ts'

export interface Command {
  /** The body's first element. */
  readonly name: string
  /** The database that it runs on; null where it says none. */
  readonly db: string | null
  readonly document: Buffer
  readonly elements: ReadonlyMap<string, BsonElement>
  /** Of kind 1 sections, by the field that they stand for. */
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>
}

export interface GuardedRequest {
  /** The whole message without its compression. */
  readonly message: Buffer
  readonly form: 'msg' | 'query'
  readonly wantsReply: boolean
  readonly command: Command
  /** Where the command's document lies in `message`; null where it is wrapped in another one. */
  readonly body: { readonly from: number; readonly to: number } | null
}

const flag = { checksumPresent: 1, moreToCome: 2, exhaustAllowed: 0x10000 } as const
const knownFlags = flag.checksumPresent | flag.moreToCome | flag.exhaustAllowed

const broken = (what: string): WireRefusal => new WireRefusal('MESSAGE', what)

/** The same message, and as it would have come without compression. Throws WireRefusal where it does not decode. */
export function uncompressed(message: Buffer): Buffer {
  return opcodeOf(message) === opcode.COMPRESSED ? decompressed(message, maxMessageBytes - headerBytes) : message
}

/** `message` is whole and not compressed. Throws WireRefusal where anything of it does not add up. */
export function readRequest(message: Buffer): GuardedRequest {
  if (messageLength(message) !== message.length) throw broken('a message of another length than it says')
  switch (opcodeOf(message)) {
    case opcode.MSG:
      return readMsg(message)
    case opcode.QUERY:
      return readQuery(message)
    default:
      throw new WireRefusal('OPCODE', `a request with opcode ${opcodeOf(message)}`)
  }
}

/** Whether the sender of a whole OP_MSG, of which nothing else need be right, waits for an answer. */
export const wantsReply = (message: Buffer): boolean =>
  message.length < headerBytes + 4 || (message.readUInt32LE(headerBytes) & flag.moreToCome) === 0

function readMsg(message: Buffer): GuardedRequest {
  if (message.length < headerBytes + 5) throw broken('an OP_MSG without a section')
  const flags = message.readUInt32LE(headerBytes)
  if ((flags & ~knownFlags) !== 0) throw broken('an OP_MSG with flags that nobody knows')
  const end = message.length - (flags & flag.checksumPresent ? 4 : 0)
  const sequences = new Map<string, readonly Buffer[]>()
  let body: GuardedRequest['body'] = null
  let at = headerBytes + 4
  while (at < end) {
    const kind = message[at]
    if (kind === 0) {
      if (body !== null) throw broken('an OP_MSG with two bodies')
      body = { from: at + 1, to: at + 1 + documentLength(message, at + 1, end) }
      at = body.to
    } else if (kind === 1) {
      at = readSequence(message, at + 1, end, sequences)
    } else throw broken(`an OP_MSG with a section of kind ${kind}`)
  }
  if (body === null || at !== end) throw broken('an OP_MSG without a body')
  const command = readCommand(message.subarray(body.from, body.to), sequences)
  return { message, form: 'msg', wantsReply: (flags & flag.moreToCome) === 0, command, body }
}

/** Answers with where it ends. */
function readSequence(message: Buffer, at: number, limit: number, into: Map<string, readonly Buffer[]>): number {
  const size = at + 4 <= limit ? message.readInt32LE(at) : 0
  const end = at + size
  if (size < 5 || end > limit) throw broken('a document sequence does not end where it says')
  const nameEnd = message.indexOf(0, at + 4)
  if (nameEnd < 0 || nameEnd >= end) throw broken('a document sequence without a name')
  const name = message.toString('utf8', at + 4, nameEnd)
  if (into.has(name)) throw broken(`two document sequences ${JSON.stringify(name)}`)
  const documents: Buffer[] = []
  for (let position = nameEnd + 1; position < end; ) {
    const to = position + documentLength(message, position, end)
    documents.push(message.subarray(position, to))
    position = to
  }
  into.set(name, documents)
  return end
}

function readQuery(message: Buffer): GuardedRequest {
  const namespaceEnd = message.indexOf(0, headerBytes + 4)
  if (namespaceEnd < 0) throw broken('an OP_QUERY without a namespace')
  const namespace = message.toString('utf8', headerBytes + 4, namespaceEnd)
  const from = namespaceEnd + 1 + 8
  const to = from + documentLength(message, from, message.length)
  if (to !== message.length) throw broken('an OP_QUERY with something behind its document')
  const outer = readCommand(message.subarray(from, to), new Map())
  const query = { message, form: 'query', wantsReply: true } as const
  if (!namespace.endsWith('.$cmd')) return { ...query, command: { ...outer, name: 'find', db: null }, body: null }
  const db = namespace.slice(0, -'.$cmd'.length)
  const wrapped = outer.elements.get(outer.name)
  if ((outer.name === '$query' || outer.name === 'query') && wrapped?.type === bsonType.DOCUMENT) {
    const inner = readCommand(outer.document.subarray(wrapped.valueAt, wrapped.end), new Map())
    return { ...query, command: { ...inner, db }, body: null }
  }
  return { ...query, command: { ...outer, db }, body: { from, to } }
}

/** Throws WireRefusal for a document that says a field twice: the member may take the other one. */
export function readCommand(document: Buffer, sequences: Command['sequences']): Command {
  const found = new Map<string, BsonElement>()
  for (const element of elements(document, 0, document.length)) {
    if (found.has(element.name) || sequences.has(element.name)) {
      throw broken(`a command that says ${JSON.stringify(element.name)} twice`)
    }
    found.set(element.name, element)
  }
  const [name] = found.keys()
  if (name === undefined) throw broken('a command without a name')
  const command = { name, document, elements: found, sequences }
  return { ...command, db: textAt(command, '$db') }
}

/** Null where there is none, or it is no string. */
export function textAt(
  { document, elements: found }: Pick<Command, 'document' | 'elements'>,
  name: string,
): string | null {
  const element = found.get(name)
  return element?.type === bsonType.STRING ? stringValue(document, element) : null
}

/** Null where there is none, or it is no document. */
export function documentAt(
  { document, elements: found }: Pick<Command, 'document' | 'elements'>,
  name: string,
): Buffer | null {
  const element = found.get(name)
  return element?.type === bsonType.DOCUMENT ? document.subarray(element.valueAt, element.end) : null
}
