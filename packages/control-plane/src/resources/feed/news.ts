// Tells those who wait in this process that a feed has a new number. Only a hint: whoever waits looks into the store
// now and then anyway, because another control plane may have published.

import type { Feed } from '@postern/contract/snapshot'

export interface SnapshotNews {
  readonly announce: (feed: Feed) => void
  /** Resolves at the next announcement, after `ms`, or when the signal aborts; never rejects. */
  readonly next: (feed: Feed, ms: number, signal: AbortSignal) => Promise<void>
}

export const createSnapshotNews = (): SnapshotNews => {
  const waiting = new Map<Feed, Set<() => void>>()
  const waitersOf = (feed: Feed): Set<() => void> => {
    const known = waiting.get(feed) ?? new Set()
    waiting.set(feed, known)
    return known
  }
  return {
    announce: (feed) => {
      for (const wake of [...waitersOf(feed)]) wake()
    },
    next: (feed, ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer)
          waitersOf(feed).delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        waitersOf(feed).add(wake)
        signal.addEventListener('abort', wake)
        if (signal.aborted) wake()
      }),
  }
}
