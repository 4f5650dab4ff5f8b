// A cluster that is gone has nothing otherwise than it was given: what was last noticed there is told no longer.

import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../../store/tables.ts'

interface Gone {
  readonly group_id: string
  readonly name: string
}

/** In the transaction that forgets the cluster. */
export const forgetDrift = async (tx: Transaction<Tables>, { group_id, name }: Gone): Promise<void> => {
  for (const table of ['database_user', 'custom_db_role'] as const) {
    await sql`update ${sql.table(table)} set drift = null
      where group_id = ${group_id} and drift ->> 'clusterName' = ${name}`.execute(tx)
  }
}
