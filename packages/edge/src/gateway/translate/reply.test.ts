import { deflateSync } from 'node:zlib'
import { BSON } from 'bson'
import fc from 'fast-check'
import { compress } from 'snappyjs'
import { describe, expect, test } from 'vitest'
import { budget, bytes } from '../testing/chunks.ts'
import { message, opMsg, opReply, zlibbed } from '../testing/fake-set.ts'
import { WireRefusal } from '../wire/refusal.ts'
import type { HelloNames } from './hello.ts'
import { maxHelloBytes, translateReply } from './reply.ts'

const names: HelloNames = {
  advertised: (own) => (own === 'a:1' ? 'gate:1024' : null),
  compressors: new Set(['zlib']),
}
const own = { hosts: ['a:1', 'b:2'], me: 'a:1', ok: 1 }
const its = { hosts: ['gate:1024'], me: 'gate:1024', ok: 1 }
const snappied = (plain: Buffer): Buffer => zlibbed(plain, (body) => Buffer.from(compress(body)), 1)
const uncompressed = (plain: Buffer): Buffer => zlibbed(plain, (body) => body, 0)

describe('translated', () => {
  test.each([
    { says: 'OP_MSG', from: opMsg(5, 4, false, own), to: opMsg(5, 4, false, its), more: false },
    { says: 'OP_MSG that announces more', from: opMsg(5, 4, true, own), to: opMsg(5, 4, true, its), more: true },
    { says: 'OP_REPLY', from: opReply(5, 4, own), to: opReply(5, 4, its), more: false },
    {
      says: 'OP_MSG inside zlib: goes out uncompressed',
      from: zlibbed(opMsg(5, 4, true, own)),
      to: opMsg(5, 4, true, its),
      more: true,
    },
    { says: 'OP_REPLY inside zlib', from: zlibbed(opReply(5, 4, own)), to: opReply(5, 4, its), more: false },
    { says: 'OP_MSG inside snappy', from: snappied(opMsg(5, 4, false, own)), to: opMsg(5, 4, false, its), more: false },
    {
      says: 'OP_MSG inside noop',
      from: uncompressed(opMsg(5, 4, false, own)),
      to: opMsg(5, 4, false, its),
      more: false,
    },
  ])('$says', ({ from, to, more }) => {
    const reply = translateReply(from, names)
    expect(reply.message.equals(to)).toBe(true)
    expect(reply.moreToCome).toBe(more)
  })

  test('with its checksum right again (both made bit by bit, elsewhere)', () => {
    const from = '320000000500000004000000dd070000010000000019000000026d650004000000613a3100106f6b000100000000d4eb483b'
    const to =
      '380000000500000004000000dd07000001000000001f000000026d65000a000000676174653a3130323400106f6b000100000000f7c13983'
    expect(translateReply(Buffer.from(from, 'hex'), names).message.toString('hex')).toBe(to)
  })

  test('with a document sequence before the body, which stays', () => {
    const document = Buffer.from(BSON.serialize({ x: 1 }))
    const sequence = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.from('docs\0'), document])
    sequence.writeInt32LE(sequence.length - 1, 1)
    const around = (body: Buffer): Buffer => Buffer.concat([Buffer.alloc(4), sequence, Buffer.alloc(1), body])
    const from = message(2013, 5, 4, around(Buffer.from(BSON.serialize(own))))
    const to = message(2013, 5, 4, around(Buffer.from(BSON.serialize(its))))
    expect(translateReply(from, names).message.equals(to)).toBe(true)
  })
})

test.each([
  { says: 'OP_MSG', reply: opMsg(5, 4, false, { ok: 1 }) },
  { says: 'OP_REPLY', reply: opReply(5, 4, { ok: 1 }) },
  { says: 'compressed', reply: zlibbed(opMsg(5, 4, false, { ok: 1 })) },
])('$says with nothing to change stays the very message that it was', ({ reply }) => {
  expect(translateReply(reply, names).message).toBe(reply)
})

describe('refused', () => {
  const twoBodies = (): Buffer => {
    const [first, second] = [opMsg(5, 4, false, { ok: 1 }), opMsg(5, 4, false, own)]
    return message(2013, 5, 4, Buffer.concat([first.subarray(16), second.subarray(20)]))
  }
  const claims = (size: number): Buffer => {
    const reply = zlibbed(opMsg(5, 4, false, own))
    reply.writeInt32LE(size, 20)
    return reply
  }
  test.each([
    { says: 'another opcode', reply: message(2004, 5, 4, Buffer.alloc(40)), code: 'OPCODE' },
    {
      says: 'a compressor that nobody has',
      reply: zlibbed(opMsg(5, 4, false, own), deflateSync, 9),
      code: 'COMPRESSOR',
    },
    {
      says: 'data that is not zlib’s',
      reply: zlibbed(opMsg(5, 4, false, own), (body) => body),
      code: 'COMPRESSED_DATA',
    },
    { says: 'more data than it claims', reply: claims(10), code: 'COMPRESSED_DATA' },
    { says: 'less data than it claims', reply: claims(9999), code: 'COMPRESSED_DATA' },
    { says: 'a negative size', reply: claims(-1), code: 'COMPRESSED_DATA' },
    {
      says: 'a size above the limit, before a byte is decoded',
      reply: claims(maxHelloBytes + 1),
      code: 'HELLO_TOO_LONG',
    },
    { says: 'one inside another', reply: zlibbed(zlibbed(opMsg(5, 4, false, own))), code: 'MESSAGE' },
    { says: 'no body', reply: message(2013, 5, 4, Buffer.alloc(4)), code: 'MESSAGE' },
    { says: 'two bodies, of which readers take one or the other', reply: twoBodies(), code: 'MESSAGE' },
    { says: 'a body longer than the message', reply: opMsg(5, 4, false, own).subarray(0, 40), code: 'BSON' },
  ])('$says', ({ reply, code }) => {
    expect(() => translateReply(reply, names)).toThrow(expect.objectContaining({ name: 'WireRefusal', code }))
  })

  test('or translated, whatever the bytes are', () => {
    const good = [
      opMsg(5, 4, false, own),
      opReply(5, 4, own),
      zlibbed(opMsg(5, 4, true, own)),
      snappied(opMsg(5, 4, true, own)),
    ]
    const damaged = fc.tuple(fc.constantFrom(...good), fc.nat(), fc.nat(255)).map(([whole, at, value]) => {
      const copy = Buffer.from(whole)
      copy[4 + (at % (copy.length - 4))] = value
      return copy
    })
    const made = fc.tuple(fc.constantFrom(1, 2012, 2013), bytes(80)).map(([kind, body]) => message(kind, 1, 2, body))
    fc.assert(
      fc.property(fc.oneof(damaged, made), (reply) => {
        try {
          translateReply(reply, names)
        } catch (error) {
          expect(error).toBeInstanceOf(WireRefusal)
        }
      }),
      { ...budget, numRuns: 1000 },
    )
  })
})
