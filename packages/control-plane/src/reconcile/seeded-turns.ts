// Turns in memory, for the simulation and for tests that step by hand: the same promises as the running system's, with
// the order chosen by a handed-in random and time by a handed-in clock. What waits outlives a crash, as rows do; what
// was running runs again.

import type { Clock } from '../parts.ts'
import { afterCommit } from '../store/after-commit.ts'
import type { Failing, Failure, Outcome, TurnKind, Turns } from './turns.ts'

export interface SeededTurns extends Turns {
  /** Runs one turn that is due, chosen at random; false when none is. */
  readonly step: () => Promise<boolean>
  /** When the next turn is due, in milliseconds since 1970; null when none waits. */
  readonly nextDue: () => number | null
  /** The process dies: what was running is due again, nobody takes turns until `start`. */
  readonly crash: () => void
  /** Everything is forgotten. */
  readonly clear: () => void
}

interface Waiting {
  readonly kind: TurnKind
  readonly id: string
  readonly due: number
  readonly after?: Failure
}

const thrownDelayMs = 1000

/** `random` answers a number from 0 up to, not including, 1. */
export const createSeededTurns = ({
  clock,
  random,
}: {
  readonly clock: Clock
  readonly random: () => number
}): SeededTurns => {
  const waiting = new Map<string, Waiting>()
  const running = new Map<string, Waiting>()
  let take: ((kind: TurnKind, id: string) => Promise<Outcome>) | null = null

  const keyOf = (kind: TurnKind, id: string): string => `${kind} ${id}`
  const hasten = (kind: TurnKind, id: string): void => {
    waiting.set(keyOf(kind, id), { kind, id, due: clock.now() })
  }
  const later = (kind: TurnKind, id: string, ms: number, after?: Failure): void => {
    const key = keyOf(kind, id)
    if (waiting.has(key)) return
    waiting.set(key, { kind, id, due: clock.now() + ms, ...(after !== undefined && { after }) })
  }

  const step = async (): Promise<boolean> => {
    if (take === null) return false
    // In order of their names, so that only the seed decides and not the order in which rows were read.
    const due = [...waiting]
      .filter(([key, { due }]) => due <= clock.now() && !running.has(key))
      .sort(([one], [other]) => (one < other ? -1 : 1))
    const chosen = due[Math.floor(random() * due.length)]
    if (chosen === undefined) return false
    const [key, turn] = chosen
    waiting.delete(key)
    running.set(key, turn)
    const outcome = await take(turn.kind, turn.id).catch(
      (error: unknown): Outcome => ({ do: 'retry', reason: String(error) }),
    )
    // After a crash the turn is no longer ours to end.
    if (running.get(key) !== turn) return true
    running.delete(key)
    if (outcome.do === 'again') later(turn.kind, turn.id, outcome.afterMs, outcome.after)
    if (outcome.do === 'retry') later(turn.kind, turn.id, thrownDelayMs)
    return true
  }

  return {
    wake: async (tx, kind, id) => afterCommit(tx, () => hasten(kind, id)),
    rescan: async (kind, ids) => {
      for (const id of ids) later(kind, id, 0)
    },
    failing: async (kind, ids) =>
      new Map(
        ids.flatMap((id): readonly [string, Failing][] => {
          const turn = waiting.get(keyOf(kind, id))
          return turn?.after === undefined ? [] : [[id, { ...turn.after, nextTry: turn.due }]]
        }),
      ),
    start: async (taker) => {
      take = taker
    },
    stop: async () => {
      take = null
    },
    step,
    nextDue: () => {
      const dues = [...waiting].filter(([key]) => !running.has(key)).map(([, { due }]) => due)
      return dues.length === 0 ? null : Math.min(...dues)
    },
    crash: () => {
      take = null
      for (const [key, turn] of running) if (!waiting.has(key)) waiting.set(key, { ...turn, due: clock.now() })
      running.clear()
    },
    clear: () => {
      waiting.clear()
      running.clear()
    },
  }
}
