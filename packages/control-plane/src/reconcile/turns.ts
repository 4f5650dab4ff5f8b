// The seam for turns: who is to be looked at, and when. Only a key travels, equal keys merge, one turn at a time per
// key, and a wake-up during a turn leads to one more after it. Two implementations behind turns.case.ts: pg-boss in
// the running system, a seeded queue in memory for the simulation.

import type { Transaction } from 'kysely'
import type { Tables } from '../store/tables.ts'

/** One kind of thing that is reconciled; `id` names one of them. */
export const turnKinds = [
  'endpointService',
  'privateEndpoint',
  'cluster',
  'customDbRole',
  'databaseUser',
  'databaseAccess',
  'group',
  'feed',
  'webhook',
] as const
export type TurnKind = (typeof turnKinds)[number]

export interface Turns {
  /**
   * Asks for a turn as soon as may be, from inside the transaction that stores the wish: no commit, no turn. A turn
   * that waits (a delay, a retry) is pulled to now; one that runs is followed by one more.
   */
  wake(tx: Transaction<Tables>, kind: TurnKind, id: string): Promise<void>
  /** For rescans, outside any transaction: a turn for each that has none waiting; one that waits is not hastened. */
  rescan(kind: TurnKind, ids: readonly string[]): Promise<void>
  /** Those of `ids` whose last turn failed and that wait for the next try, whichever process made it. */
  failing(kind: TurnKind, ids: readonly string[]): Promise<ReadonlyMap<string, Failing>>
  /** Begins to hand out turns. Rejects when the queue cannot be made ready. */
  start(take: (kind: TurnKind, id: string) => Promise<Outcome>): Promise<void>
  /** Resolves when the running turns have ended, at most `graceMs` later. */
  stop(graceMs: number): Promise<void>
}

/** A turn that failed, and comes again. */
export interface Failing extends Failure {
  /** Milliseconds since 1970. */
  readonly nextTry: number
}

export interface Failure {
  /** A sentence without its full stop, fit for whoever may see the thing itself. */
  readonly reason: string
  /** Failures in a row. */
  readonly times: number
}

/** Turns whose time a test drives (drills/). What only waits is meant throughout; what runs is left alone. */
export interface DrivenTurns extends Turns {
  /** Everything is due `ms` sooner. */
  hasten(ms: number): Promise<void>
  /** In how many milliseconds the next is due; 0 while one is due or runs; null: there is none. */
  untilNext(): Promise<number | null>
}

/** What a turn ends in; the engine owns delays, back-off and the log. An exception is a `retry` with its message. */
export type Outcome =
  | { readonly do: 'settled' }
  /** `after`: it failed, and the engine has said when it is tried again. */
  | { readonly do: 'again'; readonly afterMs: number; readonly after?: Failure }
  | { readonly do: 'retry'; readonly reason: string }

export interface Reconciler {
  readonly kind: TurnKind
  /** One small step; may run twice, may find nothing left to do. */
  readonly turn: (id: string) => Promise<Outcome>
  /** Every id that may need a turn: for the rescan at start and on a timer. */
  readonly ids: () => Promise<readonly string[]>
}
