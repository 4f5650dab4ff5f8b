// One turn of a group's access list: entries whose time is over go, with an event; the next turn is when the next one's
// is. Reading already leaves them out, and gateways know when each ends, so a turn that comes late lets nobody in.

import type { Parts } from '../../parts.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import { recordEvent } from '../event/record.ts'
import { wakeAccessList } from '../standard-listener/open.ts'

/** Never longer than a timer can run. */
const longestWaitMs = 24 * 3600 * 1000

export const groupAccessListReconciler = (parts: Parts): Reconciler => {
  const { store, clock } = parts

  const expire = (groupId: string, now: number): Promise<void> =>
    store.transact(async (tx) => {
      const gone = await tx
        .deleteFrom('group_access_entry')
        .where('group_id', '=', groupId)
        .where('delete_after', '<=', new Date(now))
        .returning('value')
        .execute()
      const group = await tx.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
      if (!group) return
      for (const { value } of gone)
        await recordEvent(tx, parts, {
          type: 'NETWORK_PERMISSION_ENTRY_REMOVED',
          orgId: group.org_id,
          groupId,
          actor: null,
          sourceAddress: null,
          target: { whitelistEntry: value, reason: 'deleteAfterDate has passed' },
        })
      if (gone.length > 0) await wakeAccessList(tx, parts, groupId)
    })

  const turn = async (groupId: string): Promise<Outcome> => {
    const now = clock.now()
    await expire(groupId, now)
    const next = await store.read
      .selectFrom('group_access_entry')
      .select('delete_after')
      .where('group_id', '=', groupId)
      .where('delete_after', 'is not', null)
      .orderBy('delete_after')
      .executeTakeFirst()
    const at = next?.delete_after
    if (!at) return { do: 'settled' }
    return { do: 'again', afterMs: Math.min(Math.max(0, at.getTime() - now), longestWaitMs) }
  }

  return {
    kind: 'group',
    turn,
    ids: async () =>
      (
        await store.read
          .selectFrom('group_access_entry')
          .select('group_id')
          .distinct()
          .where('delete_after', 'is not', null)
          .execute()
      ).map(({ group_id }) => group_id),
  }
}
