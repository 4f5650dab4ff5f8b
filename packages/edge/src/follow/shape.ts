// Readers of unknown JSON, hand-written because the edge carries no schema library: each takes a value and its path
// and gives back a typed value or throws a SnapshotError that names the path. Unknown fields are left out, not refused,
// so that an older edge can follow a newer control plane.

export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
}

export type Reader<Value> = (value: unknown, path: string) => Value

export const refuse = (path: string, problem: string): never => {
  throw new SnapshotError(`${path} ${problem}`)
}

/** Text of at most `longest` characters that passes `test`; `what` says in the error what was expected. */
export const text =
  (what: string, test: (text: string) => boolean = () => true, longest = 1024): Reader<string> =>
  (value, path) =>
    typeof value === 'string' && value.length <= longest && test(value) ? value : refuse(path, `must be ${what}`)

export const integer =
  (least: number, most: number): Reader<number> =>
  (value, path) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : refuse(path, `must be a whole number from ${least} to ${most}`)

export const truth: Reader<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, 'must be true or false')

export const oneOf =
  <Word extends string>(words: readonly Word[]): Reader<Word> =>
  (value, path) =>
    words.find((word) => word === value) ?? refuse(path, `must be one of ${words.join(', ')}`)

export const orNull =
  <Value>(read: Reader<Value>): Reader<Value | null> =>
  (value, path) =>
    value === null ? null : read(value, path)

/** For what an older control plane does not say: absent is null. */
export const orAbsent =
  <Value>(read: Reader<Value>): Reader<Value | null> =>
  (value, path) =>
    value === undefined ? null : orNull(read)(value, path)

export const list =
  <Value>(read: Reader<Value>): Reader<readonly Value[]> =>
  (value, path) =>
    Array.isArray(value) ? value.map((each, index) => read(each, `${path}[${index}]`)) : refuse(path, 'must be a list')

/** A list in which no two elements have the same key. */
export const listOfDistinct =
  <Value>(read: Reader<Value>, field: string, keyOf: (value: Value) => string | number): Reader<readonly Value[]> =>
  (value, path) => {
    const values = list(read)(value, path)
    const seen = new Set<string | number>()
    for (const each of values) {
      if (seen.has(keyOf(each))) refuse(path, `holds ${field} ${keyOf(each)} twice`)
      seen.add(keyOf(each))
    }
    return values
  }

const fieldsOf = (value: unknown, path: string): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : refuse(path, 'must be an object')

const own = (fields: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(fields, key) ? fields[key] : undefined

export const object =
  <Value>(readers: { readonly [Key in keyof Value & string]: Reader<Value[Key]> }): Reader<Value> =>
  (value, path) => {
    const fields = fieldsOf(value, path)
    const entries = Object.entries(readers) as [string, Reader<unknown>][]
    return Object.fromEntries(entries.map(([key, read]) => [key, read(own(fields, key), `${path}.${key}`)])) as Value
  }

/** An object whose every key matters: those that there is no reader for, or whose value it refuses, come out in `unread`. */
export const known =
  <Value extends { readonly unread?: readonly string[] }>(
    readers: {
      readonly [Key in Exclude<keyof Value & string, 'unread'>]: Reader<NonNullable<Value[Key]>>
    },
  ): Reader<Value> =>
  (value, path) => {
    const read: Record<string, unknown> = {}
    const unread: string[] = []
    for (const [key, each] of Object.entries(fieldsOf(value, path))) {
      const reader = own(readers, key) as Reader<unknown> | undefined
      try {
        if (reader === undefined) unread.push(key)
        else read[key] = reader(each, `${path}.${key}`)
      } catch (error) {
        if (!(error instanceof SnapshotError)) throw error
        unread.push(key)
      }
    }
    return (unread.length === 0 ? read : { ...read, unread }) as Value
  }

/**
 * Reads one and the same object once: an item that a change of a snapshot let stay is not judged again. What it reads
 * must never be changed.
 */
export const once = <Value extends object>(read: Reader<Value>): Reader<Value> => {
  const known = new WeakMap<object, Value>()
  return (value, path) => {
    if (typeof value !== 'object' || value === null) return read(value, path)
    const before = known.get(value)
    if (before !== undefined) return before
    const result = read(value, path)
    known.set(value, result)
    return result
  }
}

/** An object with free keys. `Object.fromEntries` defines own properties, so a key `__proto__` stays a plain key. */
export const record =
  <Value>(read: Reader<Value>): Reader<Readonly<Record<string, Value>>> =>
  (value, path) =>
    Object.fromEntries(Object.entries(fieldsOf(value, path)).map(([key, each]) => [key, read(each, `${path}.${key}`)]))

/** Chooses the reader by the field `type`. */
export const byType =
  <Value>(readers: Readonly<Record<string, Reader<Value>>>): Reader<Value> =>
  (value, path) => {
    const type = own(fieldsOf(value, path), 'type')
    const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined
    return read ? read(value, path) : refuse(`${path}.type`, `must be one of ${Object.keys(readers).join(', ')}`)
  }
