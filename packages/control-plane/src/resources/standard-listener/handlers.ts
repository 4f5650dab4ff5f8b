// The standard listener of a cluster, turned on and off. It is off at first: whoever registers a deployment or makes a cluster
// keeps the ways in that they have, until they open this one. Members' own ports are nobody's to close but their owner's.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { clusterByName, clusterForUpdate } from '../cluster/rows.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { neverOpened } from './state.ts'
import { listenerView } from './view.ts'

type Operation = 'getGroupClusterStandardListener' | 'updateGroupClusterStandardListener'

export const standardListenerHandlers = (parts: Parts): Handlers<Operation> => {
  const { store, clock, ids } = parts
  return {
    getGroupClusterStandardListener: async ({ params: { groupId = '', clusterName = '' } }) => {
      const row = await clusterByName(store.read, groupId, clusterName)
      return { body: await listenerView(store.read, parts, row) }
    },

    updateGroupClusterStandardListener: async (call) => {
      const { groupId = '', clusterName = '' } = call.params
      const row = await store.transact(async (tx) => {
        const cluster = await clusterForUpdate(tx, groupId, clusterName)
        if (cluster.delete_requested) throw new AtlasError('CLUSTER_ALREADY_REQUESTED_DELETION', { clusterName })
        const before = await tx
          .selectFrom('standard_listener')
          .select(['enabled', 'max_snapshot_age_seconds'])
          .where('cluster_id', '=', cluster.id)
          .executeTakeFirst()
        const was = {
          enabled: before?.enabled ?? false,
          maxSnapshotAgeSeconds: before?.max_snapshot_age_seconds ?? null,
        }
        const { enabled = was.enabled, policy: { maxSnapshotAgeSeconds = was.maxSnapshotAgeSeconds } = {} } = call.body
        const turned = enabled !== was.enabled
        if (!turned && maxSnapshotAgeSeconds === was.maxSnapshotAgeSeconds) return cluster
        const listener = {
          cluster_id: cluster.id,
          enabled,
          max_snapshot_age_seconds: maxSnapshotAgeSeconds,
          ...(turned && { gateway_n: null }),
        }
        await tx
          .insertInto('standard_listener')
          .values({ id: ids.objectId(), created: new Date(clock.now()), gateway_n: neverOpened, ...listener })
          .onConflict((conflict) => conflict.constraint('standard_listener_once').doUpdateSet(listener))
          .execute()
        const { org_id: orgId } = await tx
          .selectFrom('group')
          .select('org_id')
          .where('id', '=', groupId)
          .executeTakeFirstOrThrow()
        const { actor, sourceAddress } = call
        await recordEvent(tx, parts, {
          type: 'CLUSTER_STANDARD_LISTENER_UPDATED',
          ...{ orgId, groupId, actor, sourceAddress },
          target: { clusterId: cluster.id, clusterName, enabled, maxSnapshotAgeSeconds },
        })
        await wakeFeeds(tx, parts)
        return cluster
      })
      return { body: await listenerView(store.read, parts, row) }
    },
  }
}
