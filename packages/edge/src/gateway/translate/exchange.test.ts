// Requests are bytes of the official driver's own code; replies are laid out by hand around documents of bson.

import { createHash } from 'node:crypto'
import { Binary, BSON, type Document } from 'bson'
import fc from 'fast-check'
import { compress } from 'snappyjs'
import { describe, expect, test } from 'vitest'
import { createGuard, type Guard } from '../guard/guard.ts'
import { budget, bytes, cutAt, cutAtAll, places } from '../testing/chunks.ts'
import { type DriverRequest, driverMsg, driverQuery, driverZlib } from '../testing/driver-bytes.ts'
import { message, opMsg, opReply, zlibbed } from '../testing/fake-set.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { HelloNames } from './hello.ts'

const names: HelloNames = {
  advertised: (own) => (own === 'a:1' ? 'gate:1024' : null),
  compressors: new Set(['zlib', 'snappy']),
}
const noise = Array.from({ length: 200 }, (_, index) =>
  createHash('sha256').update(String(index)).digest('base64'),
).join('')
const own = { hosts: ['a:1'], me: 'a:1', ok: 1 }
let now = 1
const start = (): Exchange => createExchange({ now: () => now, names: () => names })

const push = (side: Exchange['requests'], ...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat(chunks.flatMap((chunk) => side.push(chunk).map((piece) => Buffer.from(piece))))

/** What the client gets to see as hosts when the member answers this request with its own. */
function hostsAfter(
  exchange: Exchange,
  request: DriverRequest,
  reply = opMsg(77, request.requestId, false, own),
): unknown {
  expect(push(exchange.requests, request.bytes).equals(request.bytes)).toBe(true)
  const answer = push(exchange.replies, reply)
  const at = answer.readInt32LE(12) === 1 ? 36 : 21
  return (BSON.deserialize(answer.subarray(at)) as { hosts: unknown }).hosts
}

const snappied = ({ bytes: plain, requestId }: DriverRequest): DriverRequest => ({
  requestId,
  bytes: zlibbed(plain, (body) => Buffer.from(compress(body)), 1),
})

/** The same OP_MSG with a document sequence of this many bytes before its body, as the server's own builder has it. */
function sequenceFirst({ bytes: plain, requestId }: DriverRequest, size: number): DriverRequest {
  const document = Buffer.from(BSON.serialize({ filler: 'x'.repeat(size) }))
  const sequence = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.from('documents\0'), document])
  sequence.writeInt32LE(sequence.length - 1, 1)
  const body = Buffer.concat([plain.subarray(16, 20), sequence, plain.subarray(20)])
  return { requestId, bytes: message(2013, requestId, 0, body) }
}

describe('whether a client may work, where that is not known at once', () => {
  const asked = (guard: Guard | null = null) => {
    const words: ((word: string | null) => void)[] = []
    const begin = (): Promise<string | null> => new Promise((resolve) => words.push(resolve))
    const judged: Buffer[] = []
    const exchange = createExchange({
      now: () => 1,
      names: () => names,
      begin,
      guard: guard && {
        ...guard,
        judge(message) {
          judged.push(message)
          return guard.judge(message)
        },
      },
    })
    const say = async (word: string | null): Promise<void> => {
      words.shift()?.(word)
      await exchange.asking()
    }
    return { exchange, words, say, judged }
  }
  const [hello, ping, find] = [driverMsg({ hello: 1 }), driverMsg({ ping: 1 }), driverMsg({ find: 'a' })]
  const none = Buffer.alloc(0)

  test.each([
    { says: 'its requests', guard: null },
    { says: 'requests that are judged', guard: createGuard({ readOnly: true, databaseUsers: null }, 'vpce-1') },
  ])('$says wait in order, are asked for once, and go on', async ({ guard }) => {
    const { exchange, words, say, judged } = asked(guard)
    expect(push(exchange.requests, hello.bytes)).toEqual(hello.bytes)
    expect(push(exchange.requests, ping.bytes, find.bytes)).toEqual(none)
    expect(words).toHaveLength(1)
    expect(exchange.quiet()).toBe(false)
    expect(exchange.works()).toBe(false)
    await say(null)
    expect(push(exchange.requests, none)).toEqual(Buffer.concat([ping.bytes, find.bytes]))
    expect(exchange.asking()).toBeNull()
    expect(exchange.count()).toBe(3)
    if (guard !== null) expect(judged).toHaveLength(3)
  })

  test('one that may not is told so, and the next is asked for anew', async () => {
    const { exchange, words, say } = asked()
    push(exchange.requests, hello.bytes, ping.bytes)
    await say('as many as it may')
    const instead = push(exchange.requests, none)
    expect(instead.includes('ping')).toBe(true)
    const answer = push(exchange.replies, opMsg(99, instead.readInt32LE(4), false, { ok: 1 }))
    expect(answer.includes('as many as it may')).toBe(true)
    push(exchange.requests, find.bytes)
    expect(words).toHaveLength(1)
    await say(null)
    expect(push(exchange.requests, none)).toEqual(find.bytes)
  })
})

describe('the newest answer of a stream, once more', () => {
  const streaming = (): { exchange: Exchange; become: (next: string) => void } => {
    let told = 'gate:1024'
    const exchange = createExchange({ now: () => 1, names: () => ({ ...names, advertised: () => told }) })
    const { bytes, requestId } = driverMsg({ hello: 1, maxAwaitTimeMS: 10_000 }, { exhaustAllowed: true })
    push(exchange.requests, bytes)
    push(exchange.replies, opMsg(77, requestId, true, own))
    return {
      exchange,
      become(next) {
        told = next
      },
    }
  }

  test('under other names: it answers the one before, and the next one answers both', () => {
    const { exchange, become } = streaming()
    expect(exchange.again()).toBeNull()
    become('gate:2000')
    const more = exchange.again()
    expect([more?.readInt32LE(4), more?.readInt32LE(8)]).toEqual([77, 77])
    expect(BSON.deserialize(more?.subarray(21) ?? Buffer.alloc(0))).toMatchObject({ hosts: ['gate:2000'] })
    expect(exchange.again()).toBeNull()
    expect(push(exchange.replies, opMsg(78, 77, true, own)).readInt32LE(8)).toBe(77)
  })

  test('not in the middle of another one, and not where no more were announced', () => {
    const { exchange, become } = streaming()
    become('gate:2000')
    const next = opMsg(78, 77, false, own)
    push(exchange.replies, next.subarray(0, 20))
    expect(exchange.again()).toBeNull()
    push(exchange.replies, next.subarray(20))
    become('gate:3000')
    expect(exchange.again()).toBeNull()
  })
})

test('says how long the first hello took, whatever was asked or answered besides', () => {
  const exchange = start()
  const at = (time: number, work: () => unknown): number | null => {
    now = time
    work()
    return exchange.handshakeMs()
  }
  const [first, second, ping] = [driverMsg({ hello: 1 }), driverMsg({ hello: 1 }), driverMsg({ ping: 1 })]
  expect(at(1000, () => push(exchange.requests, ping.bytes))).toBeNull()
  expect(at(2000, () => push(exchange.requests, first.bytes))).toBeNull()
  expect(at(2500, () => push(exchange.replies, opMsg(1, ping.requestId, false, { ok: 1 })))).toBeNull()
  expect(at(3000, () => push(exchange.replies, opMsg(2, first.requestId, false, own)))).toBe(1000)
  expect(at(4000, () => push(exchange.requests, second.bytes))).toBe(1000)
  expect(at(9000, () => push(exchange.replies, opMsg(3, second.requestId, false, own)))).toBe(1000)
})

test.each<{ says: string; speculative: Document; user: string | null }>([
  {
    says: 'by SCRAM',
    speculative: {
      saslStart: 1,
      mechanism: 'SCRAM-SHA-256',
      payload: new Binary(Buffer.from('n,,n=sh=2Cop,r=n0nce')),
      db: 'admin',
    },
    user: 'sh,op@admin',
  },
  {
    says: 'by a certificate',
    speculative: { authenticate: 1, mechanism: 'MONGODB-X509', user: 'CN=shop', db: '$external' },
    user: 'CN=shop@$external',
  },
  { says: 'by a way that does not say', speculative: { saslStart: 1, mechanism: 'MONGODB-AWS', db: 'x' }, user: null },
  { says: 'by nonsense', speculative: { saslStart: 1, payload: 7 }, user: null },
])('as whom a client asks to be let in, $says', ({ speculative, user }) => {
  const exchange = start()
  push(exchange.requests, driverMsg({ hello: 1, client: {}, speculativeAuthenticate: speculative }).bytes)
  expect(exchange.user()).toBe(user)
})

describe('answers are translated after', () => {
  const handshake = {
    helloOk: true,
    client: { driver: { name: 'nodejs', version: '7.9.0' }, application: { name: 'x' } },
  }
  test.each<{ says: string; request: () => DriverRequest | Promise<DriverRequest> }>([
    { says: 'hello', request: () => driverMsg({ hello: 1 }) },
    { says: 'ismaster', request: () => driverMsg({ ismaster: 1 }) },
    { says: 'isMaster', request: () => driverMsg({ isMaster: 1 }) },
    { says: 'a handshake', request: () => driverMsg({ hello: 1, ...handshake }) },
    { says: 'the first one as OP_QUERY', request: () => driverQuery({ ismaster: 1, ...handshake }) },
    { says: 'one wrapped in $query', request: () => driverQuery({ $query: { ismaster: 1 }, $readPreference: {} }) },
    { says: 'one in zlib', request: () => driverZlib({ hello: 1, maxAwaitTimeMS: 10_000 }) },
    { says: 'a handshake in zlib', request: () => driverZlib({ hello: 1, ...handshake }) },
    {
      says: 'one in zlib, before much that does not compress',
      request: () => driverZlib({ hello: 1, comment: noise }),
    },
    {
      says: 'one in snappy, before much that does not compress',
      request: () => snappied(driverMsg({ hello: 1, comment: noise })),
    },
    { says: 'one in snappy', request: () => snappied(driverMsg({ hello: 1 })) },
    { says: 'one in noop', request: () => noop(driverMsg({ hello: 1 })) },
    { says: 'one behind a document sequence', request: () => sequenceFirst(driverMsg({ hello: 1 }), 100) },
    { says: 'one so far behind that nobody looks', request: () => sequenceFirst(driverMsg({ hello: 1 }), 100_000) },
    { says: 'one far behind, compressed', request: () => snappied(sequenceFirst(driverMsg({ hello: 1 }), 100_000)) },
  ])('$says', async ({ request }) => {
    expect(hostsAfter(start(), await request())).toEqual(['gate:1024'])
  })

  test('a hello on an authenticated connection, in the middle of other commands', async () => {
    const exchange = start()
    hostsAfter(exchange, driverQuery({ ismaster: 1 }), opReply(70, 0, own))
    for (const command of [{ saslStart: 1 }, { find: 'a' }, { ping: 1 }]) {
      expect(hostsAfter(exchange, driverMsg(command))).toEqual(['a:1'])
    }
    expect(hostsAfter(exchange, driverMsg({ hello: 1 }))).toEqual(['gate:1024'])
    expect(hostsAfter(exchange, await driverZlib({ hello: 1 }))).toEqual(['gate:1024'])
  })

  test('an answer inside zlib, to a request inside zlib', async () => {
    const request = await driverZlib({ hello: 1 })
    expect(hostsAfter(start(), request, zlibbed(opMsg(77, request.requestId, false, own)))).toEqual(['gate:1024'])
  })

  test('each of a stream: every answer is chained to the one before', () => {
    const exchange = start()
    const { bytes: request, requestId } = driverMsg({ hello: 1, maxAwaitTimeMS: 10_000 }, { exhaustAllowed: true })
    push(exchange.requests, request)
    let to = requestId
    for (const id of [900, 901, 902, 903]) {
      const compressed = id % 2 === 0
      const plain = opMsg(id, to, true, own)
      const answer = push(exchange.replies, compressed ? zlibbed(plain) : plain)
      expect(BSON.deserialize(answer.subarray(21))).toEqual({ hosts: ['gate:1024'], me: 'gate:1024', ok: 1 })
      expect([answer.readInt32LE(4), answer.readInt32LE(8)]).toEqual([id, to])
      to = id
    }
  })
})

const noop = ({ bytes: plain, requestId }: DriverRequest): DriverRequest => ({
  requestId,
  bytes: zlibbed(plain, (body) => body, 0),
})

describe('answers go byte for byte after', () => {
  test.each<{ says: string; command: Document }>([
    { says: 'replSetGetStatus', command: { replSetGetStatus: 1 } },
    { says: 'serverStatus', command: { serverStatus: 1 } },
    { says: 'a command whose name begins like one', command: { helloWorld: 1 } },
    { says: 'another spelling, which no server knows', command: { Hello: 1 } },
    { says: 'a find for a field hello', command: { find: 'hello', filter: { hello: 1 } } },
    { says: 'a long one that does not compress', command: { ping: 1, comment: noise } },
    { says: 'an insert', command: { insert: 'a', documents: [{ hello: 1 }] } },
  ])('$says', async ({ command }) => {
    expect(hostsAfter(start(), driverMsg(command))).toEqual(['a:1'])
    expect(hostsAfter(start(), await driverZlib(command))).toEqual(['a:1'])
    expect(hostsAfter(start(), snappied(driverMsg(command)))).toEqual(['a:1'])
  })

  test('a large one, which goes on piece by piece', () => {
    const exchange = start()
    const { bytes: request, requestId } = driverMsg({ find: 'a' })
    push(exchange.requests, request)
    const reply = opMsg(77, requestId, false, { cursor: { firstBatch: ['x'.repeat(2_000_000)] } })
    for (let at = 0; at < reply.length; at += 65_536) {
      const piece = reply.subarray(at, at + 65_536)
      expect(exchange.replies.push(piece)).toEqual([piece])
    }
  })

  test('a large one to a request that was too deep to tell', () => {
    const exchange = start()
    const { bytes: request, requestId } = sequenceFirst(driverMsg({ insert: 'a' }), 100_000)
    push(exchange.requests, request)
    const reply = opMsg(77, requestId, false, { me: 'a:1', text: 'x'.repeat(2_000_000) })
    expect(push(exchange.replies, reply).equals(reply)).toBe(true)
    push(exchange.requests, sequenceFirst(driverMsg({ insert: 'a' }), 100_000).bytes)
  })
})

describe('cut', () => {
  const hello = driverMsg({ hello: 1, client: { driver: { name: 'x' } } })
  const insert = sequenceFirst(driverMsg({ insert: 'a' }), 50)
  const again = driverMsg({ isMaster: 1 })
  const requests = Buffer.concat([hello.bytes, insert.bytes, again.bytes])
  const replies = Buffer.concat([
    opMsg(1, hello.requestId, false, own),
    opMsg(2, insert.requestId, false, { n: 1, ok: 1 }),
    zlibbed(opMsg(3, again.requestId, false, own)),
  ])
  const whole = start()
  push(whole.requests, requests)
  const expected = push(whole.replies, replies)

  test.each(Array.from({ length: Math.max(requests.length, replies.length) }, (_, at) => at))(
    'at byte %i, requests and replies come out the same',
    (at) => {
      const exchange = start()
      expect(push(exchange.requests, ...cutAt(requests, at)).equals(requests)).toBe(true)
      expect(push(exchange.replies, ...cutAt(replies, at)).equals(expected)).toBe(true)
      expect(exchange.client()).toMatchObject({ appName: null, driver: 'x' })
      expect([exchange.count(), exchange.hellos(), exchange.quiet()]).toEqual([3, 2, true])
    },
  )

  test('anywhere, as often as you like', () => {
    fc.assert(
      fc.property(places, places, (some, others) => {
        const exchange = start()
        expect(push(exchange.requests, ...cutAtAll(requests, some)).equals(requests)).toBe(true)
        expect(push(exchange.replies, ...cutAtAll(replies, others)).equals(expected)).toBe(true)
      }),
      budget,
    )
  })
})

describe('a client that', () => {
  const withId = ({ bytes: plain }: DriverRequest, id: number): Buffer => {
    const copy = Buffer.from(plain)
    copy.writeInt32LE(id, 4)
    return copy
  }

  test('uses one id for a find and a hello cannot make the hello’s answer pass', () => {
    const exchange = start()
    push(exchange.requests, withId(driverMsg({ find: 'a' }), 5), withId(driverMsg({ hello: 1 }), 5))
    push(exchange.replies, opMsg(80, 5, false, { ok: 1 }))
    const answer = push(exchange.replies, opMsg(81, 5, false, own))
    expect(BSON.deserialize(answer.subarray(21))).toMatchObject({ hosts: ['gate:1024'] })
  })

  test('asks hello again and again without reading an answer is refused', () => {
    const exchange = start()
    expect(() => {
      for (let count = 0; count < 1000; count++) push(exchange.requests, driverMsg({ hello: 1 }).bytes)
    }).toThrow(expect.objectContaining({ code: 'TOO_MANY_HELLOS' }))
  })

  test.each([
    { says: 'sends a reply', bytes: opReply(1, 0, own), code: 'OPCODE' },
    {
      says: 'sends OP_COMMAND, which no server since 4.2 knows',
      bytes: message(2010, 1, 0, Buffer.alloc(20)),
      code: 'OPCODE',
    },
    {
      says: 'compresses by what nobody agreed on',
      bytes: zlibbed(driverMsg({ ping: 1 }).bytes, (body) => body, 77),
      code: 'COMPRESSOR',
    },
    { says: 'sends an OP_MSG without a body', bytes: message(2013, 1, 0, Buffer.alloc(4)), code: 'MESSAGE' },
    { says: 'sends an OP_COMPRESSED without its fields', bytes: message(2012, 1, 0, Buffer.alloc(4)), code: 'MESSAGE' },
  ])('$says is refused', ({ bytes: request, code }) => {
    expect(() => push(start().requests, request)).toThrow(expect.objectContaining({ code }))
  })

  test('gets no answer to hello that would have to be held above the limit', () => {
    const exchange = start()
    const { bytes: request, requestId } = driverMsg({ hello: 1 })
    push(exchange.requests, request)
    const reply = opMsg(77, requestId, false, { ...own, filler: 'x'.repeat(1_100_000) })
    expect(() => push(exchange.replies, reply)).toThrow(expect.objectContaining({ code: 'HELLO_TOO_LONG' }))
  })
})

describe('quiet', () => {
  test('while only a hello is on its way, not while anything else is or half a message is there', () => {
    const exchange = start()
    push(exchange.requests, driverMsg({ hello: 1 }).bytes)
    expect(exchange.quiet()).toBe(true)
    const { bytes: request, requestId } = driverMsg({ find: 'a' })
    push(exchange.requests, request)
    expect(exchange.quiet()).toBe(false)
    const reply = opMsg(9, requestId, false, { ok: 1 })
    push(exchange.replies, reply.subarray(0, 20))
    expect(exchange.quiet()).toBe(false)
    push(exchange.replies, reply.subarray(20))
    expect(exchange.quiet()).toBe(true)
    push(exchange.requests, driverMsg({ endSessions: [] }, { moreToCome: true }).bytes)
    expect(exchange.quiet()).toBe(true)
  })
})

describe('another may carry the bytes', () => {
  const ask = (exchange: Exchange, command: Document, options: Document = {}): number => {
    const { bytes: request, requestId } = driverMsg(command, options)
    push(exchange.requests, request)
    return requestId
  }
  const answer = (exchange: Exchange, to: number, reply: Document = { ok: 1 }): void =>
    void push(exchange.replies, opMsg(9, to, false, reply))

  test('when it works and nothing is on its way', () => {
    const exchange = start()
    answer(exchange, ask(exchange, { hello: 1 }), own)
    expect(exchange.portable()).toBe(false) // it has not worked yet
    const find = ask(exchange, { find: 'a' })
    expect(exchange.portable()).toBe(false)
    answer(exchange, find)
    expect(exchange.portable()).toBe(true)
    answer(exchange, ask(exchange, { hello: 1 }), own)
    expect(exchange.portable()).toBe(true)
  })

  test.each<{ says: string; asked: (exchange: Exchange) => readonly number[] }>([
    {
      says: 'a hello was asked beside another request, whose answer could be taken for its own',
      asked: (exchange) => [ask(exchange, { ping: 1 }), ask(exchange, { hello: 1 })],
    },
    {
      says: 'another request was asked beside a hello',
      asked: (exchange) => [ask(exchange, { hello: 1 }), ask(exchange, { ping: 1 })],
    },
    {
      says: 'more answers than requests may come',
      asked: (exchange) => [ask(exchange, { getMore: 1 }, { exhaustAllowed: true })],
    },
  ])('never again where $says', ({ asked }) => {
    const exchange = start()
    for (const id of asked(exchange)) answer(exchange, id)
    answer(exchange, ask(exchange, { find: 'a' }))
    expect(exchange.quiet()).toBe(true)
    expect(exchange.portable()).toBe(false)
  })
})

test('any bytes either way are refused by a WireRefusal or pass', () => {
  const framed = fc
    .tuple(fc.constantFrom(1, 2001, 2004, 2005, 2012, 2013), fc.nat(3), fc.nat(3), bytes(60))
    .map(([kind, id, to, body]) => message(kind, id, to, body))
  const stream = fc.array(fc.oneof(framed, bytes(30)), { maxLength: 6 }).map((parts) => Buffer.concat(parts))
  fc.assert(
    fc.property(stream, stream, places, (requests, replies, cuts) => {
      const exchange = start()
      try {
        push(exchange.requests, driverMsg({ hello: 1 }).bytes, ...cutAtAll(requests, cuts))
        push(exchange.replies, ...cutAtAll(replies, cuts))
      } catch (error) {
        expect(error).toBeInstanceOf(WireRefusal)
      }
    }),
    { ...budget, numRuns: 1000 },
  )
})
