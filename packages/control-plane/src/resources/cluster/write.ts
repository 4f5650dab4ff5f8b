// Wishes about a cluster, written: made, changed, to be gone. Each in the caller's transaction, with its audit event and
// the request for a turn; members follow by turns (reconcile.ts). Shared by the Cluster API and the Flex API.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { Behaviour } from '@postern/contract/fidelity'
import type { Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Actor } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { ensureContainer } from '../network-container/ensure.ts'
import { letGoOfListener } from '../standard-listener/open.ts'
import { checkAtlasShape } from './atlas-shape.ts'
import { isSharedTier } from './connection-strings.ts'
import { updatingColumns } from './reconfigure.ts'
import { checkClusterLimit, checkRegionalMode, checkTargetLimits } from './room.ts'
import { type ClusterRow, type MemberRow, membersOf } from './rows.ts'
import { type ClusterSpec, memberPlaces, parseSpec, tierOf } from './spec.ts'
import { differs, notesDiffer } from './update.ts'

/** Who asks, and from where. */
export interface Asker {
  readonly actor: Actor | null
  readonly sourceAddress: string
}

export interface NewCluster extends Asker {
  readonly groupId: string
  readonly name: string
  readonly spec: ClusterSpec
  readonly terminationProtection: boolean
}

/**
 * Throws GROUP_NOT_FOUND, DUPLICATE_CLUSTER_NAME, POSTERN_GROUP_CLUSTERS_LIMIT_EXCEEDED,
 * POSTERN_REGIONALIZED_MODE_NEEDS_SHARDED, CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK, and as Atlas's behaviour has
 * it INVALID_ATTRIBUTE.
 */
export const makeCluster = async (tx: Transaction<Tables>, parts: Parts, wish: NewCluster): Promise<ClusterRow> => {
  const { ids, seal, clock } = parts
  const { groupId, name, spec } = wish
  const group = await tx.selectFrom('group').select('id').where('id', '=', groupId).executeTakeFirst()
  if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  await checkClusterLimit(tx, groupId)
  await checkRegionalMode(tx, groupId, { clusterName: name, clusterType: spec.clusterType })
  if (!isSharedTier(tierOf(spec))) await checkTargetLimits(tx, groupId, memberPlaces(spec).length)
  const behaviour = await behaviourOf(tx, parts, groupId)
  if (behaviour.clusterShape === 'what Atlas deploys') checkAtlasShape(spec)
  const id = ids.objectId()
  const admin = { user: '__postern', password: ids.hex(24), source: 'admin' }
  const made = await tx
    .insertInto('cluster')
    .values({
      id,
      group_id: groupId,
      name,
      engine: 'sandbox',
      cluster_type: spec.clusterType,
      state: 'CREATING',
      spec: JSON.stringify(spec),
      // Clients of routers are told no set.
      set_name: spec.clusterType === 'REPLICASET' ? `atlas-${ids.hex(3)}-shard-0` : null,
      mongodb_version: null,
      access: seal.close(id, JSON.stringify({ hosts: [], admin, tls: null })),
      tls: null,
      error_message: null,
      termination_protection: wish.terminationProtection,
      settles_at: settlesAt(behaviour, parts),
      created: new Date(clock.now()),
    })
    // Names that differ only in case would share their SRV name.
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (made === undefined) throw new AtlasError('DUPLICATE_CLUSTER_NAME', { clusterName: name, groupId })
  for (const place of memberPlaces(spec)) await ensureContainer(tx, parts, { groupId, ...place })
  await parts.turns.wake(tx, 'cluster', id)
  await tellOfCluster(tx, parts, { row: made, type: 'CLUSTER_CREATED', by: wish })
  return made
}

export interface ClusterChange {
  readonly spec: ClusterSpec
  readonly terminationProtection: boolean
  readonly by: Asker
}

/**
 * Saves what `row` (read for update) is to be. UPDATING when its members or settings are concerned, until a turn has
 * seen it through. Throws CANNOT_UPDATE_PAUSED_CLUSTER, CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK,
 * CLUSTER_ALREADY_REQUESTED_DELETION, INVALID_ATTRIBUTE, and as Atlas's behaviour has it
 * CANNOT_UPDATE_AND_PAUSE_CLUSTER, CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER.
 */
export const changeCluster = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { row, change }: { readonly row: ClusterRow; readonly change: ClusterChange },
): Promise<ClusterRow> => {
  const { spec, terminationProtection, by } = change
  const before = parseSpec(row.spec)
  const behaviour = await behaviourOf(tx, parts, row.group_id)
  const now = parts.clock.now()
  checkMayChange(row, { before, spec, terminationProtection, behaviour, now })
  // A cluster that was made before stays as it is until its nodes or disks are touched.
  if (behaviour.clusterShape === 'what Atlas deploys' && differs(before, spec)) checkAtlasShape(spec)
  const more = memberPlaces(spec).length - memberPlaces(before).length
  if (more > 0 && !isSharedTier(tierOf(spec))) await checkTargetLimits(tx, row.group_id, more)
  const concerned =
    differs(before, spec) ||
    before.paused !== spec.paused ||
    (behaviour.writtenChanges === 'update the cluster' && notesDiffer(before, spec))
  const held = concerned ? await updatingColumns(tx, parts, row) : {}
  const saved = await tx
    .updateTable('cluster')
    .set(({ eb }) => ({
      spec: JSON.stringify(spec),
      state: concerned && row.state === 'IDLE' ? 'UPDATING' : row.state,
      termination_protection: terminationProtection,
      ...held,
      ...(before.paused && !spec.paused && { resumed_at: new Date(now) }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await parts.turns.wake(tx, 'cluster', row.id)
  await tellOfCluster(tx, parts, { row, type: 'CLUSTER_UPDATE_SUBMITTED', by })
  if (JSON.stringify(before.tags) !== JSON.stringify(spec.tags)) {
    await tellOfCluster(tx, parts, { row, type: 'CLUSTER_TAGS_MODIFIED', by })
  }
  return saved
}

/** As long as Atlas lets nobody pause a cluster again after it was resumed. */
const pauseAgainMs = 60 * 60_000

interface Asked {
  readonly before: ClusterSpec
  readonly spec: ClusterSpec
  readonly terminationProtection: boolean
  readonly behaviour: Behaviour
  readonly now: number
}

const checkMayChange = (row: ClusterRow, { before, spec, terminationProtection, behaviour, now }: Asked): void => {
  const { name: clusterName } = row
  if (row.delete_requested) throw new AtlasError('CLUSTER_ALREADY_REQUESTED_DELETION', { clusterName })
  const noted = notesDiffer(before, spec) || terminationProtection !== row.termination_protection
  const takesNothing = behaviour.pausedCluster === 'takes nothing'
  if (before.paused && (differs(before, spec) || (takesNothing && noted))) {
    throw new AtlasError('CANNOT_UPDATE_PAUSED_CLUSTER', { clusterName })
  }
  if (!before.paused && spec.paused && behaviour.pausing === 'alone and an hour after resume') {
    if (differs(before, spec) || noted) throw new AtlasError('CANNOT_UPDATE_AND_PAUSE_CLUSTER', { clusterName })
    if (row.resumed_at !== null && now - row.resumed_at.getTime() < pauseAgainMs) {
      throw new AtlasError('CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER', { clusterName })
    }
  }
  if (spec.paused && row.state === 'CREATING') {
    const fields = [{ field: 'paused', description: 'the cluster is still being created; pause it when it is IDLE' }]
    throw new AtlasError('INVALID_ATTRIBUTE', { attribute: 'paused' }, { fields })
  }
}

/** Throws CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED, CLUSTER_ALREADY_REQUESTED_DELETION. */
export const terminateCluster = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { row, by }: { readonly row: ClusterRow; readonly by: Asker },
): Promise<{ readonly row: ClusterRow; readonly members: readonly MemberRow[] }> => {
  const { name: clusterName, group_id: groupId } = row
  if (row.termination_protection) {
    throw new AtlasError('CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED', { clusterName, groupId })
  }
  if (row.delete_requested) throw new AtlasError('CLUSTER_ALREADY_REQUESTED_DELETION', { clusterName })
  const members = (await membersOf(tx, [row.id])).get(row.id) ?? []
  const settles_at = settlesAt(await behaviourOf(tx, parts, groupId), parts)
  const asked = await tx
    .updateTable('cluster')
    .set(({ eb }) => ({ delete_requested: true, settles_at, revision: eb('revision', '+', 1) }))
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await letGoOfListener(tx, row.id)
  await parts.turns.wake(tx, 'cluster', row.id)
  await wakeFeeds(tx, parts)
  await tellOfCluster(tx, parts, { row, type: 'CLUSTER_DELETE_SUBMITTED', by })
  return { row: asked, members }
}

interface Told {
  readonly row: ClusterRow
  readonly type: RecordedEventType
  readonly by: Asker
}

/** The audit event of something that was done to a cluster. */
export const tellOfCluster = async (tx: Transaction<Tables>, parts: Parts, { row, type, by }: Told): Promise<void> => {
  const group = await tx.selectFrom('group').select('org_id').where('id', '=', row.group_id).executeTakeFirstOrThrow()
  const target = { clusterId: row.id, clusterName: row.name }
  await recordEvent(tx, parts, {
    type,
    orgId: group.org_id,
    groupId: row.group_id,
    actor: by.actor,
    sourceAddress: by.sourceAddress,
    target: type === 'CLUSTER_TAGS_MODIFIED' ? { resourceId: row.id, resourceType: 'cluster' } : target,
  })
}
