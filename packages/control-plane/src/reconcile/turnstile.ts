// Every turn passes here where a test may put the store back: shut, nobody comes in, and whoever wants to waits.

import type { Reconciler } from './turns.ts'

export interface Turnstile {
  readonly pass: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Resolves when whoever was in is out, at most `patienceMs` later. */
  readonly shut: (patienceMs: number) => Promise<void>
  readonly open: () => void
}

export const createTurnstile = (): Turnstile => {
  let inside = 0
  let isOpen = true
  let waiting: (() => void)[] = []
  let lastLeft = (): void => {}
  return {
    pass: async (work) => {
      // Again after each wait: it may be shut before this one comes through.
      while (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve))
      inside += 1
      try {
        return await work()
      } finally {
        inside -= 1
        if (inside === 0) lastLeft()
      }
    },
    shut: (patienceMs) => {
      isOpen = false
      if (inside === 0) return Promise.resolve()
      return new Promise((resolve) => {
        const late = setTimeout(resolve, patienceMs)
        lastLeft = () => {
          clearTimeout(late)
          resolve()
        }
      })
    },
    open: () => {
      isOpen = true
      const all = waiting
      waiting = []
      for (const come of all) come()
    },
  }
}

/** The same reconcilers, whose turns pass there. */
export const passing = (turnstile: Turnstile, reconcilers: readonly Reconciler[]): readonly Reconciler[] =>
  reconcilers.map((reconciler) => ({ ...reconciler, turn: (id) => turnstile.pass(() => reconciler.turn(id)) }))
