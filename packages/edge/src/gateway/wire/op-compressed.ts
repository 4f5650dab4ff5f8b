// OP_COMPRESSED: original opcode, uncompressed size, compressor id, then the body without its header. A request is
// decoded only as far as its first element; a hello's reply whole, under a limit checked against the claimed size
// before a byte is decoded. zstd is there where this Node has it (22.15 and newer); what cannot be decoded is taken out
// of the handshake's `compression` list, so a client never uses it unless it ignores what it was told.

import zlib from 'node:zlib'
import { headerBytes, opcode } from './frames.ts'
import { WireRefusal } from './refusal.ts'
import { snappyPrefix } from './snappy.ts'

interface Compressor {
  readonly name: string
  /** How many compressed bytes are looked at for a request's first element. */
  readonly glimpseBytes: number
  /** Some of the first bytes; fewer than `limit` where the input is a prefix. Throws on broken data. */
  prefix(data: Buffer, limit: number): Buffer
  whole(data: Buffer, size: number): Buffer
}

type Zstd = (data: Buffer, options: { maxOutputLength: number }) => Buffer
const zstd = (zlib as { zstdDecompressSync?: Zstd }).zstdDecompressSync

// deflate gives at most 1032 times its input, so 1 KiB of a hostile request costs at most 1 MiB of decoding
const inflatePrefix = (data: Buffer, limit: number): Buffer =>
  zlib.inflateSync(data, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 21 }).subarray(0, limit)

const compressors: ReadonlyMap<number, Compressor> = new Map<number, Compressor>([
  [0, { name: 'noop', glimpseBytes: 1024, prefix: (data, limit) => data.subarray(0, limit), whole: (data) => data }],
  [1, { name: 'snappy', glimpseBytes: 1024, prefix: snappyPrefix, whole: snappyPrefix }],
  [
    2,
    {
      name: 'zlib',
      glimpseBytes: 1024,
      prefix: inflatePrefix,
      whole: (data, size) => zlib.inflateSync(data, { maxOutputLength: Math.max(1, size) }),
    },
  ],
  ...(zstd === undefined ? [] : [zstdEntry(zstd)]),
])

// zstd decodes block by block: a small request is decoded whole, a larger one stays unclear
function zstdEntry(decompress: Zstd): [number, Compressor] {
  const whole = (data: Buffer, size: number): Buffer => decompress(data, { maxOutputLength: Math.max(1, size) })
  return [3, { name: 'zstd', glimpseBytes: 16_384, prefix: (data) => whole(data, 2 ** 20), whole }]
}

/** The names that may stay in a handshake reply's `compression`. */
export const decodable: ReadonlySet<string> = new Set([...compressors.values()].map(({ name }) => name))

const fieldBytes = 9
export const compressedDataAt = headerBytes + fieldBytes

interface CompressedFields {
  readonly opcode: number
  readonly size: number
  readonly compressor: Compressor
}

/** The fields of an OP_COMPRESSED whose first 25 bytes are there. Throws WireRefusal for what cannot be decoded. */
export function compressedFields(bytes: Buffer, at = 0): CompressedFields {
  const size = bytes.readInt32LE(at + headerBytes + 4)
  const id = bytes[at + headerBytes + 8] ?? -1
  const compressor = compressors.get(id)
  if (compressor === undefined) throw new WireRefusal('COMPRESSOR', `compressor ${id}, which nobody agreed on`)
  if (size < 0) throw new WireRefusal('COMPRESSED_DATA', 'a negative uncompressed size')
  return { opcode: bytes.readInt32LE(at + headerBytes), size, compressor }
}

/** Some first bytes of what the data decodes to; null when not even that can be decoded. */
export function decodedPrefix({ compressor }: CompressedFields, data: Buffer, limit: number): Buffer | null {
  try {
    return compressor.prefix(data, limit)
  } catch {
    return null
  }
}

/**
 * The message inside, with a header of its own and its original opcode, as if it had never been compressed.
 * Throws WireRefusal when it is larger than `limit` bytes, or is not as long as it claims.
 */
export function decompressed(message: Buffer, limit: number): Buffer {
  if (message.length < compressedDataAt) throw new WireRefusal('MESSAGE', 'an OP_COMPRESSED without its fields')
  const fields = compressedFields(message)
  if (fields.opcode === opcode.COMPRESSED) throw new WireRefusal('MESSAGE', 'an OP_COMPRESSED inside another')
  if (fields.size > limit) throw new WireRefusal('HELLO_TOO_LONG', `a hello's reply of ${fields.size} bytes`)
  const body = decodedWhole(fields, message.subarray(compressedDataAt))
  const plain = Buffer.concat([message.subarray(0, headerBytes), body])
  plain.writeInt32LE(plain.length, 0)
  plain.writeInt32LE(fields.opcode, 12)
  return plain
}

function decodedWhole({ compressor, size }: CompressedFields, data: Buffer): Buffer {
  let body: Buffer
  try {
    body = compressor.whole(data, size)
  } catch {
    throw new WireRefusal('COMPRESSED_DATA', `${compressor.name} data that does not decode`)
  }
  if (body.length !== size)
    throw new WireRefusal('COMPRESSED_DATA', `${compressor.name} data of another size than it claims`)
  return body
}
