// One collection: its documents by the key of their `_id`, and its indexes. Changes are first checked (`check…`),
// then journaled by the caller, then applied; applying never fails.
import { CommandError } from './command-error.ts'
import { type Doc, decodeTyped, keyOf, viewOfDocument } from './document.ts'
import type { IndexSpec } from './record.ts'
import { duplicateMessage, UniqueIndex } from './unique-index.ts'

export class StoredDocument {
  readonly raw: Uint8Array
  readonly key: string
  #view: Doc | undefined

  constructor(raw: Uint8Array, key: string) {
    this.raw = raw
    this.key = key
  }

  /** Plain values for comparing; made when first needed, and never changed. */
  get view(): Doc {
    this.#view ??= viewOfDocument(this.typed())
    return this.#view
  }

  typed(): Doc {
    return decodeTyped(this.raw)
  }
}

const idIndex: IndexSpec = {
  name: '_id_',
  key: { _id: 1 },
  unique: true,
  sparse: false,
  given: { v: 2, key: { _id: 1 }, name: '_id_' },
}

export class Collection {
  readonly ns: string
  readonly uuid: string
  readonly documents = new Map<string, StoredDocument>()
  #indexes = new Map<string, IndexSpec>([[idIndex.name, idIndex]])
  #unique = new Map<string, UniqueIndex>()
  #bytes = 0

  constructor(ns: string, uuid: string) {
    this.ns = ns
    this.uuid = uuid
  }

  get indexes(): readonly IndexSpec[] {
    return [...this.#indexes.values()]
  }

  /** Size of all documents in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * May this document be put under its `_id`?
   * @param replaces the key of the document that it takes the place of, if any
   * @throws CommandError DuplicateKey
   */
  checkPut(typed: Doc, replaces?: string): void {
    const key = keyOf(typed._id)
    if (key !== replaces && this.documents.has(key)) {
      const keyValue = { _id: typed._id }
      throw new CommandError('DuplicateKey', duplicateMessage(this.ns, idIndex.name, keyValue), {
        keyPattern: { _id: 1 },
        keyValue,
      })
    }
    for (const index of this.#unique.values()) index.check(typed, key, this.ns)
  }

  /** @throws CommandError DuplicateKey when documents that are there already break the index */
  checkIndex(spec: IndexSpec): void {
    if (!spec.unique) return
    const trial = new UniqueIndex(spec)
    for (const document of this.documents.values()) {
      const typed = document.typed()
      trial.check(typed, document.key, this.ns)
      trial.add(typed, document.key)
    }
  }

  put(raw: Uint8Array): void {
    const typed = decodeTyped(raw)
    const key = keyOf(typed._id)
    this.#forget(this.documents.get(key))
    this.documents.set(key, new StoredDocument(raw, key))
    this.#bytes += raw.length
    for (const index of this.#unique.values()) index.add(typed, key)
  }

  delete(key: string): void {
    this.#forget(this.documents.get(key))
    this.documents.delete(key)
  }

  addIndex(spec: IndexSpec): void {
    this.#indexes.set(spec.name, spec)
    if (!spec.unique || spec.name === idIndex.name) return
    const index = new UniqueIndex(spec)
    for (const document of this.documents.values()) index.add(document.typed(), document.key)
    this.#unique.set(spec.name, index)
  }

  dropIndex(name: string): void {
    this.#indexes.delete(name)
    this.#unique.delete(name)
  }

  #forget(document: StoredDocument | undefined): void {
    if (!document) return
    this.#bytes -= document.raw.length
    if (this.#unique.size === 0) return
    const typed = document.typed()
    for (const index of this.#unique.values()) index.remove(typed, document.key)
  }
}
