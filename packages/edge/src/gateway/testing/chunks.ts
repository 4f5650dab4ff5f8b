// A byte stream in pieces: at one place, or at many that a property test picks.

import fc from 'fast-check'

export const cutAt = (bytes: Buffer, at: number): readonly Buffer[] => [bytes.subarray(0, at), bytes.subarray(at)]

export function cutAtAll(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((one, other) => one - other)
  const bounds = [0, ...sorted, bytes.length]
  return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end))
}

export const places = fc.array(fc.nat(100_000), { maxLength: 12 })

export const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))

/** Fixed, so that a failure is the same everywhere and the budget is known. */
export const budget = { seed: 20_261_124, numRuns: 300 } as const
