// What a limit is worth in a group: the value that its owner set, else Atlas's default.

import { groupLimits, type LimitName } from '@postern/contract/group-limit'
import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'

/** `db`: the transaction, or the store's reading side outside one. */
export const effectiveLimit = async (
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  groupId: string,
  name: LimitName,
): Promise<number> => {
  const set = await db
    .selectFrom('group_limit')
    .select('value')
    .where('group_id', '=', groupId)
    .where('name', '=', name)
    .executeTakeFirst()
  return set?.value ?? groupLimits[name].default
}

/** The same of every group at once, by group id. */
export const effectiveLimits = async (
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  name: LimitName,
): Promise<(groupId: string) => number> => {
  const rows = await db.selectFrom('group_limit').select(['group_id', 'value']).where('name', '=', name).execute()
  const set = new Map(rows.map(({ group_id, value }) => [group_id, value]))
  return (groupId) => set.get(groupId) ?? groupLimits[name].default
}
