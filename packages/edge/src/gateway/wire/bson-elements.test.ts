import { Binary, BSON, Code, Decimal128, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budget, bytes } from '../testing/chunks.ts'
import { documentOf, elements, stringArrayElement, stringElement } from './bson-elements.ts'
import { WireRefusal } from './refusal.ts'

const everything = {
  double: 1.5,
  string: 'hé',
  document: { a: 1 },
  array: ['a', 'b'],
  binary: new Binary(Buffer.from([1, 2, 3])),
  id: new ObjectId('0123456789abcdef01234567'),
  boolean: true,
  date: new Date(0),
  null: null,
  regexp: /a\/b/im,
  code: new Code('x'),
  scoped: new Code('x', { y: 1 }),
  int32: new Int32(7),
  timestamp: Timestamp.fromNumber(7),
  int64: Long.fromNumber(7),
  decimal: Decimal128.fromString('1.5'),
  min: new MinKey(),
  max: new MaxKey(),
}

const walk = (document: Buffer) => [...elements(document, 0, document.length)]

test('finds every element of every type, end to end', () => {
  const document = Buffer.from(BSON.serialize(everything))
  const found = walk(document)
  expect(found.map(({ name }) => name)).toEqual(Object.keys(everything))
  expect(documentOf(found.map(({ at, end }) => document.subarray(at, end))).equals(document)).toBe(true)
})

test('types that bson no longer writes: undefined, symbol, DBPointer', () => {
  const parts = ['067500', '0e7300020000006100', '0c70000200000062000102030405060708090a0b0c', '10690007000000']
  const document = Buffer.from(`00000000${parts.join('')}00`, 'hex')
  document.writeInt32LE(document.length, 0)
  expect(walk(document).map(({ name }) => name)).toEqual(['u', 's', 'p', 'i'])
})

test('writes strings and arrays as bson does', () => {
  const written = documentOf([stringElement('me', 'hé:1'), stringArrayElement('hosts', ['a:1', 'b:2'])])
  expect(written).toEqual(Buffer.from(BSON.serialize({ me: 'hé:1', hosts: ['a:1', 'b:2'] })))
})

describe('refused', () => {
  const good = Buffer.from(BSON.serialize({ a: 'text', b: { c: 1 } }))
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(good)
    copy.writeInt32LE(value, at)
    return copy
  }
  test.each([
    { says: 'nothing at all', document: Buffer.alloc(0) },
    { says: 'a document longer than what is there', document: changed(0, good.length + 1) },
    { says: 'a document of 4 bytes', document: changed(0, 4) },
    { says: 'a negative length', document: changed(0, -5) },
    { says: 'a string longer than its document', document: changed(7, 1000) },
    { says: 'a string of no bytes', document: changed(7, 0) },
    { says: 'a string of a negative length', document: changed(7, -1) },
    { says: 'an unknown element type', document: Buffer.from('0800000042610000', 'hex') },
    { says: 'a name without its end', document: Buffer.from('080000000161616100', 'hex').subarray(0, 8) },
    { says: 'a value cut short', document: Buffer.from('09000000016100aa00', 'hex') },
  ])('$says', ({ document }) => {
    expect(() => walk(document)).toThrow(WireRefusal)
  })

  test('or read, whatever the bytes are', () => {
    const damaged = fc
      .tuple(fc.constant(Buffer.from(BSON.serialize(everything))), fc.nat(), fc.nat(255))
      .map(([whole, at, value]) => {
        const copy = Buffer.from(whole)
        copy[at % copy.length] = value
        return copy
      })
    fc.assert(
      fc.property(fc.oneof(bytes(80), damaged), (document) => {
        try {
          for (const { at, valueAt, end } of walk(document)) {
            expect(at < valueAt && valueAt <= end && end < document.length).toBe(true)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(WireRefusal)
        }
      }),
      { ...budget, numRuns: 1000 },
    )
  })
})
