// How fast new connections may come through one endpoint: so many a second, and a burst of as many as it may have at all,
// since applications that start together open their pools together. A bucket of tokens for each endpoint that is in use.

export interface PaceOptions {
  readonly now: () => number
  /** New connections a second that go on for ever. */
  readonly perSecond: number
  /** At once, after a silence. */
  readonly burst: number
}

export interface Pace {
  /** Whether one more may come now; counts it if so. */
  readonly allows: (endpointId: string) => boolean
  /** Forgets all endpoints but these. */
  readonly keep: (endpointIds: ReadonlySet<string>) => void
}

export function createPace({ now, perSecond, burst }: PaceOptions): Pace {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    allows(endpointId) {
      const at = now()
      const before = buckets.get(endpointId) ?? { tokens: burst, at }
      // A clock that was set back gives nothing and takes nothing.
      const gained = (Math.max(0, at - before.at) / 1000) * perSecond
      const tokens = Math.min(burst, before.tokens + gained)
      const allowed = tokens >= 1
      buckets.set(endpointId, { tokens: allowed ? tokens - 1 : tokens, at })
      return allowed
    },
    keep(endpointIds) {
      for (const endpointId of buckets.keys()) if (!endpointIds.has(endpointId)) buckets.delete(endpointId)
    },
  }
}
