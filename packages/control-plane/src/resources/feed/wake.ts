// What every change that an edge must hear of calls, in the transaction that stores it: the feeds are rebuilt whole, so
// no hint of what changed travels, and many wake-ups before a turn are one rebuild.

import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'

/** The one id of the kind `feed`: they are published together. */
export const everyFeed = 'every'

/** Asks for a rebuild of the feeds as soon as `tx` commits. */
export const wakeFeeds = (tx: Transaction<Tables>, parts: Pick<Parts, 'turns'>): Promise<void> =>
  parts.turns.wake(tx, 'feed', everyFeed)
