// BSON at the level of elements: where each one begins and ends, never its value re-encoded, so that what is not
// touched stays byte for byte what it was (bsonspec.org, version 1.1). Every length is checked against what is there.

import { WireRefusal } from './refusal.ts'

export const bsonType = { STRING: 0x02, DOCUMENT: 0x03, ARRAY: 0x04, OBJECT_ID: 0x07, BOOLEAN: 0x08 } as const

/** One element by position; its whole is [at, end), its value [valueAt, end). */
export interface BsonElement {
  readonly type: number
  readonly name: string
  readonly at: number
  readonly valueAt: number
  readonly end: number
}

const fixedSizes: ReadonlyMap<number, number> = new Map([
  [0x01, 8], // double
  [0x06, 0], // undefined
  [0x07, 12], // ObjectId
  [0x08, 1], // boolean
  [0x09, 8], // date
  [0x0a, 0], // null
  [0x10, 4], // int32
  [0x11, 8], // timestamp
  [0x12, 8], // int64
  [0x13, 16], // decimal128
  [0x7f, 0], // max key
  [0xff, 0], // min key
])

const broken = (what: string): WireRefusal => new WireRefusal('BSON', `broken BSON: ${what}`)

/** The length that a document at `at` claims, checked to lie before `limit` and to end with its zero byte. */
export function documentLength(bytes: Buffer, at: number, limit: number): number {
  const length = at + 5 <= limit ? bytes.readInt32LE(at) : 0
  if (length < 5 || at + length > limit) throw broken('a document does not end where its length says')
  if (bytes[at + length - 1] !== 0) throw broken('a document does not end with a zero byte')
  return length
}

/** The top elements of the document (or array) at `at`, in order. Throws WireRefusal where they do not add up. */
export function* elements(bytes: Buffer, at: number, limit: number): Generator<BsonElement> {
  const last = at + documentLength(bytes, at, limit) - 1
  let position = at + 4
  while (position < last) {
    const type = bytes[position] ?? 0
    const nameEnd = cstringEnd(bytes, position + 1, last)
    const valueAt = nameEnd + 1
    const end = valueAt + valueSize(bytes, type, valueAt, last)
    if (end > last) throw broken('an element reaches beyond its document')
    yield { type, name: bytes.toString('utf8', position + 1, nameEnd), at: position, valueAt, end }
    position = end
  }
}

/** A string element's text. */
export const stringValue = (bytes: Buffer, element: BsonElement): string =>
  bytes.toString('utf8', element.valueAt + 4, element.end - 1)

/** Whether an element is the boolean `true`. */
export const isTrue = (bytes: Buffer, { type, valueAt }: BsonElement): boolean =>
  type === bsonType.BOOLEAN && bytes[valueAt] === 1

/** A whole ObjectId element; `hex`: 24 digits. */
export const objectIdElement = (name: string, hex: string): Buffer =>
  Buffer.concat([Buffer.from([bsonType.OBJECT_ID]), cstring(name), Buffer.from(hex, 'hex')])

/** A whole string element. */
export function stringElement(name: string, value: string): Buffer {
  const text = Buffer.from(value, 'utf8')
  const length = Buffer.alloc(4)
  length.writeInt32LE(text.length + 1)
  return Buffer.concat([Buffer.from([bsonType.STRING]), cstring(name), length, text, Buffer.alloc(1)])
}

/** A whole array element that holds these strings. */
export const stringArrayElement = (name: string, values: readonly string[]): Buffer =>
  Buffer.concat([
    Buffer.from([bsonType.ARRAY]),
    cstring(name),
    documentOf(values.map((value, index) => stringElement(String(index), value))),
  ])

/** A document made of whole elements. */
export function documentOf(parts: readonly Buffer[]): Buffer {
  const document = Buffer.concat([Buffer.alloc(4), ...parts, Buffer.alloc(1)])
  document.writeInt32LE(document.length)
  return document
}

const cstring = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf8')

function cstringEnd(bytes: Buffer, from: number, limit: number): number {
  const end = bytes.indexOf(0, from)
  if (end < 0 || end >= limit) throw broken('a name without its end')
  return end
}

function valueSize(bytes: Buffer, type: number, at: number, limit: number): number {
  const fixed = fixedSizes.get(type)
  if (fixed !== undefined) return fixed
  if (type === 0x0b) return cstringEnd(bytes, cstringEnd(bytes, at, limit) + 1, limit) + 1 - at // regular expression
  if (at + 4 > limit) throw broken('a length is cut short')
  const length = bytes.readInt32LE(at)
  switch (type) {
    case 0x02: // string
    case 0x0d: // code
    case 0x0e: // symbol
      if (length < 1 || at + 4 + length > limit || bytes[at + 3 + length] !== 0)
        throw broken('a string without its end')
      return 4 + length
    case 0x0c: // DBPointer
      if (length < 1) throw broken('a string without its end')
      return 4 + length + 12
    case 0x05: // binary
      if (length < 0) throw broken('a negative length')
      return 5 + length
    case 0x03: // document
    case 0x04: // array
    case 0x0f: // code with scope
      if (length < 5) throw broken('a document too short to be one')
      return length
    default:
      throw broken(`element type ${type}`)
  }
}
