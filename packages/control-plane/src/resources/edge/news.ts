// Tells those who wait in this process that a feed has a new number, that an edge is asked something, or that one has
// answered. Only a hint: whoever waits looks into the store now and then anyway, because it may have happened at another
// control plane.

import type { Feed } from '@postern/contract/snapshot'

type Topic = Feed | 'questions' | 'answers'

export interface EdgeNews {
  readonly announce: (topic: Topic) => void
  /** Resolves at the next announcement, after `ms`, or when the signal aborts; never rejects. */
  readonly next: (topic: Topic, ms: number, signal: AbortSignal) => Promise<void>
}

export const createEdgeNews = (): EdgeNews => {
  const waiting = new Map<Topic, Set<() => void>>()
  const waitersOf = (topic: Topic): Set<() => void> => {
    const known = waiting.get(topic) ?? new Set()
    waiting.set(topic, known)
    return known
  }
  return {
    announce: (topic) => {
      for (const wake of [...waitersOf(topic)]) wake()
    },
    next: (topic, ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer)
          waitersOf(topic).delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        waitersOf(topic).add(wake)
        signal.addEventListener('abort', wake)
        if (signal.aborted) wake()
      }),
  }
}
