// What one frame says: OP_MSG with its sections, the OP_QUERY that drivers still open with, and the replies to both
// (MongoDB Wire Protocol, "OP_MSG", "OP_QUERY", "OP_REPLY"). Pure bytes; documents stay BSON here.
import { FrameError, headerBytes } from './frame.ts'

export const opCodes = { reply: 1, query: 2004, compressed: 2012, msg: 2013 } as const
const flags = { checksumPresent: 1, moreToCome: 2, exhaustAllowed: 0x10000 } as const

export type Sequence = { readonly name: string; readonly documents: readonly Uint8Array[] }
export type Request = {
  readonly requestId: number
  readonly via: 'msg' | 'query'
  readonly moreToCome: boolean
  readonly exhaustAllowed: boolean
  /** The database of an OP_QUERY's `<db>.$cmd`; OP_MSG names it in `$db`. */
  readonly database?: string
  readonly body: Uint8Array
  readonly sequences: readonly Sequence[]
}

export type Header = { readonly requestId: number; readonly responseTo: number; readonly opCode: number }

export function readHeader(frame: Buffer): Header {
  return { requestId: frame.readInt32LE(4), responseTo: frame.readInt32LE(8), opCode: frame.readInt32LE(12) }
}

/**
 * Reads an OP_MSG or OP_QUERY frame.
 * @throws FrameError when lengths do not add up, a section is unknown, or a required flag bit is
 */
export function parseRequest(frame: Buffer): Request {
  const { requestId, opCode } = readHeader(frame)
  if (opCode === opCodes.msg) return parseMsg(frame, requestId)
  if (opCode === opCodes.query) return parseQuery(frame, requestId)
  throw new FrameError(`opcode ${opCode} is not spoken here`)
}

function parseMsg(frame: Buffer, requestId: number): Request {
  if (frame.length < headerBytes + 4) throw new FrameError('an OP_MSG without flags')
  const bits = frame.readUInt32LE(headerBytes)
  if ((bits & 0xffff & ~(flags.checksumPresent | flags.moreToCome)) !== 0) throw new FrameError('unknown required flag')
  const end = frame.length - (bits & flags.checksumPresent ? 4 : 0)
  let body: Uint8Array | undefined
  const sequences: Sequence[] = []
  let at = headerBytes + 4
  while (at < end) {
    const kind = frame[at]
    at += 1
    if (kind === 0) {
      if (body) throw new FrameError('two bodies in one OP_MSG')
      body = documentAt(frame, at, end)
      at += body.length
    } else if (kind === 1) {
      const size = sizeAt(frame, at, end)
      sequences.push(parseSequence(frame.subarray(at + 4, at + size)))
      at += size
    } else throw new FrameError(`section kind ${kind} is unknown`)
  }
  if (!body) throw new FrameError('an OP_MSG without a body')
  return {
    requestId,
    via: 'msg',
    moreToCome: (bits & flags.moreToCome) !== 0,
    exhaustAllowed: (bits & flags.exhaustAllowed) !== 0,
    body,
    sequences,
  }
}

function parseSequence(bytes: Buffer): Sequence {
  const nul = bytes.indexOf(0)
  if (nul < 0) throw new FrameError('a document sequence without a name')
  const documents: Uint8Array[] = []
  let at = nul + 1
  while (at < bytes.length) {
    const document = documentAt(bytes, at, bytes.length)
    documents.push(document)
    at += document.length
  }
  return { name: bytes.toString('utf8', 0, nul), documents }
}

function parseQuery(frame: Buffer, requestId: number): Request {
  const nameAt = headerBytes + 4
  const nul = frame.indexOf(0, nameAt)
  if (nul < 0) throw new FrameError('an OP_QUERY without a collection name')
  const name = frame.toString('utf8', nameAt, nul)
  if (!name.endsWith('.$cmd')) throw new FrameError('an OP_QUERY that is not a command')
  const body = documentAt(frame, nul + 9, frame.length)
  return {
    requestId,
    via: 'query',
    moreToCome: false,
    exhaustAllowed: false,
    database: name.slice(0, -'.$cmd'.length),
    body,
    sequences: [],
  }
}

function sizeAt(bytes: Buffer, at: number, end: number): number {
  if (at + 4 > end) throw new FrameError('a length is cut off')
  const size = bytes.readInt32LE(at)
  if (size < 5 || at + size > end) throw new FrameError(`a section of ${size} bytes does not fit`)
  return size
}

function documentAt(bytes: Buffer, at: number, end: number): Uint8Array {
  return bytes.subarray(at, at + sizeAt(bytes, at, end))
}

export type Reply = {
  readonly requestId: number
  readonly responseTo: number
  readonly body: Uint8Array
  readonly moreToCome?: boolean
}

/** An OP_MSG with one section of kind 0. */
export function encodeMsg(reply: Reply): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + 5 + reply.body.length)
  writeHeader(frame, { ...reply, opCode: opCodes.msg })
  frame.writeUInt32LE(reply.moreToCome ? flags.moreToCome : 0, headerBytes)
  frame[headerBytes + 4] = 0
  frame.set(reply.body, headerBytes + 5)
  return frame
}

/** An OP_REPLY with one document, flags AwaitCapable (8) as servers set them. */
export function encodeOpReply(reply: Reply): Buffer {
  const frame = Buffer.alloc(headerBytes + 20 + reply.body.length)
  writeHeader(frame, { ...reply, opCode: opCodes.reply })
  frame.writeInt32LE(8, headerBytes)
  frame.writeInt32LE(1, headerBytes + 16)
  frame.set(reply.body, headerBytes + 20)
  return frame
}

export function writeHeader(frame: Buffer, header: Header): void {
  frame.writeInt32LE(frame.length, 0)
  frame.writeInt32LE(header.requestId, 4)
  frame.writeInt32LE(header.responseTo, 8)
  frame.writeInt32LE(header.opCode, 12)
}
