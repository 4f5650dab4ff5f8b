// Carries out turns: finds the reconciler of a kind, lets it make one step, and decides when it is looked at next. It owns
// delays, back-off and the log, and knows no resource. Everything that may need a turn is looked at once at start and
// then on a timer, so that nothing depends on a wake-up that was lost.

import { AtlasError } from '@postern/contract/errors'
import type { Logger } from 'pino'
import { loggable } from '../loggable.ts'
import type { Clock, Ids } from '../parts.ts'
import { PassingTrouble } from '../passing-trouble.ts'
import { backoffMs } from './backoff.ts'
import type { Outcome, Reconciler, TurnKind, Turns } from './turns.ts'

export interface EngineParts {
  readonly turns: Turns
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  /** Between two rescans; 60 s unless told. */
  readonly rescanMs?: number
}

export interface Engine {
  /** One turn, for Turns: never rejects, never answers `retry`: that has become a delay. */
  readonly take: (kind: TurnKind, id: string) => Promise<Outcome>
  /** Asks for a turn of everything that may need one. Rejects when the store cannot be read. */
  readonly rescan: () => Promise<void>
  /** Hands out turns from now on, after a first rescan. */
  readonly start: () => Promise<void>
  /** Resolves when the running turns have ended, at most `graceMs` later. */
  readonly stop: (graceMs: number) => Promise<void>
}

export const createEngine = (parts: EngineParts, reconcilers: readonly Reconciler[]): Engine => {
  const { turns, clock, ids, log, random, rescanMs = 60_000 } = parts
  const byKind = new Map(reconcilers.map((reconciler) => [reconciler.kind, reconciler]))
  /** Failures in a row; forgotten with the process, which only makes the next wait shorter. */
  const failures = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let stopping = false

  const take = async (kind: TurnKind, id: string): Promise<Outcome> => {
    const reconciler = byKind.get(kind)
    if (reconciler === undefined) return { do: 'settled' }
    const key = `${kind} ${id}`
    const turn = log.child({ turn: ids.hex(4), kind, id })
    const began = clock.now()
    const outcome = await reconciler
      .turn(id)
      .catch((error: unknown): Failed => ({ do: 'retry', reason: reasonOf(error), error }))
    const ms = clock.now() - began
    if (outcome.do !== 'retry') {
      failures.delete(key)
      turn.debug({ outcome: outcome.do, ms, ...(outcome.do === 'again' && { afterMs: outcome.afterMs }) }, 'turn ended')
      return outcome
    }
    const inARow = (failures.get(key) ?? 0) + 1
    failures.set(key, inARow)
    const afterMs = backoffMs(inARow, random)
    const error = 'error' in outcome ? loggable(outcome.error) : undefined
    turn.warn(
      { reason: outcome.reason, failures: inARow, ms, afterMs, ...(error && { err: error }) },
      'turn will be retried',
    )
    return { do: 'again', afterMs, after: { reason: publicReason(outcome), times: inARow } }
  }

  const rescan = async (): Promise<void> => {
    for (const reconciler of reconcilers) await turns.rescan(reconciler.kind, await reconciler.ids())
  }

  const rescanLater = (): void => {
    if (stopping) return
    timer = setTimeout(async () => {
      await rescan().catch((error: unknown) => log.warn({ reason: reasonOf(error) }, 'rescan failed'))
      rescanLater()
    }, rescanMs)
    timer.unref()
  }

  return {
    take,
    rescan,
    start: async () => {
      await turns.start(take)
      await rescan()
      rescanLater()
    },
    stop: async (graceMs) => {
      stopping = true
      clearTimeout(timer)
      await turns.stop(graceMs)
    },
  }
}

type Retry = Extract<Outcome, { do: 'retry' }>
type Failed = Retry & { readonly error: unknown }

/** What an unforeseen error says may hold anything: it stays in the log. */
const publicReason = (outcome: Retry | Failed): string =>
  'error' in outcome && !(outcome.error instanceof PassingTrouble || outcome.error instanceof AtlasError)
    ? 'an error that the log of the control plane has'
    : outcome.reason.replace(/\.$/, '')

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
