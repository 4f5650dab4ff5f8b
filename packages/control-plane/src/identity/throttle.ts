// Slows guessing down: failed attempts take tokens from a bucket per (name, address) and from a wider one per address;
// an empty bucket refuses before any work is done. Memory is bounded: the bucket that was touched longest ago goes
// first, which only ever forgives. In memory on purpose: several control planes forgive several times as much.

import { AtlasError } from '@postern/contract/errors'
import type { Clock } from '../parts.ts'

export interface Throttle {
  /** Throws RATE_LIMITED while this name or address has failed too often. */
  readonly check: (name: string, address: string) => void
  readonly failed: (name: string, address: string) => void
}

interface Bucket {
  tokens: number
  at: number
}
interface Size {
  readonly capacity: number
  readonly perSecond: number
}

const perName: Size = { capacity: 20, perSecond: 0.5 }
const perAddress: Size = { capacity: 200, perSecond: 5 }
const maxBuckets = 10_000

export const createThrottle = (clock: Clock): Throttle => {
  const buckets = new Map<string, Bucket>()

  const levelOf = (key: string, { capacity, perSecond }: Size): number => {
    const bucket = buckets.get(key)
    if (!bucket) return capacity
    const gained = (Math.max(0, clock.now() - bucket.at) / 1000) * perSecond
    return Math.min(capacity, bucket.tokens + gained)
  }
  const take = (key: string, size: Size): void => {
    const tokens = Math.max(0, levelOf(key, size) - 1)
    buckets.delete(key)
    buckets.set(key, { tokens, at: clock.now() })
    const [oldest] = buckets.keys()
    if (buckets.size > maxBuckets && oldest !== undefined) buckets.delete(oldest)
  }
  const refuse = (key: string, size: Size): void => {
    const level = levelOf(key, size)
    if (level < 1) throw new AtlasError('RATE_LIMITED', { seconds: Math.ceil((1 - level) / size.perSecond) })
  }
  const nameKey = (name: string, address: string) => `name ${address} ${name.slice(0, 128)}`

  return {
    check: (name, address) => {
      refuse(nameKey(name, address), perName)
      refuse(`address ${address}`, perAddress)
    },
    failed: (name, address) => {
      take(nameKey(name, address), perName)
      take(`address ${address}`, perAddress)
    },
  }
}
