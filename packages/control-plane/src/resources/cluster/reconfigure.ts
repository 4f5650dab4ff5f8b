// Atlas reconfigures the clusters of a group whenever an endpoint comes or goes: they are UPDATING, and show the strings of
// before until they are IDLE again. Nothing about a deployment behind Postern changes then, so this happens only where
// Atlas's behaviour is asked for. The strings of before are kept in the row; a turn ends the state and forgets them
// (reconcile.ts).

import { type ConnectionStrings, connectionStringsSchema } from '@postern/contract/schemas/cluster'
import type { Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { connectionStrings, isSharedTier } from './connection-strings.ts'
import { type ClusterRow, endpointsFor, groupDoors, loadCluster, membersOf } from './rows.ts'
import { parseSpec, tierOf } from './spec.ts'

/** What a cluster shows while it is UPDATING; null where it shows what is. Throws ZodError on a row not written here. */
export const heldStrings = ({ held_strings: held }: Pick<ClusterRow, 'held_strings'>): ConnectionStrings | null =>
  connectionStringsSchema.nullable().parse(held ?? null)

/**
 * What `row` (read for update, before anything is changed that its strings are made of) keeps from now until it is IDLE
 * again: how long UPDATING is shown, and the strings of before.
 */
export const updatingColumns = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'settings' | 'clock'>,
  row: ClusterRow,
): Promise<{ readonly settles_at: Date | null; readonly held_strings?: string }> => {
  const doors = await groupDoors(tx, row.group_id, parts.settings)
  const settles_at = settlesAt(doors.behaviour, parts)
  if (doors.behaviour.endpointChanges === 'leave clusters IDLE' || row.state !== 'IDLE') return { settles_at }
  const members = (await membersOf(tx, [row.id])).get(row.id) ?? []
  const { strings } = loadCluster(row, members, doors)
  return { settles_at, held_strings: JSON.stringify(connectionStrings(strings, endpointsFor(row.name, doors))) }
}

/**
 * Call it in the transaction of the change, before the change: every cluster of the group that endpoints lead to is
 * UPDATING from now on, where that is Atlas's behaviour.
 */
export const reconfigureClusters = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'settings' | 'clock' | 'turns'>,
  groupId: string,
): Promise<void> => {
  const { endpointChanges } = await behaviourOf(tx, parts, groupId)
  if (endpointChanges === 'leave clusters IDLE') return
  const rows = await tx
    .selectFrom('cluster')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .where('state', 'in', ['IDLE', 'UPDATING'])
    .orderBy('id')
    .forUpdate()
    .execute()
  for (const row of rows) {
    if (row.engine !== 'registered' && isSharedTier(tierOf(parseSpec(row.spec)))) continue
    await tx
      .updateTable('cluster')
      .set({ state: 'UPDATING', revision: row.revision + 1, ...(await updatingColumns(tx, parts, row)) })
      .where('id', '=', row.id)
      .execute()
    await parts.turns.wake(tx, 'cluster', row.id)
  }
}
