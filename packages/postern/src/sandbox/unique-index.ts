// The entries of one index, kept only where they are needed: to refuse a second document with the same key.
import { EJSON } from 'bson'
import { Query } from 'mingo'
import { CommandError } from './command-error.ts'
import { type Doc, isDoc, keyOf, viewOfDocument } from './document.ts'
import { queryOptions } from './query.ts'
import type { IndexSpec } from './record.ts'

/** Every value at a dotted path, arrays opened as an index opens them; `undefined` stands for a missing field. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [head, ...rest] = path
  if (head === undefined) return Array.isArray(value) ? (value.length > 0 ? [...value] : [undefined]) : [value]
  if (Array.isArray(value)) {
    if (/^\d+$/.test(head) && Number(head) < value.length) return valuesAt(value[Number(head)], rest)
    const found = value.filter(isDoc).flatMap((item) => valuesAt(item, path))
    return found.length > 0 ? found : [undefined]
  }
  return isDoc(value) ? valuesAt(value[head], rest) : [undefined]
}

export class UniqueIndex {
  readonly spec: IndexSpec
  #owners = new Map<string, string>()
  #fields: readonly (readonly string[])[]
  #filter: Query | undefined

  constructor(spec: IndexSpec) {
    this.spec = spec
    this.#fields = Object.keys(spec.key).map((field) => field.split('.'))
    this.#filter = spec.partial ? new Query(viewOfDocument(spec.partial), queryOptions) : undefined
  }

  /** @throws CommandError DuplicateKey when another document than `owner` has one of these keys */
  check(typed: Doc, owner: string, ns: string): void {
    for (const [entry, values] of this.#entries(typed)) {
      const held = this.#owners.get(entry)
      if (held === undefined || held === owner) continue
      const keyValue = Object.fromEntries(
        Object.keys(this.spec.key).map((field, index) => [field, values[index] ?? null]),
      )
      const errmsg = duplicateMessage(ns, this.spec.name, keyValue)
      throw new CommandError('DuplicateKey', errmsg, { keyPattern: this.spec.key, keyValue })
    }
  }

  add(typed: Doc, owner: string): void {
    for (const [entry] of this.#entries(typed)) this.#owners.set(entry, owner)
  }

  remove(typed: Doc, owner: string): void {
    for (const [entry] of this.#entries(typed)) if (this.#owners.get(entry) === owner) this.#owners.delete(entry)
  }

  #entries(typed: Doc): [string, readonly unknown[]][] {
    if (this.#filter && !this.#filter.test(viewOfDocument(typed))) return []
    const columns = this.#fields.map((path) => valuesAt(typed, path))
    if (this.spec.sparse && columns.every((column) => column.every((value) => value === undefined))) return []
    let rows: unknown[][] = [[]]
    for (const column of columns) rows = rows.flatMap((row) => column.map((value) => [...row, value]))
    return rows.map((row) => [row.map(keyOf).join('|'), row])
  }
}

/** The server's sentence, which clients show and some read. */
export function duplicateMessage(ns: string, index: string, keyValue: Doc): string {
  const shown = Object.entries(keyValue).map(([field, value]) => `${field}: ${EJSON.stringify(value)}`)
  return `E11000 duplicate key error collection: ${ns} index: ${index} dup key: { ${shown.join(', ')} }`
}
