// Keys of values: equal for what the server holds equal, different for all else; and views that mingo can compare.
import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import { describe, expect, test } from 'vitest'
import { decodeTyped, encodeDocument, keyOf, viewOf } from './document.ts'

const id = '507f1f77bcf86cd799439011'

test.each<[string, readonly unknown[]]>([
  ['numbers of one value', [1, new Int32(1), new Double(1), new Long(1), Decimal128.fromString('1')]],
  [
    'large whole numbers',
    [Long.fromString('9007199254740992'), new Double(2 ** 53), Decimal128.fromString('9007199254740992')],
  ],
  ['zeros', [0, -0, new Double(-0), new Int32(0)]],
  ['ids', [new ObjectId(id), ObjectId.createFromHexString(id)]],
  [
    'documents',
    [
      { a: 1, b: [1] },
      { a: new Double(1), b: [new Long(1)] },
    ],
  ],
])('%s have one key', (_, values) => {
  expect(new Set(values.map(keyOf)).size).toBe(1)
})

test('different values have different keys', () => {
  const values = [
    null,
    '',
    '1',
    1,
    1.5,
    true,
    false,
    [],
    [1],
    [[1]],
    {},
    { a: 1 },
    { b: 1 },
    { a: 1, b: 1 },
    { b: 1, a: 1 },
    Long.fromString('9007199254740993'),
    new Double(2 ** 53),
    new ObjectId(id),
    id,
    new Date(1),
    new Timestamp({ t: 0, i: 1 }),
    new Binary(Buffer.of(0xfe), 0),
    new Binary(Buffer.of(0xff), 0),
    new Binary(Buffer.of(0xff), 5),
    new MinKey(),
    new MaxKey(),
    /a/,
    /a/i,
    'null',
    '[]',
  ]
  expect(new Set(values.map(keyOf)).size).toBe(values.length)
})

describe('documents', () => {
  test.each([
    ['no document', Buffer.of(1, 2, 3)],
    ['a length that is wrong', Buffer.from('0600000000', 'hex')],
    ['text that is not UTF-8', Buffer.from('0e00000002610002000000ff0000', 'hex')],
  ])('%s is refused', (_, raw) => {
    expect(() => decodeTyped(raw)).toThrow(expect.objectContaining({ codeName: 'InvalidBSON' }))
  })

  test('one larger than 16 MiB is refused', () => {
    const large = () => encodeDocument({ blob: Buffer.alloc(16 * 1024 * 1024) })
    expect(large).toThrow(expect.objectContaining({ codeName: 'BSONObjectTooLarge' }))
    expect(() => encodeDocument({ blob: Buffer.alloc(40 * 1024 * 1024) })).toThrow(
      expect.objectContaining({ codeName: 'BSONObjectTooLarge' }),
    )
  })

  test('one nested too deeply is refused', () => {
    let nested: unknown = 1
    for (let depth = 0; depth < 200; depth += 1) nested = [nested]
    expect(() => viewOf(nested)).toThrow(expect.objectContaining({ codeName: 'Overflow' }))
  })
})
