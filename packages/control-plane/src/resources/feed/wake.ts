// What every change that an edge must hear of calls, in the transaction that stores it: the feeds are rebuilt whole, so
// no hint of what changed travels, and many wake-ups before a turn are one rebuild.

import { type Feed, feeds } from '@postern/contract/snapshot'
import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'

/** Asks for a rebuild of the feeds (all three unless named) as soon as `tx` commits. */
export const wakeFeeds = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'turns'>,
  which: readonly Feed[] = feeds,
): Promise<void> => {
  for (const feed of which) await parts.turns.wake(tx, 'feed', feed)
}
