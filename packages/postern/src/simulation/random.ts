// Chance from a number: the same seed gives the same run. mulberry32, a published 32-bit generator, is enough to choose
// what happens next; it guards nothing.

export interface Random {
  /** From 0 up to, not including, 1. */
  readonly next: () => number
  readonly chance: (probability: number) => boolean
  /** A whole number below `limit`. */
  readonly below: (limit: number) => number
  /** Undefined where there is nothing to choose from. */
  readonly pick: <Item>(items: readonly Item[]) => Item | undefined
  readonly hex: (bytes: number) => string
}

export const createRandom = (seed: number): Random => {
  let state = Math.imul(seed + 1, 0x9e37_79b1) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    chance: (probability) => next() < probability,
    below,
    pick: (items) => items[below(items.length)],
    hex: (bytes) => Array.from({ length: bytes }, () => below(256).toString(16).padStart(2, '0')).join(''),
  }
}
