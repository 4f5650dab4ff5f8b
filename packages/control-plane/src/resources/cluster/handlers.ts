// Clusters: create, list, describe, delete, and every form of their connection strings. What is asked for is stored and
// answered at once; members are made and watched by turns (reconcile.ts).

import { AtlasError } from '@postern/contract/errors'
import type { ClusterReply } from '@postern/contract/schemas/cluster'
import type { Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { specFromBody } from './body.ts'
import { connectionStrings, endpointConnectionStrings, isSharedTier } from './connection-strings.ts'
import { createPassingStates } from './passing-states.ts'
import { checkClusterLimit, checkTargetLimits } from './room.ts'
import {
  type ClusterRow,
  clusterByName,
  endpointsFor,
  type GroupDoors,
  groupDoors,
  loadCluster,
  type MemberRow,
  membersOf,
  stateOf,
} from './rows.ts'
import { memberPlaces, tierOf } from './spec.ts'
import { clusterView } from './view.ts'

type Operations =
  | 'listGroupClusters'
  | 'createGroupCluster'
  | 'getGroupCluster'
  | 'deleteGroupCluster'
  | 'getGroupClusterConnectionStrings'

/** What a view needs of the call: the dialect, and how links are built. */
interface Asked {
  readonly version: string
  readonly link: (path: string) => string
  readonly self: string
}

export const clusterHandlers = (parts: Parts): Handlers<Operations> => {
  const { store, clock, ids, seal, settings } = parts
  const passing = createPassingStates<{ readonly row: ClusterRow; readonly members: readonly MemberRow[] }>(clock)

  const view = (
    row: ClusterRow,
    members: readonly MemberRow[],
    doors: GroupDoors,
    { version, link, self }: Asked,
  ): ClusterReply => {
    const { spec, strings } = loadCluster(row, members, doors)
    return clusterView(
      {
        id: row.id,
        groupId: row.group_id,
        name: row.name,
        created: row.created,
        state: stateOf(row),
        spec,
        mongoDBVersion: row.mongodb_version,
        terminationProtection: row.termination_protection,
        connectionStrings: connectionStrings(strings, endpointsFor(row.name, doors)),
        link,
        api: self.startsWith('/api/atlas/v1.0/') ? '/api/atlas/v1.0' : '/api/atlas/v2',
      },
      version,
    )
  }

  return {
    createGroupCluster: async (call) => {
      if (settings.sandbox === null) throw new AtlasError('POSTERN_NO_SANDBOX', {})
      const groupId = call.params.groupId ?? ''
      const spec = specFromBody(call.body, ids)
      const id = ids.objectId()
      const admin = { user: '__postern', password: ids.hex(24), source: 'admin' }
      const row = await store.transact(async (tx) => {
        const group = await tx.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
        if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
        await checkClusterLimit(tx, groupId)
        if (!isSharedTier(tierOf(spec))) await checkTargetLimits(tx, groupId, memberPlaces(spec).length)
        const made = await tx
          .insertInto('cluster')
          .values({
            id,
            group_id: groupId,
            name: call.body.name,
            engine: 'sandbox',
            cluster_type: spec.clusterType,
            state: 'CREATING',
            spec: JSON.stringify(spec),
            set_name: `atlas-${ids.hex(3)}-shard-0`,
            mongodb_version: null,
            access: seal.close(id, JSON.stringify({ hosts: [], admin, tls: null })),
            tls: null,
            error_message: null,
            termination_protection: call.body.terminationProtectionEnabled,
            created: new Date(clock.now()),
          })
          // Names that differ only in case would share their SRV name.
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .executeTakeFirst()
        if (made === undefined) {
          throw new AtlasError('DUPLICATE_CLUSTER_NAME', { clusterName: call.body.name, groupId })
        }
        await parts.turns.wake(tx, 'cluster', id)
        await recordEvent(tx, parts, {
          type: 'CLUSTER_CREATED',
          orgId: group.org_id,
          groupId,
          actor: call.actor,
          sourceAddress: call.sourceAddress,
          target: { clusterId: id, clusterName: made.name },
        })
        return made
      })
      passing.began(`${groupId}/${row.name}`, { row, members: [] })
      const body = view(row, [], await groupDoors(store.read, groupId, settings.domain), call)
      if (call.body.tags === undefined) Reflect.deleteProperty(body, 'tags')
      return { body }
    },

    listGroupClusters: async (call) => {
      const groupId = call.params.groupId ?? ''
      const { limit, offset } = rowsOf(call)
      const rows = await store.read
        .selectFrom('cluster')
        .selectAll()
        .where('group_id', '=', groupId)
        .orderBy('created')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute()
      const { total } = await store.read
        .selectFrom('cluster')
        .select(({ fn }) => fn.countAll<string>().as('total'))
        .where('group_id', '=', groupId)
        .executeTakeFirstOrThrow()
      const members = await membersOf(
        store.read,
        rows.map(({ id }) => id),
      )
      const doors = await groupDoors(store.read, groupId, settings.domain)
      const results = rows.map((row) => view(row, members.get(row.id) ?? [], doors, call))
      return { body: pageOf(call, { results, total: Number(total) }) }
    },

    getGroupCluster: async (call) => {
      const { groupId = '', clusterName = '' } = call.params
      const courtesy = passing.take(`${groupId}/${clusterName}`)
      const row = courtesy?.row ?? (await clusterByName(store.read, groupId, clusterName))
      const members = courtesy?.members ?? (await membersOf(store.read, [row.id])).get(row.id) ?? []
      return { body: view(row, members, await groupDoors(store.read, groupId, settings.domain), call) }
    },

    deleteGroupCluster: async (call) => {
      const { groupId = '', clusterName = '' } = call.params
      const deleting = await store.transact(async (tx) => {
        const row = await clusterByName(tx, groupId, clusterName)
        if (row.termination_protection) {
          throw new AtlasError('CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED', {})
        }
        const members = (await membersOf(tx, [row.id])).get(row.id) ?? []
        if (row.delete_requested) throw new AtlasError('CLUSTER_ALREADY_REQUESTED_DELETION', { clusterName })
        const asked = await tx
          .updateTable('cluster')
          .set(({ eb }) => ({ delete_requested: true, revision: eb('revision', '+', 1) }))
          .where('id', '=', row.id)
          .returningAll()
          .executeTakeFirstOrThrow()
        const group = await tx.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirstOrThrow()
        await parts.turns.wake(tx, 'cluster', row.id)
        await wakeFeeds(tx, parts)
        await recordEvent(tx, parts, {
          type: 'CLUSTER_DELETE_SUBMITTED',
          orgId: group.org_id,
          groupId,
          actor: call.actor,
          sourceAddress: call.sourceAddress,
          target: { clusterId: row.id, clusterName },
        })
        return { row: asked, members }
      })
      passing.began(`${groupId}/${clusterName}`, deleting)
      return { body: {} }
    },

    getGroupClusterConnectionStrings: async ({ params: { groupId = '', clusterName = '' } }) => {
      const row = await clusterByName(store.read, groupId, clusterName)
      const members = (await membersOf(store.read, [row.id])).get(row.id) ?? []
      const doors = await groupDoors(store.read, groupId, settings.domain)
      const { strings } = loadCluster(row, members, doors)
      return { body: endpointConnectionStrings(strings, endpointsFor(clusterName, doors)) }
    },
  }
}
