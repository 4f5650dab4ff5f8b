// Open cursors of one member: what is left of a result that did not fit one batch. A result is fixed when its cursor
// opens; documents are shared with the collection, not copied.
import { randomBytes } from 'node:crypto'
import { Long } from 'bson'
import { CommandError } from './command-error.ts'
import { maxDocumentBytes } from './document.ts'

const idleMs = 10 * 60_000
const defaultFirstBatch = 101

export type Batch = { readonly documents: readonly Uint8Array[]; readonly id: Long; readonly ns: string }
type Open = { readonly ns: string; readonly owner: string; rest: readonly Uint8Array[]; touched: number }

export class Cursors {
  #open = new Map<string, Open>()
  #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  get size(): number {
    return this.#open.size
  }

  /** The first batch of a result, and a cursor for what is left of it, if anything is. */
  open(result: {
    ns: string
    owner: string
    documents: readonly Uint8Array[]
    batchSize?: number | undefined
    single?: boolean
  }): Batch {
    this.#forgetIdle()
    const { ns, owner, single } = result
    const { batch, rest } = cut(result.documents, result.batchSize ?? defaultFirstBatch)
    if (rest.length === 0 || single) return { documents: batch, id: Long.ZERO, ns }
    const id = newId()
    this.#open.set(id.toString(), { ns, owner, rest, touched: this.#now() })
    return { documents: batch, id, ns }
  }

  /** @throws CommandError CursorNotFound, Unauthorized when it is somebody else's */
  next(wanted: { id: string; ns: string; owner: string; batchSize?: number | undefined }): Batch {
    const cursor = this.#open.get(wanted.id)
    if (!cursor || cursor.ns !== wanted.ns) throw new CommandError('CursorNotFound', `cursor id ${wanted.id} not found`)
    if (cursor.owner !== wanted.owner)
      throw new CommandError('Unauthorized', `cursor id ${wanted.id} was not created by this user`)
    const { batch, rest } = cut(cursor.rest, wanted.batchSize || Number.POSITIVE_INFINITY)
    cursor.rest = rest
    cursor.touched = this.#now()
    if (rest.length === 0) this.#open.delete(wanted.id)
    return { documents: batch, id: rest.length === 0 ? Long.ZERO : Long.fromString(wanted.id), ns: cursor.ns }
  }

  /** Whatever was still to be read is forgotten. */
  clear(): void {
    this.#open.clear()
  }

  /** @returns whether there was such a cursor of this owner */
  kill(id: string, owner: string): boolean {
    return this.#open.get(id)?.owner === owner && this.#open.delete(id)
  }

  #forgetIdle(): void {
    for (const [id, { touched }] of this.#open) if (this.#now() - touched > idleMs) this.#open.delete(id)
  }
}

/** As many documents as wanted and as fit one reply; at least one, unless none is wanted. */
function cut(
  documents: readonly Uint8Array[],
  wanted: number,
): { batch: readonly Uint8Array[]; rest: readonly Uint8Array[] } {
  let count = 0
  let bytes = 0
  for (const document of documents) {
    bytes += document.length
    if (count >= wanted || (count > 0 && bytes > maxDocumentBytes)) break
    count += 1
  }
  return { batch: documents.slice(0, count), rest: documents.slice(count) }
}

function newId(): Long {
  const bytes = randomBytes(8)
  bytes[0] = (bytes[0] ?? 0) & 0x7f
  return Long.fromBigInt(bytes.readBigInt64BE() | 1n)
}
