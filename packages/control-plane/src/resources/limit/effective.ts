// What a limit is worth in one group: the value that its owner set, else Atlas's default.

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
