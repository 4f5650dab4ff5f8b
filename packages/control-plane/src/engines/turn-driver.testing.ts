// For tests only: turns in memory and in real time, one at a time per key, so that handlers, reconcilers and a real
// deployment can be seen working together without a queue's tables.

import type { DrivenTurns, Outcome, Reconciler } from '../reconcile/turns.ts'

export interface TurnDriver {
  readonly turns: DrivenTurns
  readonly start: (reconcilers: readonly Reconciler[]) => void
  /** No new turn begins; resolves when the running ones have ended. */
  readonly stop: () => Promise<void>
  /** Reasons that turns gave for a retry, newest last. */
  readonly retries: readonly string[]
}

export const createTurnDriver = (): TurnDriver => {
  const reconcilers = new Map<string, Reconciler>()
  const running = new Map<string, Promise<void>>()
  const woken = new Set<string>()
  const timers = new Map<string, NodeJS.Timeout>()
  /** By `performance.now`. */
  const dues = new Map<string, number>()
  const retries: string[] = []
  let started = false

  const due = (key: string, afterMs: number): void => {
    clearTimeout(timers.get(key))
    dues.set(key, performance.now() + afterMs)
    timers.set(
      key,
      setTimeout(() => run(key), afterMs),
    )
  }
  const run = (key: string): void => {
    timers.delete(key)
    dues.delete(key)
    if (!started) return
    if (running.has(key)) return void woken.add(key)
    running.set(
      key,
      turn(key).then((outcome) => ended(key, outcome)),
    )
  }
  const turn = async (key: string): Promise<Outcome> => {
    const [kind = '', id = ''] = key.split(' ')
    try {
      return (await reconcilers.get(kind)?.turn(id)) ?? { do: 'settled' }
    } catch (error) {
      return { do: 'retry', reason: String(error) }
    }
  }
  const ended = (key: string, outcome: Outcome): void => {
    running.delete(key)
    if (outcome.do === 'retry') retries.push(outcome.reason)
    if (woken.delete(key)) due(key, 0)
    else if (outcome.do !== 'settled') due(key, outcome.do === 'again' ? outcome.afterMs : 100)
  }

  return {
    turns: {
      // Run a moment later: the transaction that asks is not committed yet.
      wake: async (_tx, kind, id) => due(`${kind} ${id}`, 1),
      start: async () => {},
      rescan: async () => {},
      failing: async () => new Map(),
      stop: async () => {},
      hasten: async (ms) => {
        for (const [key, at] of [...dues]) due(key, Math.max(0, at - performance.now() - ms))
      },
      untilNext: async () => {
        if (running.size > 0) return 0
        return dues.size === 0 ? null : Math.max(0, Math.min(...dues.values()) - performance.now())
      },
    },
    start: (all) => {
      for (const reconciler of all) reconcilers.set(reconciler.kind, reconciler)
      started = true
    },
    stop: async () => {
      started = false
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running.values())
      for (const timer of timers.values()) clearTimeout(timer)
    },
    retries,
  }
}
