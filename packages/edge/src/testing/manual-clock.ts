// A clock that stands still until a test moves it: time-outs, heartbeats and back-off without a sleep.

import type { Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Runs, in order, everything that falls due within the next `ms` milliseconds. */
  readonly advance: (ms: number) => void
  /** How many timers wait. */
  readonly waiting: () => number
}

export function createManualClock(start = 1_700_000_000_000): ManualClock {
  let now = start
  let timers: { readonly at: number; readonly work: () => void }[] = []
  return {
    now: () => now,
    after(ms, work) {
      const timer = { at: now + ms, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(ms) {
      const until = now + ms
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)
        if (!next) break
        timers = timers.filter((other) => other !== next)
        now = Math.max(now, next.at)
        next.work()
      }
      now = until
    },
    waiting: () => timers.length,
  }
}
