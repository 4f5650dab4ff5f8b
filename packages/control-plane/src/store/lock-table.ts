// A table's writers, one after another over all control planes. Unlike a row's lock, LOCK TABLE as a transaction's first
// statement comes before its snapshot is taken, so that whoever waited for it sees what the one before has written,
// and need not lose a race and begin again.

import { sql, type Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Must be the first statement of the transaction; readers of the table do not wait. */
export const lockTable = async (
  tx: Transaction<Tables>,
  table: 'snapshot' | 'local_endpoint' | 'store_mark',
): Promise<void> => {
  await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(tx)
}
