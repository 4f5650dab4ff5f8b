// One command as it was received, read once: its name, its database, its arguments as plain values, and the
// documents it carries (in the body or as a document sequence) in their typed form.
import { Binary, Long } from 'bson'
import { CommandError } from './command-error.ts'
import { type Doc, decodeTyped, isDoc, viewOfDocument } from './document.ts'
import type { Request, Sequence } from './wire/message.ts'

const payloads = new Set(['documents', 'updates', 'deletes', 'pipeline', 'filter', 'query', 'q', 'update'])

export class Command {
  readonly name: string
  readonly db: string
  /** The whole body, typed. */
  readonly typed: Doc
  /** The body as plain values, without what may be large or must keep its types. */
  readonly args: Doc
  readonly request: Request
  readonly #sequences: readonly Sequence[]

  /** @throws CommandError InvalidBSON, FailedToParse */
  constructor(request: Request) {
    this.request = request
    this.typed = decodeTyped(request.body)
    this.#sequences = request.sequences
    this.name = Object.keys(this.typed)[0] ?? ''
    const small = Object.entries(this.typed).filter(([key]) => key === this.name || !payloads.has(key))
    this.args = viewOfDocument(Object.fromEntries(small))
    const db = request.database ?? this.args.$db
    if (typeof db !== 'string' || db === '' || /[\s./\\"$\0]/.test(db))
      throw new CommandError('InvalidNamespace', 'a command needs a valid $db')
    this.db = db
  }

  /** `<db>.<collection>`, the collection being the command's own argument. */
  get ns(): string {
    const name = this.args[this.name]
    if (typeof name !== 'string')
      throw new CommandError('InvalidNamespace', `collection name has invalid type ${typeof name}`)
    if (name === '' || name.startsWith('.') || name.includes('\0') || name.includes('$')) {
      throw new CommandError('InvalidNamespace', `Invalid namespace specified '${this.db}.${name}'`)
    }
    return `${this.db}.${name}`
  }

  /** The documents under `name`, from the body or a document sequence, typed. */
  documents(name: string): readonly Doc[] {
    const sequence = this.#sequences.find((one) => one.name === name)
    if (sequence) return sequence.documents.map(decodeTyped)
    const value = this.typed[name]
    if (!Array.isArray(value) || !value.every(isDoc))
      throw new CommandError('TypeMismatch', `'${name}' must be an array of documents`)
    return value
  }

  /** A typed sub-document, `{}` when absent. */
  document(name: string): Doc {
    const value = this.typed[name]
    if (value === undefined || value === null) return {}
    if (!isDoc(value)) throw new CommandError('TypeMismatch', `'${name}' must be a document`)
    return value
  }

  view(name: string): Doc | undefined {
    return this.typed[name] === undefined ? undefined : viewOfDocument(this.document(name))
  }

  number(name: string): number | undefined {
    const value = this.args[name]
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'number') throw new CommandError('TypeMismatch', `'${name}' must be a number`)
    return value
  }

  string(name: string): string {
    const value = this.args[name]
    if (typeof value !== 'string') throw new CommandError('TypeMismatch', `'${name}' must be a string`)
    return value
  }

  /** The session's id and the transaction number, when this is a retryable write. */
  get retry(): { readonly session: string; readonly txn: bigint } | undefined {
    const { lsid, txnNumber } = this.typed
    if (txnNumber === undefined) return undefined
    const id = isDoc(lsid) ? lsid.id : undefined
    if (!(txnNumber instanceof Long) || !(id instanceof Binary))
      throw new CommandError('InvalidOptions', 'txnNumber needs an lsid')
    return { session: sessionKey(id), txn: txnNumber.toBigInt() }
  }
}

export const sessionKey = (id: Binary): string => Buffer.from(id.buffer.subarray(0, id.position)).toString('hex')
