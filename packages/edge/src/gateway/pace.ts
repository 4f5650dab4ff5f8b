// How fast new connections may come, or begin to work, through one endpoint: so many a second, and a burst of as many as it may have at all,
// since applications that start together open their pools together. A bucket of tokens for each endpoint that is in use.

interface Rate {
  /** New connections a second that go on for ever; 0: any number. */
  readonly perSecond: number
  /** At once, after a silence. */
  readonly burst: number
}

export interface Pace {
  /** Whether one more may come now; counts it if so. The rate may be another one each time. */
  readonly allows: (endpointId: string, rate: Rate) => boolean
  /** Forgets all endpoints but these. */
  readonly keep: (endpointIds: ReadonlySet<string>) => void
}

export function createPace(now: () => number): Pace {
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>()
  return {
    allows(endpointId, { perSecond, burst }) {
      if (perSecond === 0) return true
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
