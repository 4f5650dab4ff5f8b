// What one whole says otherwise than the one before it: for each of its lists which items stay, as runs of the list
// before, and which are new. An edge that holds the one before makes the other out of it, item for item, and knows by
// the hash of its text that it is the same. Pure; both sides of it are here, because one is the other's inverse.
//
// An edge that can do so says it in a header. Answered with changes it gets a NumberedChanges instead of a Numbered: all
// changes from the number that it holds (`after`) to the newest.

/** `[from, count]`: items of the list before that stay, in their order. Anything else: a new item, which is an object. */
type ListChange = readonly unknown[]

export interface SnapshotChange {
  /** Lists that are another; those that are not named stay. */
  readonly lists: Readonly<Record<string, ListChange>>
  /** What is no list, and is another. */
  readonly values: Readonly<Record<string, unknown>>
}

export interface NumberedChanges {
  readonly schema: number
  readonly epoch: string
  /** What the result is to be called. */
  readonly n: number
  /** Which number they are to be laid upon. */
  readonly after: number
  /** Of the result: SHA-256, in hex, of `hashedText`. */
  readonly hash: string
  /** In their order. */
  readonly changes: readonly SnapshotChange[]
}

export const snapshotChangesHeader = 'postern-snapshot-changes'
/** The header's value of an edge that takes changes of this form. */
export const snapshotChangesForm = '1'

/** What a whole's hash is of; `body` is its JSON text, with nothing between. */
export const hashedText = (schema: number, body: string): string => `${schema} ${body}`

/** A body, each item of its lists as JSON text, and what is no list as one. */
export type SnapshotTexts = Readonly<Record<string, readonly string[] | string>>

export const textsOf = (body: object): SnapshotTexts =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((item) => JSON.stringify(item)) : JSON.stringify(value),
    ]),
  )

/** What `JSON.stringify` says of the whole. */
export const bodyText = (texts: SnapshotTexts): string =>
  `{${Object.entries(texts)
    .map(([name, text]) => `${JSON.stringify(name)}:${typeof text === 'string' ? text : `[${text.join(',')}]`}`)
    .join(',')}}`

/** A SnapshotChange as JSON text; null where the two do not have the same fields. */
export function changeBetween(before: SnapshotTexts, after: SnapshotTexts): string | null {
  if (Object.keys(before).join() !== Object.keys(after).join()) return null
  const lists: string[] = []
  const values: string[] = []
  for (const [name, now] of Object.entries(after)) {
    const then = before[name]
    if (typeof now === 'string' || typeof then === 'string' || then === undefined) {
      if (typeof now !== 'string' || typeof then !== 'string') return null
      if (now !== then) values.push(`${JSON.stringify(name)}:${now}`)
      continue
    }
    const pieces = piecesOf(then, now)
    if (pieces !== null) lists.push(`${JSON.stringify(name)}:[${pieces.join(',')}]`)
  }
  return `{"lists":{${lists.join(',')}},"values":{${values.join(',')}}}`
}

/** Null where nothing changed. */
function piecesOf(before: readonly string[], after: readonly string[]): readonly string[] | null {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head += 1
  if (head === before.length && head === after.length) return null
  // Of ten thousand items it is mostly one: those that stay before and behind it are not looked up.
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const places = new Map(before.slice(head, before.length - tail).map((text, at) => [text, head + at]))
  const pieces: string[] = []
  let [from, count] = [0, head]
  const endRun = (): void => {
    if (count > 0) pieces.push(`[${from},${count}]`)
    count = 0
  }
  for (const text of after.slice(head, after.length - tail)) {
    if (count > 0 && before[from + count] === text) {
      count += 1
      continue
    }
    endRun()
    const place = places.get(text)
    if (place === undefined) pieces.push(text)
    else [from, count] = [place, 1]
  }
  if (count > 0 && from + count === before.length - tail) count += tail
  else {
    endRun()
    ;[from, count] = [before.length - tail, tail]
  }
  endRun()
  return pieces
}

/** `body` with a change from anywhere laid upon it; items that stay are the same objects. Throws RangeError where it does not fit. */
export function withChange(body: unknown, change: unknown): Readonly<Record<string, unknown>> {
  const known = fieldsOf(body)
  const { lists, values } = fieldsOf(change)
  const changed: Record<string, unknown> = Object.assign(Object.create(null), known)
  for (const [name, pieces] of Object.entries(fieldsOf(lists))) changed[name] = withPieces(listOf(known, name), pieces)
  for (const [name, value] of Object.entries(fieldsOf(values))) {
    if (!Object.hasOwn(known, name)) throw new RangeError(`a change of ${name}, which is not there`)
    changed[name] = value
  }
  return changed
}

function withPieces(before: readonly unknown[], pieces: unknown): readonly unknown[] {
  if (!Array.isArray(pieces)) throw new RangeError('a change of a list that is no list')
  const after: unknown[] = []
  for (const piece of pieces) {
    if (!Array.isArray(piece)) {
      after.push(piece)
      continue
    }
    const [from, count] = piece as readonly unknown[]
    if (!isCount(from) || !isCount(count) || from + count > before.length || after.length + count > mostItems)
      throw new RangeError('a change that keeps items which are not there')
    for (let at = from; at < from + count; at += 1) after.push(before[at])
  }
  return after
}

/** Runs may overlap, so a short text could ask for a list of any length. */
const mostItems = 1_000_000

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError('no object')
  return value as Readonly<Record<string, unknown>>
}

const listOf = (fields: Readonly<Record<string, unknown>>, name: string): readonly unknown[] => {
  const list = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (!Array.isArray(list)) throw new RangeError(`a change of the list ${name}, which is not there`)
  return list
}
