// One document in its three forms: the bytes as they came (what is stored and sent back, so that no type is ever
// lost), the typed form (Int32, Double, Long, ... kept apart), and the view, plain values that mingo can compare.
// In a view every number is a JavaScript number: beyond 2^53, and for Decimal128, comparisons are approximate.
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  deserialize,
  Int32,
  Long,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson'
import { CommandError } from './command-error.ts'

export type Doc = Record<string, unknown>
export const maxDocumentBytes = 16 * 1024 * 1024
const maxDepth = 180

/** Compares by its bytes; the plain class would compare by a lossy UTF-8 reading. */
class ComparableBinary extends Binary {
  override toString(): string {
    return `${this.sub_type}:${Buffer.from(this.buffer.subarray(0, this.position)).toString('hex')}`
  }
}

class ComparableTimestamp extends Timestamp {
  override toString = (): string => this.toBigInt().toString().padStart(20, '0')
}

export const isDoc = (value: unknown): value is Doc =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** @throws CommandError InvalidBSON */
export function decodeTyped(raw: Uint8Array): Doc {
  try {
    return deserialize(raw, { promoteValues: false, promoteBuffers: false, bsonRegExp: true })
  } catch {
    throw new CommandError('InvalidBSON', 'the bytes are not a BSON document')
  }
}

/** @throws CommandError BSONObjectTooLarge above 16 MiB */
export function encodeDocument(document: Doc): Uint8Array {
  let raw: Uint8Array
  try {
    raw = serialize(document)
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError('BSONObjectTooLarge', 'the document is larger than 16 MiB')
    throw error
  }
  if (raw.length > maxDocumentBytes) throw new CommandError('BSONObjectTooLarge', 'the document is larger than 16 MiB')
  return raw
}

/**
 * The plain form of a typed value.
 * @throws CommandError Overflow when nested deeper than 180 levels
 */
export function viewOf(typed: unknown, depth = 0): unknown {
  if (typeof typed !== 'object' || typed === null) return typed
  if (depth > maxDepth) throw new CommandError('Overflow', `documents may be nested ${maxDepth} levels deep`)
  if (Array.isArray(typed)) return typed.map((item) => viewOf(item, depth + 1))
  if (isDoc(typed)) return viewOfDocument(typed, depth)
  return viewOfValue(typed, depth)
}

export function viewOfDocument(typed: Doc, depth = 0): Doc {
  const view: Doc = {}
  for (const key of Object.keys(typed)) setField(view, key, viewOf(typed[key], depth + 1))
  return view
}

function viewOfValue(typed: object, depth: number): unknown {
  if (isNumeric(typed)) return numberOf(typed)
  if (typed instanceof Timestamp) return new ComparableTimestamp(typed.toBigInt())
  if (typed instanceof Binary) return new ComparableBinary(typed.buffer.subarray(0, typed.position), typed.sub_type)
  if (typed instanceof BSONRegExp) return regExpOf(typed)
  if (typed instanceof BSONSymbol) return typed.valueOf()
  if (typed instanceof DBRef) {
    const { collection, oid, db, fields } = typed
    return viewOfDocument({ $ref: collection, $id: oid, ...(db ? { $db: db } : {}), ...fields }, depth)
  }
  return typed
}

function regExpOf(typed: BSONRegExp): unknown {
  try {
    return new RegExp(typed.pattern, [...typed.options].filter((option) => 'imsu'.includes(option)).join(''))
  } catch {
    throw new CommandError('BadValue', 'Regular expression is invalid')
  }
}

/** Plain assignment would let a field called `__proto__` change the object's prototype. */
export function setField(target: Doc, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  else target[key] = value
}

type Numeric = Int32 | Double | Long | Decimal128
const isNumeric = (value: unknown): value is Numeric =>
  value instanceof Int32 ||
  value instanceof Double ||
  (value instanceof Long && !(value instanceof Timestamp)) ||
  value instanceof Decimal128

function numberOf(value: Numeric): number {
  if (value instanceof Int32 || value instanceof Double) return value.value
  return value instanceof Long ? value.toNumber() : Number(value.toString())
}

/**
 * Gives the types of `old` back to a value that was computed from its view: unchanged numbers keep theirs exactly,
 * changed ones keep their kind where the new number fits it.
 */
export function retype(value: unknown, view: unknown, old: unknown): unknown {
  if (typeof value === 'number') return retypeNumber(value, view, old)
  if (Array.isArray(value)) {
    const views = Array.isArray(view) ? view : []
    const olds = Array.isArray(old) ? old : []
    return value.map((item, index) => {
      const same = Object.is(item, views[index]) || typeof item === 'object' ? index : views.indexOf(item)
      return retype(item, views[same], olds[same])
    })
  }
  if (isDoc(value)) {
    const typed: Doc = {}
    for (const key of Object.keys(value)) {
      setField(typed, key, retype(value[key], isDoc(view) ? view[key] : undefined, isDoc(old) ? old[key] : undefined))
    }
    return typed
  }
  return value !== undefined && Object.is(value, view) && old !== undefined ? old : value
}

function retypeNumber(value: number, view: unknown, old: unknown): unknown {
  if (Object.is(value, view) && isNumeric(old)) return old
  if (old instanceof Double) return new Double(value)
  if (old instanceof Decimal128) return Decimal128.fromString(String(value))
  if (!Number.isInteger(value) || Object.is(value, -0)) return new Double(value)
  const small = value >= -0x80000000 && value <= 0x7fffffff
  if (old instanceof Long || !small) return Number.isSafeInteger(value) ? Long.fromNumber(value) : new Double(value)
  return new Int32(value)
}

/** One string per BSON value, equal for values that the server holds equal (1, 1.0 and NumberLong(1) are). */
export function keyOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return `s${JSON.stringify(value)}`
  if (typeof value === 'boolean') return `b${value}`
  if (typeof value === 'number') return numberKey(value)
  if (isNumeric(value)) return value instanceof Long ? `n${value.toString()}` : numericKey(value)
  if (value instanceof ObjectId) return `o${value.toHexString()}`
  if (value instanceof Date) return `d${value.getTime()}`
  if (value instanceof Timestamp) return `t${value.toBigInt()}`
  if (value instanceof Binary) {
    return `x${value.sub_type}:${Buffer.from(value.buffer.subarray(0, value.position)).toString('hex')}`
  }
  if (value instanceof BSONRegExp) return `r${JSON.stringify([value.pattern, value.options])}`
  if (value instanceof RegExp) return `r${JSON.stringify([value.source, value.flags])}`
  if (value instanceof Code) return `c${JSON.stringify(value.code)}`
  if (Array.isArray(value)) return `[${value.map(keyOf).join(',')}]`
  if (isDoc(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${keyOf(item)}`)
      .join(',')}}`
  }
  return `?${Buffer.from(serialize({ value })).toString('hex')}`
}

const numberKey = (value: number): string => (Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`)
function numericKey(value: Int32 | Double | Decimal128): string {
  if (!(value instanceof Decimal128)) return numberKey(value.value)
  const text = value.toString()
  return /^-?\d+$/.test(text) ? `n${BigInt(text)}` : numberKey(Number(text))
}
