// Response-rate limit of the UDP side, so that forged source addresses cannot turn this server against others: counted
// per second and network (IPv4 /24, IPv6 /56). Above the limit a real client is told to come by TCP, which cannot be
// forged; far above it there is silence. Memory is bounded: beyond `capacity` networks the rest share one count.

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

/** The text form is enough to group by: three numbers of IPv4; the first three groups and a byte of IPv6. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address.slice(0, address.lastIndexOf('.'))
  const [head = ''] = address.split('%')
  const [left = ''] = head.split('::')
  const groups = [...left.split(':'), '0', '0', '0', '0'].slice(0, 4).map((group) => group.padStart(4, '0'))
  return groups.join(':').slice(0, -2)
}
