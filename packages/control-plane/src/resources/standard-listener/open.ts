// Which standard listeners the gateways are to serve: those that are on, of clusters that stay, in groups that have not
// closed them by private only. And what whoever changes something of theirs calls in the transaction that stores it.

import { type Kysely, sql, type Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { wakeFeeds } from '../feed/wake.ts'

/** As a subquery too. */
export const openListeners = (db: Kysely<Tables>) =>
  db
    .selectFrom('standard_listener')
    .innerJoin('cluster', 'cluster.id', 'standard_listener.cluster_id')
    .innerJoin('group', 'group.id', 'cluster.group_id')
    .where('standard_listener.enabled', '=', true)
    .where('cluster.delete_requested', '=', false)
    .where('group.private_only', '=', false)

/** The group's access list is another: the gateways must hear of it, where it guards a listener. */
export const wakeAccessList = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'turns'>,
  groupId: string,
): Promise<void> => {
  const guarded = await openListeners(tx)
    .select('standard_listener.id')
    .where('cluster.group_id', '=', groupId)
    .limit(1)
    .executeTakeFirst()
  if (guarded !== undefined) await wakeFeeds(tx, parts)
}

/** The cluster is to be deleted: likewise. */
export const letGoOfListener = async (tx: Transaction<Tables>, clusterId: string): Promise<void> => {
  await tx
    .updateTable('standard_listener')
    .set({ gateway_n: null })
    .where('enabled', '=', true)
    .where('cluster_id', '=', clusterId)
    .execute()
}

/** Private only was turned on or off: which number of the feed says so is not known until it is published. */
export const wakeListeners = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'turns'>,
  groupId: string,
): Promise<void> => {
  const { numUpdatedRows } = await tx
    .updateTable('standard_listener')
    .set({ gateway_n: null })
    .where('enabled', '=', true)
    .where(sql<boolean>`cluster_id in (select id from cluster where group_id = ${groupId})`)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) await wakeFeeds(tx, parts)
}
