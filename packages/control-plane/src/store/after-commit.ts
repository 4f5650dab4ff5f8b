// What is to be done once a transaction has committed, kept beside its `tx`. A rolled-back or repeated transaction
// forgets it. For effects inside this process only; what must survive a crash belongs into the transaction itself.

import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

const pending = new WeakMap<Transaction<Tables>, (() => void)[]>()

/** Runs `effect` once `tx` has committed. Throws when `tx` was not begun by `transact`. */
export const afterCommit = (tx: Transaction<Tables>, effect: () => void): void => {
  const effects = pending.get(tx)
  if (effects === undefined) throw new Error('afterCommit needs the tx that transact handed out')
  effects.push(effect)
}

/** For transact: begins the list of `tx` and answers what runs it. */
export const collectAfterCommit = (tx: Transaction<Tables>): (() => void) => {
  const effects: (() => void)[] = []
  pending.set(tx, effects)
  return () => {
    for (const effect of effects) effect()
  }
}
