// Snappy's raw format (format_description.txt of google/snappy), decoded as far as is wanted: a request's command is in
// its first bytes, and decoding 48 MB to read them is not an option. `snappyjs` decodes wholes only, and a length that
// overflows makes it loop for ever, which bytes from outside must not be able to do; it is our peer in the tests.

import { WireRefusal } from './refusal.ts'

const broken = (what: string): WireRefusal => new WireRefusal('COMPRESSED_DATA', `broken snappy data: ${what}`)

/** The best that the format can do is 64 bytes for a copy of three. */
const mostTimes = 22

/**
 * The first bytes of what `input` decodes to: at most `limit`, fewer where the input ends before (which is what a
 * prefix does). Throws WireRefusal for a copy from before the beginning or a preamble that is none.
 */
export function snappyPrefix(input: Buffer, limit: number): Buffer {
  const { length, next } = preamble(input)
  const out = Buffer.alloc(Math.min(length, limit, mostTimes * input.length))
  let from = next
  let to = 0
  while (to < out.length && from < input.length) {
    const tag = input[from] ?? 0
    const kind = tag & 3
    if (kind === 0) {
      const short = tag >>> 2
      const extra = short < 60 ? 0 : short - 59
      if (from + 1 + extra > input.length) break
      const size = (extra === 0 ? short : input.readUIntLE(from + 1, extra)) + 1
      from += 1 + extra
      to += input.copy(out, to, from, Math.min(from + size, input.length))
      from += size
    } else {
      const extra = kind === 3 ? 4 : kind
      if (from + 1 + extra > input.length) break
      const size = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
      const offset = input.readUIntLE(from + 1, extra) + (kind === 1 ? (tag >>> 5) << 8 : 0)
      if (offset === 0 || offset > to) throw broken('a copy from before the beginning')
      for (let left = Math.min(size, out.length - to); left > 0; left--, to++) out[to] = out[to - offset] ?? 0
      from += 1 + extra
    }
  }
  return out.subarray(0, to)
}

function preamble(input: Buffer): { readonly length: number; readonly next: number } {
  let length = 0
  for (let index = 0; index < 5; index++) {
    const byte = input[index]
    if (byte === undefined) throw broken('no length')
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { length, next: index + 1 }
  }
  throw broken('no length')
}
