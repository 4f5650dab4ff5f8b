// Time as the edge's parts ask for it: handed in, so that a simulation or a test decides when it passes.

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Runs `work` once after `ms` milliseconds; the answer cancels it. */
  readonly after: (ms: number, work: () => void) => () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after: (ms, work) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}
