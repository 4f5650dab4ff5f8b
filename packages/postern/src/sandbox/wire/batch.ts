// A cursor reply written by hand, so that documents go out as the bytes that are stored (BSON specification 1.1).
import type { Long } from 'bson'

export type CursorReply = {
  readonly batch: 'firstBatch' | 'nextBatch'
  readonly documents: readonly Uint8Array[]
  readonly id: Long
  readonly ns: string
}

const cstring = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf8')
const element = (type: number, name: string, ...value: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.of(type), cstring(name), ...value])

function document(elements: readonly Uint8Array[]): Buffer {
  const length = elements.reduce((sum, one) => sum + one.length, 5)
  const bytes = Buffer.alloc(length)
  bytes.writeInt32LE(length, 0)
  let at = 4
  for (const one of elements) {
    bytes.set(one, at)
    at += one.length
  }
  return bytes
}

/** `{ cursor: { <batch>: [...], id, ns }, ok: 1 }` */
export function encodeCursorReply({ batch, documents, id, ns }: CursorReply): Uint8Array {
  const array = document(documents.flatMap((raw, index) => [Buffer.of(3), cstring(String(index)), raw]))
  const idBytes = Buffer.alloc(8)
  idBytes.writeBigInt64LE(id.toBigInt())
  const name = cstring(ns)
  const length = Buffer.alloc(4)
  length.writeInt32LE(name.length)
  const one = Buffer.alloc(8)
  one.writeDoubleLE(1)
  const cursor = document([element(4, batch, array), element(0x12, 'id', idBytes), element(2, 'ns', length, name)])
  return document([element(3, 'cursor', cursor), element(1, 'ok', one)])
}
