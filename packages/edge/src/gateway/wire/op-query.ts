// OP_QUERY and OP_REPLY: obsolete but for the very first hello of a connection, which many drivers still send so.
// Request: flags, collection name, skip, limit, document, which may be wrapped in `$query`. Reply: flags, cursor id,
// starting from, number returned, documents. Positions count from the flags.

import { documentLength } from './bson-elements.ts'
import { headerBytes } from './frames.ts'
import { commandNameBytes, commandNamed, type Glimpse, nameIs } from './glimpse.ts'
import { WireRefusal } from './refusal.ts'

/** A database name has at most 63 bytes; with `.$cmd` and its zero byte this is ample. */
const maxNamespaceBytes = 256

/** What the first bytes of a request tell: `at` is where its flags are, `have` of its `total` bytes are there. */
export function glimpseQuery(bytes: Buffer, at: number, have: number, total: number): Glimpse {
  const namespaceEnd = bytes.subarray(at, at + have).indexOf(0, 4)
  if (namespaceEnd < 0) return have >= Math.min(total, maxNamespaceBytes) ? 'other' : have + 64
  if (!bytes.toString('latin1', at + 4, at + namespaceEnd).endsWith('.$cmd')) return 'other'
  const name = namespaceEnd + 1 + 8 + 4 + 1
  const wrapped = name + '$query\0'.length + 4 + 1
  const want = Math.min(total, wrapped + commandNameBytes)
  if (have < want) return want
  const end = at + want
  for (const wrapper of ['$query', 'query']) {
    if (nameIs(bytes, at + name, end, wrapper)) return commandNamed(bytes, at + name + wrapper.length + 1 + 5, end)
  }
  return commandNamed(bytes, at + name, end)
}

/** Where the document of a whole OP_QUERY lies: [from, to). Throws WireRefusal where it does not add up. */
export function documentOfQuery(message: Buffer): { readonly from: number; readonly to: number } {
  const namespaceEnd = message.indexOf(0, headerBytes + 4)
  if (namespaceEnd < 0) throw new WireRefusal('MESSAGE', 'an OP_QUERY without a namespace')
  const from = namespaceEnd + 1 + 8
  return { from, to: from + documentLength(message, from, message.length) }
}

const documentsAt = headerBytes + 20

/** The same request with another document; its length is right again. */
export function withQuery(
  message: Buffer,
  { from, to }: { readonly from: number; readonly to: number },
  document: Buffer,
): Buffer {
  const changed = Buffer.concat([message.subarray(0, from), document, message.subarray(to)])
  changed.writeInt32LE(changed.length, 0)
  return changed
}

/** The documents of a whole OP_REPLY by position. Throws WireRefusal where they do not add up. */
export function documentsOfReply(message: Buffer): readonly { readonly from: number; readonly to: number }[] {
  if (message.length < documentsAt) throw new WireRefusal('MESSAGE', 'an OP_REPLY without its fields')
  const found: { from: number; to: number }[] = []
  for (let at = documentsAt; at < message.length; ) {
    const to = at + documentLength(message, at, message.length)
    found.push({ from: at, to })
    at = to
  }
  return found
}

/** The same reply with these documents in place of its own; its length is right again. */
export function withDocuments(message: Buffer, documents: readonly Buffer[]): Buffer {
  const changed = Buffer.concat([message.subarray(0, documentsAt), ...documents])
  changed.writeInt32LE(changed.length, 0)
  return changed
}
