// Who holds a custom role, and on which clusters it is: whoever holds one waits until it is there.

import { sql, type Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { parseApplied } from '../database-user/user.ts'
import type { RoleRow } from './role.ts'

/** By name: the clusters that have the role, whichever wish of it. */
export const rolesOnClusters = async (
  { store }: Pick<Parts, 'store'>,
  groupId: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const rows = await store.read
    .selectFrom('custom_db_role')
    .select(['name', 'applied'])
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .execute()
  return new Map(rows.map(({ name, applied }) => [name, new Set(parseApplied(applied).keys())]))
}

/** The first of these roles that is the group's own and not on that cluster; null: none. */
export const awaitedRole = (
  names: readonly string[],
  clusterId: string,
  there: ReadonlyMap<string, ReadonlySet<string>>,
): string | null => names.find((name) => there.get(name)?.has(clusterId) === false) ?? null

type Role = Pick<RoleRow, 'name' | 'group_id'>

/** Users that hold the role and are not on their way out. */
export const usersHolding = async (tx: Transaction<Tables>, { name, group_id }: Role) =>
  tx
    .selectFrom('database_user')
    .selectAll()
    .where('group_id', '=', group_id)
    .where('delete_requested', '=', false)
    .where(sql<boolean>`spec -> 'roles' @> ${JSON.stringify([{ roleName: name }])}::jsonb`)
    .orderBy('username')
    .execute()

/** Custom roles that inherit the role and are not on their way out. */
export const rolesInheriting = async (tx: Transaction<Tables>, { name, group_id }: Role) =>
  tx
    .selectFrom('custom_db_role')
    .selectAll()
    .where('group_id', '=', group_id)
    .where('delete_requested', '=', false)
    .where(sql<boolean>`spec -> 'inheritedRoles' @> ${JSON.stringify([{ role: name }])}::jsonb`)
    .orderBy('name')
    .execute()

/** The role has come to a deployment: whoever holds it may wait for that. */
export const wakeHolders = async (
  { turns }: Pick<Parts, 'turns'>,
  tx: Transaction<Tables>,
  role: Role,
): Promise<void> => {
  for (const { id } of await rolesInheriting(tx, role)) await turns.wake(tx, 'customDbRole', id)
  for (const { id } of await usersHolding(tx, role)) await turns.wake(tx, 'databaseUser', id)
}
