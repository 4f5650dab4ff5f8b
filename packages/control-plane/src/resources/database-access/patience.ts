// The answer to a wish waits a moment for deployments, because who asked for a user or a role uses it at once.

import { setTimeout as delay } from 'node:timers/promises'
import type { Parts } from '../../parts.ts'

/** How long an answer waits, and between looks, in milliseconds. */
const patience = { total: 2000, between: 25 } as const

interface Waited {
  readonly table: 'database_user' | 'custom_db_role'
  readonly row: { readonly id: string; readonly wish: number }
  readonly signal: AbortSignal
}

/** Resolves when every deployment has this wish, one has failed, the row is gone, or patience ends. */
export const untilReached = async ({ store }: Pick<Parts, 'store'>, { table, row, signal }: Waited): Promise<void> => {
  for (let waited = 0; waited < patience.total && !signal.aborted; waited += patience.between) {
    const now = await store.read
      .selectFrom(table)
      .select(['state', 'error_message', 'wish'])
      .where('id', '=', row.id)
      .executeTakeFirst()
    if (now === undefined || now.wish !== row.wish || now.state !== 'PENDING' || now.error_message !== null) return
    await delay(patience.between)
  }
}
