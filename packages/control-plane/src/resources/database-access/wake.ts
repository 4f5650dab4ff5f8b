// Wakes whoever has something on a group's deployments: custom roles and users. Roles first, because users hold them.

import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'

/** A deployment has come, or is back. */
export const wakeDatabaseAccess = async (
  { turns }: Pick<Parts, 'turns'>,
  tx: Transaction<Tables>,
  groupId: string,
): Promise<void> => {
  const roles = await tx.selectFrom('custom_db_role').select('id').where('group_id', '=', groupId).execute()
  for (const { id } of roles) await turns.wake(tx, 'customDbRole', id)
  const users = await tx.selectFrom('database_user').select('id').where('group_id', '=', groupId).execute()
  for (const { id } of users) await turns.wake(tx, 'databaseUser', id)
}
