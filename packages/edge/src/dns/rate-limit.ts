// Response-rate limit of the UDP side, so that forged source addresses cannot turn this server against others: counted
// per second and network (IPv4 /24, IPv6 /56). Above the limit a real client is told to come by TCP, which cannot be
// forged; far above it there is silence. Memory is bounded: beyond `capacity` networks the rest share one count.

import { networkOf } from '../network.ts'

type Verdict = 'answer' | 'truncate' | 'drop'

export interface RateLimit {
  readonly judge: (address: string) => Verdict
}

export interface RateLimitOptions {
  readonly now: () => number
  /** Responses per second and network before truncation; twice as many before silence. */
  readonly perSecond: number
  readonly capacity?: number
}

export function createRateLimit({ now, perSecond, capacity = 10_000 }: RateLimitOptions): RateLimit {
  let second = 0
  const counts = new Map<string, number>()
  return {
    judge(address) {
      const current = Math.floor(now() / 1000)
      if (current !== second) {
        second = current
        counts.clear()
      }
      const own = networkOf(address)
      const network = counts.has(own) || counts.size < capacity ? own : 'the rest'
      const count = (counts.get(network) ?? 0) + 1
      counts.set(network, count)
      if (count <= perSecond) return 'answer'
      return count <= 2 * perSecond ? 'truncate' : 'drop'
    },
  }
}
