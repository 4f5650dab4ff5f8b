// Slows guessing down: failed attempts take tokens from a bucket per (name, address), and an empty one refuses before any
// work is done. Not per address alone: on one machine everybody has the same, and one program with a wrong key would lock
// out all others. Memory is bounded: the bucket that was touched longest ago goes first, which only ever forgives. In
// memory on purpose: several control planes forgive several times as much.

import { AtlasError } from '@postern/contract/errors'
import type { Clock } from '../parts.ts'

export interface Throttle {
  /** Throws RATE_LIMITED while this name has failed too often from this address. */
  readonly check: (name: string, address: string) => void
  readonly failed: (name: string, address: string) => void
}

interface Bucket {
  tokens: number
  at: number
}
const capacity = 20
const tokensPerSecond = 0.5
const maxBuckets = 10_000

export const createThrottle = (clock: Clock): Throttle => {
  const buckets = new Map<string, Bucket>()

  const levelOf = (key: string): number => {
    const bucket = buckets.get(key)
    if (!bucket) return capacity
    const gained = (Math.max(0, clock.now() - bucket.at) / 1000) * tokensPerSecond
    return Math.min(capacity, bucket.tokens + gained)
  }
  const keyOf = (name: string, address: string): string => `${address} ${name.slice(0, 128)}`

  return {
    check: (name, address) => {
      const level = levelOf(keyOf(name, address))
      if (level < 1) throw new AtlasError('RATE_LIMITED', { seconds: Math.ceil((1 - level) / tokensPerSecond) })
    },
    failed: (name, address) => {
      const key = keyOf(name, address)
      const tokens = Math.max(0, levelOf(key) - 1)
      buckets.delete(key)
      buckets.set(key, { tokens, at: clock.now() })
      const [oldest] = buckets.keys()
      if (buckets.size > maxBuckets && oldest !== undefined) buckets.delete(oldest)
    },
  }
}
