// MongoDB's wire protocol: framing, the talk of one connection, answers to hello in their wrappings, BSON, Snappy, and what
// is said in place of a member that is gone.

import zlib from 'node:zlib'
import { BSON } from 'bson'
import { compress } from 'snappyjs'
import { driverMsg, driverQuery, driverZlib } from '../../packages/edge/src/gateway/testing/driver-bytes.ts'
import { createExchange } from '../../packages/edge/src/gateway/translate/exchange.ts'
import { rewriteHello } from '../../packages/edge/src/gateway/translate/hello.ts'
import { lastWords } from '../../packages/edge/src/gateway/translate/last-words.ts'
import { translateReply } from '../../packages/edge/src/gateway/translate/reply.ts'
import { documentOf, elements } from '../../packages/edge/src/gateway/wire/bson-elements.ts'
import { createFrameReader } from '../../packages/edge/src/gateway/wire/frames.ts'
import { WireRefusal } from '../../packages/edge/src/gateway/wire/refusal.ts'
import { snappyPrefix } from '../../packages/edge/src/gateway/wire/snappy.ts'
import type { Target } from '../engine/explore.ts'
import { withinBytes } from './allocation.ts'
import { asksHello, elementsOf, hello, messagesIn, names, promiseClean } from './members.ts'
import { partsAs, partsOf, piecesOf } from './pieces.ts'
import { orRefused, promise, same } from './promise.ts'

const bson = (document: object): Buffer => Buffer.from(BSON.serialize(document))

function message(opcode: number, [id, to]: readonly [number, number], body: Buffer): Buffer {
  const head = Buffer.alloc(16)
  head.writeInt32LE(16 + body.length, 0)
  head.writeInt32LE(id, 4)
  head.writeInt32LE(to, 8)
  head.writeInt32LE(opcode, 12)
  return Buffer.concat([head, body])
}

const msgBody = (flags: number, document: Buffer, rest: Buffer = Buffer.alloc(0)): Buffer => {
  const front = Buffer.alloc(5)
  front.writeUInt32LE(flags)
  return Buffer.concat([front, document, rest])
}

const replyBody = (...documents: readonly Buffer[]): Buffer => {
  const front = Buffer.alloc(20)
  front.writeInt32LE(documents.length, 16)
  return Buffer.concat([front, ...documents])
}

const compressed = (opcode: number, ids: readonly [number, number], body: Buffer, by: number): Buffer => {
  const fields = Buffer.alloc(9)
  fields.writeInt32LE(opcode)
  fields.writeInt32LE(body.length, 4)
  fields[8] = by
  const data = by === 2 ? zlib.deflateSync(body) : by === 1 ? Buffer.from(compress(body)) : body
  return message(2012, ids, Buffer.concat([fields, data]))
}

/** Most inputs would say a wrong length: it is put right unless the input's first byte is odd. */
const withLength = (input: Buffer): Buffer => {
  const bytes = Buffer.from(input.subarray(1))
  if (((input[0] ?? 0) & 1) === 0 && bytes.length >= 4) bytes.writeInt32LE(bytes.length, 0)
  return bytes
}
const even = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(0), bytes])

const replies = (to: number): readonly Buffer[] => [
  message(2013, [70, to], msgBody(0, bson(hello))),
  message(2013, [71, to], msgBody(0x10002, bson(hello))),
  message(2013, [72, to], msgBody(1, bson(hello), Buffer.alloc(4))),
  message(1, [73, to], replyBody(bson(hello))),
  message(1, [74, to], replyBody(bson({ ok: 1 }), bson(hello))),
  compressed(2013, [75, to], msgBody(0, bson(hello)), 0),
  compressed(2013, [76, to], msgBody(0, bson(hello)), 1),
  compressed(2013, [77, to], msgBody(0, bson(hello)), 2),
  compressed(1, [78, to], replyBody(bson(hello)), 2),
  message(2013, [79, to], msgBody(0, bson({ ok: 1 }))),
]

async function requests(): Promise<readonly Buffer[]> {
  const client = { driver: { name: 'nodejs', version: '7.9.0' }, os: { type: 'Linux' }, application: { name: 'app' } }
  const write = { insert: 'c', documents: [{ a: 1 }], lsid: { id: 1 }, txnNumber: BSON.Long.fromNumber(3) }
  const some = [
    driverMsg({ hello: 1, helloOk: true, client }),
    driverMsg({ hello: 1, maxAwaitTimeMS: 10_000 }, { exhaustAllowed: true }),
    driverMsg({ ismaster: 1 }, { checksumPresent: true }),
    driverQuery({ ismaster: 1, helloOk: true, client }),
    driverQuery({ $query: { isMaster: 1 } }),
    driverMsg({ find: 'c', filter: { a: 1 } }),
    driverMsg(write),
    driverMsg({ endSessions: [] }, { moreToCome: true }),
    await driverZlib({ hello: 1, client }),
    await driverZlib(write),
  ]
  const inside = msgBody(0, bson({ hello: 1 }))
  const sequence = message(
    2013,
    [5, 0],
    Buffer.concat([
      Buffer.alloc(4),
      Buffer.from('0111000000646f63756d656e7473000500000000', 'hex'),
      inside.subarray(4),
    ]),
  )
  return [
    ...some.map(({ bytes }) => bytes),
    sequence,
    compressed(2013, [6, 0], inside, 0),
    compressed(2013, [7, 0], inside, 1),
    compressed(
      2004,
      [8, 0],
      Buffer.concat([Buffer.alloc(4), Buffer.from('a.$cmd\0'), Buffer.alloc(8), bson({ ismaster: 1 })]),
      2,
    ),
  ]
}

export const frames: Target = {
  says: 'a stream comes out the same however it was cut; what is held is replaced as a whole',
  longest: 2048,
  seeds: async () => [even(Buffer.concat([...(await requests())].slice(0, 4))), even(Buffer.concat([...replies(1)]))],
  run(input) {
    const stream = input.subarray(1)
    const read = (pieces: readonly Buffer[]): Buffer | null => {
      const reader = createFrameReader({
        // By what the message says of itself, so that every way of deciding is gone.
        decide: (bytes, at, have) => {
          const wanted = 16 + ((bytes[at + 4] ?? 0) % 32)
          if (have < Math.min(wanted, bytes.readInt32LE(at))) return wanted
          return (bytes[at + 5] ?? 0) % 2 === 0 ? 'pass' : 'hold'
        },
        rewrite: (held) => Buffer.from(held).reverse(),
      })
      return orRefused(WireRefusal, () =>
        Buffer.concat(pieces.flatMap((piece) => [...reader.push(piece)].map((out) => Buffer.from(out)))),
      )
    }
    const whole = withinBytes(4 * input.length + 4096, () => read([stream]))
    const cut = read(piecesOf(stream, input[0] ?? 0))
    same(cut, whole, 'the way it was cut shows')
    if (whole !== null) same(whole, framedByHand(stream), 'bytes were lost, doubled or changed')
  },
}

function framedByHand(stream: Buffer): Buffer {
  const out: Buffer[] = []
  let at = 0
  while (at + 16 <= stream.length) {
    const length = stream.readInt32LE(at)
    const message = stream.subarray(at, at + length)
    const held = (message[5] ?? 0) % 2 === 1
    const decided = message.length >= Math.min(length, 16 + ((message[4] ?? 0) % 32))
    if (message.length === length) out.push(held ? Buffer.from(message).reverse() : message)
    else if (decided && !held) out.push(message)
    at += length
  }
  return Buffer.concat(out)
}

/** The input is: a way to cut, the messages of the client, the messages of the member; lengths are put in. */
export const exchange: Target = {
  says: 'requests pass unchanged; no answer to a hello tells a member’s own name; cutting changes nothing',
  longest: 4096,
  seeds: async () => {
    const asked = await requests()
    return asked.flatMap((request, index) =>
      [replies(request.readInt32LE(4))[index % 10], replies(request.readInt32LE(4))[(index + 3) % 10]].flatMap(
        (reply) => (reply === undefined ? [] : [conversation([request], [reply])]),
      ),
    )
  },
  run(input) {
    const [asked = Buffer.alloc(0), answered = Buffer.alloc(0)] = partsOf(input.subarray(1))
    const [fromClient, fromMember] = [asked, answered].map((side) => Buffer.concat(partsOf(side).map(framed))) as [
      Buffer,
      Buffer,
    ]
    const talk = (cut: (bytes: Buffer) => readonly Buffer[]) => {
      const parts = createExchange({ now: () => 0, names: () => names })
      const push = (side: 'requests' | 'replies', bytes: Buffer): Buffer | null =>
        orRefused(WireRefusal, () =>
          Buffer.concat(cut(bytes).flatMap((piece) => [...parts[side].push(piece)].map((out) => Buffer.from(out)))),
        )
      const requests = push('requests', fromClient)
      const parting = parts.parting()
      if (Buffer.isBuffer(parting)) promise(messagesIn(parting).length === 1, 'last words that are no message')
      return { requests, replies: requests === null ? null : push('replies', fromMember), client: parts.client() }
    }
    const whole = withinBytes(2_200_000 + 4 * input.length, () => talk((bytes) => [bytes]))
    const cut = talk((bytes) => piecesOf(bytes, input[0] ?? 0))
    same(cut.requests, whole.requests, 'the way the requests were cut shows')
    if (whole.requests !== null) same(whole.requests, fromClient, 'a request was changed')
    if (whole.replies === null || cut.replies === null) return
    // How much of a request there was may decide whether its answer is looked at closely; names are never told.
    for (const seen of [whole.replies, cut.replies]) promiseNoNames(fromClient, seen)
  },
}

function promiseNoNames(fromClient: Buffer, toClient: Buffer): void {
  const asked = new Set<number>()
  for (let at = 0; at + 16 <= fromClient.length; at += fromClient.readInt32LE(at)) {
    const request = fromClient.subarray(at, at + fromClient.readInt32LE(at))
    if (asksHello(request)) asked.add(request.readInt32LE(4))
  }
  for (const { requestId, responseTo, moreToCome, documents } of messagesIn(toClient)) {
    if (!asked.has(responseTo)) continue
    if (moreToCome) asked.add(requestId)
    for (const document of documents) promiseClean(document)
  }
}

/** A message without its length, to one with it. */
const framed = (part: Buffer): Buffer => {
  const body = part.length < 12 ? Buffer.concat([part, Buffer.alloc(12 - part.length)]) : part
  const length = Buffer.alloc(4)
  length.writeInt32LE(4 + body.length)
  return Buffer.concat([length, body])
}

const conversation = (asked: readonly Buffer[], answered: readonly Buffer[]): Buffer =>
  even(partsAs(...[asked, answered].map((side) => partsAs(...side.map((each) => each.subarray(4))))))

export const helloAnswer: Target = {
  says: 'an answer to hello says the endpoint’s names, and everything else byte for byte',
  longest: 1024,
  seeds: () =>
    [hello, { ok: 1 }, { hosts: [] }, { compression: ['none'] }, { me: 'A.internal:27017' }].map((each) =>
      even(bson(each)),
    ),
  run(input) {
    const document = withLength(input)
    const rewritten = withinBytes(8 * input.length + 4096, () =>
      orRefused(WireRefusal, () => rewriteHello(document, names)),
    )
    if (rewritten === null) return
    promiseClean(rewritten.document)
    const [before, after] = [elementsOf(document), elementsOf(rewritten.document)]
    if (before === null) return
    promise(after !== null, 'a document that was whole is broken')
    const ruled = new Set(['hosts', 'passives', 'arbiters', 'primary', 'me', 'compression'])
    const others = (all: typeof before) =>
      all.filter(({ name, type }) => !ruled.has(name) || (type !== 2 && type !== 4))
    same(others(after), others(before), 'an element that carries no name was changed')
    const twice = rewriteHello(document, names).document
    same(twice, rewritten.document, 'the same answer was rewritten in two ways')
  },
}

export const helloReply: Target = {
  says: 'a reply to hello in any wrapping is whole, and tells no member’s own name',
  longest: 2048,
  seeds: () => replies(1).map(even),
  run(input) {
    const reply = withLength(input)
    if (reply.length < 16) return
    if (reply.readInt32LE(0) !== reply.length) return // the framing hands over whole messages only
    const done = withinBytes(1_100_000 + 8 * input.length, () =>
      orRefused(WireRefusal, () => translateReply(reply, names)),
    )
    if (done === null) return
    same(done.message.readInt32LE(0), done.message.length, 'its length is wrong')
    same(done.message.readInt32LE(4), reply.readInt32LE(4), 'its id changed')
    same(done.message.readInt32LE(8), reply.readInt32LE(8), 'what it answers changed')
    for (const { documents } of messagesIn(done.message)) for (const document of documents) promiseClean(document)
  },
}

export const bsonWalk: Target = {
  says: 'the elements of a document are those that the driver finds, end to end',
  longest: 512,
  seeds: () =>
    [hello, { a: 1.5, b: 'x', c: /a/i, d: new BSON.Code('x', { y: 1 }), e: new BSON.Binary(Buffer.of(1)) }].map(
      (each) => even(bson(each)),
    ),
  run(input) {
    const document = withLength(input)
    const found = orRefused(WireRefusal, () => [...elements(document, 0, document.length)])
    if (found === null) return
    const length = document.readInt32LE(0)
    const again = documentOf(found.map(({ at, end }) => document.subarray(at, end)))
    same(again, document.subarray(0, length), 'the elements are not all of the document')
    const theirs = elementsOf(document.subarray(0, length))
    if (theirs === null) return
    const ours = found.map(({ type, name, valueAt, end }) => ({ type, name, value: document.subarray(valueAt, end) }))
    same(ours, theirs, 'the driver finds other elements')
  },
}

export const snappy: Target = {
  says: 'any beginning of what is decoded is the beginning of the whole; what was encoded is decoded',
  longest: 2048,
  seeds: () =>
    [bson(hello), Buffer.alloc(300, 7), Buffer.from('abcabcabcabc')].map((each) => Buffer.from(compress(each))),
  run(input) {
    const limit = 65_536
    const whole = withinBytes(limit + 1024, () => orRefused(WireRefusal, () => snappyPrefix(input, limit)))
    for (const some of [0, 1, 7, 40])
      if (whole !== null) same(snappyPrefix(input, some), whole.subarray(0, some), 'another beginning')
    same(snappyPrefix(Buffer.from(compress(input)), input.length), input, 'another text came back')
  },
}

/** Whether an OP_MSG is sections to its end; any other message is what it is. */
function sectionsFill(request: Buffer): boolean {
  if (request.readInt32LE(12) !== 2013 || request.length < 20) return true
  const end = request.length - ((request.readUInt32LE(16) & 1) === 1 ? 4 : 0)
  let at = 20
  while (at + 5 <= end) {
    const size = request.readInt32LE(at + 1)
    if ((request[at] ?? 2) > 1 || size < 5) return false
    at += 1 + size
  }
  return at === end
}

export const parting: Target = {
  says: 'last words are one whole message, and the front of a request never promises more than the whole',
  longest: 1024,
  seeds: async () => (await requests()).map(even),
  run(input) {
    const request = withLength(input)
    if (request.length < 16) return
    const whole = lastWords(request)
    if (whole !== null) {
      const [only, ...more] = messagesIn(whole)
      promise(only !== undefined && more.length === 0, 'last words that are no message')
      same(only.responseTo, request.readInt32LE(4), 'they answer another request')
    }
    // Of two bodies, or of what is broken behind the first, that may have been all there was to see.
    if ((messagesIn(request)[0]?.documents.length ?? 0) > 1 || !sectionsFill(request)) return
    for (let size = 16; size < request.length; size += 7)
      promise(lastWords(request.subarray(0, size)) === null || whole !== null, 'the front of a request was answered')
  },
}
