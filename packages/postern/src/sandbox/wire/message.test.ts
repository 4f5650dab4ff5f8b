// Messages, on bytes written out by hand; documents in them are encoded by the bson package.
import { deserialize, Long, serialize } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeCursorReply } from './batch.ts'
import { compress, decompress } from './compress.ts'
import { FrameError } from './frame.ts'
import { encodeMsg, encodeOpReply, parseRequest } from './message.ts'

const hex = (...parts: readonly string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')
const withLength = (frame: Buffer): Buffer => {
  frame.writeInt32LE(frame.length, 0)
  return frame
}
const head = (opCode: string): string => `00000000 07000000 00000000 ${opCode}`
const pingDocument = '1e000000 10 70696e6700 01000000 02 24646200 06000000 61646d696e00 00'
const emptyDocument = '05000000 00'
const msg = (...rest: readonly string[]): Buffer => withLength(hex(head('dd070000'), ...rest))

describe('OP_MSG', () => {
  test('a body is read', () => {
    const request = parseRequest(msg('00000000', '00', pingDocument))
    expect(request).toMatchObject({ requestId: 7, via: 'msg', moreToCome: false, exhaustAllowed: false, sequences: [] })
    expect(deserialize(request.body)).toEqual({ ping: 1, $db: 'admin' })
  })

  test.each([
    ['moreToCome', '02000000', { moreToCome: true, exhaustAllowed: false }],
    ['exhaustAllowed', '00000100', { moreToCome: false, exhaustAllowed: true }],
    ['an optional bit that nobody knows', '00000200', { moreToCome: false, exhaustAllowed: false }],
  ])('the flag %s is read', (_, bits, flags) => {
    expect(parseRequest(msg(bits, '00', pingDocument))).toMatchObject(flags)
  })

  test('a checksum is passed over', () => {
    expect(deserialize(parseRequest(msg('01000000', '00', pingDocument, 'deadbeef')).body)).toHaveProperty('ping')
  })

  test('a document sequence is read, before or after the body', () => {
    const sequence = `01 18000000 646f63756d656e747300 ${emptyDocument} ${emptyDocument}`
    for (const sections of [
      ['00', pingDocument, sequence],
      [sequence, '00', pingDocument],
    ]) {
      const [found] = parseRequest(msg('00000000', ...sections)).sequences
      expect(found?.name).toBe('documents')
      expect(found?.documents.map((one) => deserialize(one))).toEqual([{}, {}])
    }
  })

  test.each([
    ['no flags', msg()],
    ['no body', msg('00000000')],
    ['two bodies', msg('00000000', '00', emptyDocument, '00', emptyDocument)],
    ['an unknown section', msg('00000000', '02', emptyDocument)],
    ['an unknown required flag', msg('04000000', '00', emptyDocument)],
    ['a document longer than the message', msg('00000000', '00', '06000000 00')],
    ['a sequence without an end to its name', msg('00000000', '01 06000000 6161')],
    ['an unknown opcode', withLength(hex(head('d5070000'), emptyDocument))],
  ])('is refused with %s', (_, frame) => {
    expect(() => parseRequest(frame)).toThrow(FrameError)
  })
})

describe('OP_QUERY, with which drivers open', () => {
  test('the command and its database are read', () => {
    const frame = withLength(
      hex(head('d4070000'), '04000000', '61646d696e2e24636d6400', '00000000', 'ffffffff', pingDocument),
    )
    expect(parseRequest(frame)).toMatchObject({ requestId: 7, via: 'query', database: 'admin' })
  })

  test('a query on a collection is refused', () => {
    const frame = withLength(
      hex(head('d4070000'), '04000000', '61646d696e2e6100', '00000000', 'ffffffff', pingDocument),
    )
    expect(() => parseRequest(frame)).toThrow(FrameError)
  })
})

describe('replies', () => {
  const body = hex(pingDocument)

  test('an OP_MSG, byte by byte', () => {
    const expected = hex('33000000 09000000 07000000 dd070000', '00000000', '00', pingDocument)
    expect(encodeMsg({ requestId: 9, responseTo: 7, body })).toEqual(expected)
  })

  test('one with more to come', () => {
    expect(encodeMsg({ requestId: 9, responseTo: 7, body, moreToCome: true }).readUInt32LE(16)).toBe(2)
  })

  test('an OP_REPLY, byte by byte', () => {
    const expected = hex(
      '42000000 09000000 07000000 01000000',
      '08000000',
      '0000000000000000',
      '00000000',
      '01000000',
      pingDocument,
    )
    expect(encodeOpReply({ requestId: 9, responseTo: 7, body })).toEqual(expected)
  })

  test('a cursor reply holds the documents as they are stored', () => {
    const documents = [serialize({ a: 1 }), serialize({ b: 'two' })]
    const reply = encodeCursorReply({ batch: 'firstBatch', documents, id: Long.fromNumber(2 ** 53), ns: 'a.b' })
    expect(deserialize(reply, { promoteLongs: false })).toEqual({
      cursor: { firstBatch: [{ a: 1 }, { b: 'two' }], id: Long.fromNumber(2 ** 53), ns: 'a.b' },
      ok: 1,
    })
  })
})

describe('OP_COMPRESSED', () => {
  const frame = msg('00000000', '00', pingDocument)

  test('what is compressed comes out as it was', () => {
    expect(decompress(compress(frame))).toEqual(frame)
  })

  test('bytes that another zlib made are read', () => {
    // zlib's stored form of the OP_MSG above without its header.
    const inner = frame.subarray(16)
    const stored = hex('7801 01 2300 dcff', inner.toString('hex'), adler32(inner))
    const wrapped = withLength(Buffer.concat([hex(head('dc070000'), 'dd070000', '23000000', '02'), stored]))
    expect(decompress(wrapped)).toEqual(frame)
  })

  test.each([
    ['a size that is not the real one', (bytes: Buffer) => bytes.writeInt32LE(5, 20)],
    ['a size above the limit', (bytes: Buffer) => bytes.writeInt32LE(0x7fffffff, 20)],
    ['a compressor that was not offered', (bytes: Buffer) => bytes.writeUInt8(3, 24)],
    ['itself inside', (bytes: Buffer) => bytes.writeInt32LE(2012, 16)],
    ['broken bytes', (bytes: Buffer) => bytes.writeUInt8(0, 25)],
  ])('is refused with %s', (_, damage) => {
    const bytes = compress(frame)
    damage(bytes)
    expect(() => decompress(bytes)).toThrow(FrameError)
  })
})

test('whatever the bytes, reading a message gives a request or a FrameError', () => {
  const opCode = fc.constantFrom(2013, 2004, 2012, 1, 0)
  fc.assert(
    fc.property(opCode, fc.uint8Array({ maxLength: 120 }), (code, rest) => {
      const frame = Buffer.concat([Buffer.alloc(16), rest])
      frame.writeInt32LE(frame.length, 0)
      frame.writeInt32LE(code, 12)
      try {
        parseRequest(code === 2012 ? decompress(frame) : frame)
      } catch (error) {
        if (!(error instanceof FrameError)) throw error
      }
    }),
    { numRuns: 500 },
  )
})

function adler32(bytes: Buffer): string {
  let [a, b] = [1, 0]
  for (const byte of bytes) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return ((b * 65_536 + a) >>> 0).toString(16).padStart(8, '0')
}
