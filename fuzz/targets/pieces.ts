// One input as the pieces in which a network may bring it, chosen by a number out of the input itself.

import { createRandom } from '../../packages/postern/src/simulation/random.ts'

export function piecesOf(bytes: Buffer, choice: number): readonly Buffer[] {
  const random = createRandom(choice)
  const most = 1 + random.below(choice % 2 === 0 ? 4 : 40)
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(most)
    // A copy, as a socket's own memory is, so that nothing can lean on its neighbour.
    pieces.push(Buffer.from(bytes.subarray(at, at + size)))
    at += size
  }
  return pieces
}

/** Parts of which each has its length in two bytes before it; the last takes what is left. */
export function partsOf(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const size = bytes.readUInt16LE(at) % 4096
    parts.push(bytes.subarray(at + 2, at + 2 + size))
    at += 2 + size
  }
  return parts
}

export const partsAs = (...parts: readonly Buffer[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(2)
      length.writeUInt16LE(part.length)
      return [length, part]
    }),
  )
