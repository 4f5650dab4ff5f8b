// The clusters that a policy names must be there when it is set: a name with a slip would open nothing, and nobody would
// know why. One that goes later stays in the list; another one made under its name is opened then.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import type { Tables } from '../../store/tables.ts'

/** Throws CLUSTER_NOT_FOUND. */
export const checkClusters = async (
  tx: Transaction<Tables>,
  groupId: string,
  names: readonly string[],
): Promise<void> => {
  if (names.length === 0) return
  const rows = await tx
    .selectFrom('cluster')
    .select('name')
    .where('group_id', '=', groupId)
    .where('name', 'in', names)
    .execute()
  const known = new Set(rows.map(({ name }) => name))
  const unknown = names.find((name) => !known.has(name))
  if (unknown !== undefined) throw new AtlasError('CLUSTER_NOT_FOUND', { groupId, clusterName: unknown })
}
