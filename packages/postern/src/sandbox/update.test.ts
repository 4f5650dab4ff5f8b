// Updates of one document: what each form makes of it, and which types survive.
import { Decimal128, Double, Int32, Long } from 'bson'
import { describe, expect, test } from 'vitest'
import { CommandError } from './command-error.ts'
import { type Doc, decodeTyped, encodeDocument } from './document.ts'
import { type Update, updated, upserted } from './update.ts'

/** As a document arrives: encoded and read in its typed form. */
const typed = (document: Doc): Doc => decodeTyped(encodeDocument(document))
const after = (old: Doc, change: Update['change'], rest: Partial<Update> = {}) =>
  decodeTyped(
    encodeDocument(
      updated(typed(old), {
        filter: {},
        ...rest,
        change: Array.isArray(change) ? change.map(typed) : typed(change as Doc),
      }),
    ),
  )

describe('types', () => {
  test.each([
    ['an int grows into a long', new Int32(2_147_483_647), 1, Long.fromNumber(2_147_483_648)],
    ['a long stays a long', new Long(1), 1, new Long(2)],
    ['a double stays a double', new Double(1), 1, new Double(2)],
    ['a decimal stays a decimal', Decimal128.fromString('1.5'), 1, Decimal128.fromString('2.5')],
    ['an int with a fraction becomes a double', new Int32(1), 0.5, new Double(1.5)],
  ])('%s', (_, from, by, to) => {
    expect(after({ _id: 1, n: from }, { $inc: { n: by } }).n).toEqual(to)
  })

  test('numbers inside documents and inside arrays', () => {
    const old = { _id: 1, sub: { n: Decimal128.fromString('0.1') }, list: [{ n: 1 }] }
    expect(
      after(old, { $inc: { 'sub.n': Decimal128.fromString('0.2'), 'list.0.n': 1, 'made.here': new Long(7) } }),
    ).toEqual({
      _id: new Int32(1),
      sub: { n: Decimal128.fromString('0.3') },
      list: [{ n: new Int32(2) }],
      made: { here: new Long(7) },
    })
  })

  test.each<[string, Doc]>([
    ['the same path twice', { $set: { n: 1 }, $inc: { n: 1 } }],
    ['the same path by both', { $mul: { n: 2 }, $inc: { n: 1 } }],
    ['a path and one inside it', { $set: { sub: {} }, $inc: { 'sub.n': 1 } }],
    ['text that is incremented', { $inc: { text: 1 } }],
  ])('%s is refused', (_, change) => {
    expect(() => after({ _id: 1, n: 1, text: 'a' }, change)).toThrow()
  })

  test('what is set keeps the type that it came with', () => {
    const value = { a: new Double(1), b: [new Long(2)], c: Decimal128.fromString('3.0') }
    expect(after({ _id: 1 }, { $set: { value } }).value).toEqual(value)
  })

  test('what is not touched keeps its bytes', () => {
    const old = { _id: 1, big: Long.fromString('9007199254740993'), list: [new Double(1), new Double(2)], n: 1 }
    const next = after(old, { $inc: { n: 1 }, $pull: { list: 1 } })
    expect(next).toEqual({ _id: new Int32(1), big: old.big, list: [new Double(2)], n: new Int32(2) })
  })
})

describe('forms', () => {
  test.each<[string, Doc, Doc | Doc[], Doc]>([
    ['$unset', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
    ['$rename', { a: 1 }, { $rename: { a: 'b' } }, { b: 1 }],
    ['$addToSet', { a: [1] }, { $addToSet: { a: { $each: [1, 2] } } }, { a: [1, 2] }],
    [
      '$push with $sort and $slice',
      { a: [3, 1] },
      { $push: { a: { $each: [2], $sort: 1, $slice: 2 } } },
      { a: [1, 2] },
    ],
    ['$pop', { a: [1, 2] }, { $pop: { a: -1 } }, { a: [2] }],
    ['$min and $max', { a: 5, b: 5 }, { $min: { a: 1 }, $max: { b: 9 } }, { a: 1, b: 9 }],
    ['$mul', { a: 5 }, { $mul: { a: 2 } }, { a: 10 }],
    ['$bit', { a: 5 }, { $bit: { a: { and: 4 } } }, { a: 4 }],
    ['$set of the same id', { a: 1 }, { $set: { _id: 1, a: 2 } }, { a: 2 }],
    ['$setOnInsert', { a: 1 }, { $setOnInsert: { a: 2 }, $set: { b: 1 } }, { a: 1, b: 1 }],
    ['nothing', { a: 1 }, { $set: {} }, { a: 1 }],
    ['a replacement', { a: 1 }, { b: 2 }, { b: 2 }],
    ['a pipeline', { a: 1 }, [{ $set: { b: { $add: ['$a', 1] } } }, { $unset: 'a' }], { b: 2 }],
  ])('%s', (_, old, change, expected) => {
    expect(after({ _id: 1, ...old }, change)).toEqual(typed({ _id: 1, ...expected }))
  })

  test.each<[string, Doc | Doc[], string]>([
    ['another id', { $set: { _id: 2 } }, 'ImmutableField'],
    ['another id by replacement', { _id: 2 }, 'ImmutableField'],
    ['another id by pipeline', [{ $set: { _id: 2 } }], 'ImmutableField'],
    ['an unknown operator', { $frob: { a: 1 } }, 'FailedToParse'],
    ['an operand that is no document', { $set: 1 }, 'FailedToParse'],
    ['a stage that may not be there', [{ $group: { _id: 1 } }], 'InvalidOptions'],
  ])('%s is refused', (_, change, codeName) => {
    const refused = () => after({ _id: 1, a: 1 }, change)
    expect(refused).toThrow(CommandError)
    expect(refused).toThrow(expect.objectContaining({ codeName }))
  })
})

describe('upserts', () => {
  const made = (filter: Doc, change: Doc) => upserted({ filter: typed(filter), change: typed(change) })

  test.each<[string, Doc, Doc, Doc]>([
    [
      'equalities of the filter',
      { _id: 1, a: 2, 'b.c': { $eq: 3 }, d: { $gt: 4 } },
      { $set: { e: 5 } },
      { _id: 1, a: 2, b: { c: 3 }, e: 5 },
    ],
    ['those inside $and', { $and: [{ _id: 1 }, { a: 2 }] }, { $inc: { n: 1 } }, { _id: 1, a: 2, n: 1 }],
    ['the id of $setOnInsert', { a: 2 }, { $setOnInsert: { _id: 7, b: 1 } }, { _id: 7, a: 2, b: 1 }],
    ['of a replacement only the id', { _id: 1, a: 2 }, { b: 3 }, { _id: 1, b: 3 }],
  ])('take %s', (_, filter, change, expected) => {
    expect(typed(made(filter, change))).toEqual(typed(expected))
  })

  test('without an id get one, and it comes first', () => {
    expect(Object.keys(made({ a: 1 }, { $set: { b: 1 } }))).toEqual(['_id', 'a', 'b'])
  })
})
