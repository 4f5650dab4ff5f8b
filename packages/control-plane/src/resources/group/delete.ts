// The end of a group. What still runs in it stands in the way and is named; the rest (users without a cluster, limits,
// role assignments) goes with it.

import { AtlasError } from '@postern/contract/errors'
import type { Actor } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { recordEvent } from '../event/record.ts'

/**
 * Throws GROUP_NOT_FOUND, CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS or
 * CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES; what is being deleted already still counts.
 */
export const deleteGroup = (
  parts: Parts,
  {
    groupId,
    actor,
    sourceAddress,
  }: { readonly groupId: string; readonly actor: Actor; readonly sourceAddress: string },
): Promise<void> =>
  parts.store.transact(async (tx) => {
    // The lock makes whoever adds something to this group at the same moment wait, and then fail on its foreign key.
    const group = await tx.selectFrom('group').selectAll().where('id', '=', groupId).forUpdate().executeTakeFirst()
    if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })

    const clusters = await tx
      .selectFrom('cluster')
      .select('name')
      .where('group_id', '=', groupId)
      .orderBy('name')
      .execute()
    if (clusters.length > 0)
      throw new AtlasError('CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS', {
        groupId,
        names: clusters.map(({ name }) => name).join(', '),
      })
    const services = await tx
      .selectFrom('endpoint_service')
      .select(['id', 'provider', 'region', 'status'])
      .where('group_id', '=', groupId)
      .orderBy('id')
      .execute()
    if (services.length > 0)
      throw new AtlasError('CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES', {
        groupId,
        endpointServices: services
          .map(({ id, provider, region, status }) => `${id} (${provider} ${region}, ${status})`)
          .join(', '),
      })

    await tx.deleteFrom('group').where('id', '=', groupId).execute()
    await recordEvent(tx, parts, {
      type: 'GROUP_DELETED',
      orgId: group.org_id,
      groupId,
      actor,
      sourceAddress,
      target: { groupName: group.name },
    })
  })
