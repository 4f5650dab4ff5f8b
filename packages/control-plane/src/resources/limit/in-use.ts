// Limits that something was made by: how many attachments a Google Cloud service without port mapping has, and out of what
// address range, is settled when it is made. Atlas lets nobody change them while there is one.

import { AtlasError } from '@postern/contract/errors'
import type { LimitName } from '@postern/contract/group-limit'
import type { Transaction } from 'kysely'
import type { Tables } from '../../store/tables.ts'

const settledWhenMade: ReadonlySet<LimitName> = new Set<LimitName>([
  'atlas.project.deployment.privateServiceConnectionsPerRegionGroup',
  'atlas.project.deployment.privateServiceConnectionsSubnetMask',
])

/** Throws POSTERN_GROUP_LIMIT_IN_USE, naming the services. */
export const checkNotInUse = async (tx: Transaction<Tables>, groupId: string, limitName: LimitName): Promise<void> => {
  if (!settledWhenMade.has(limitName)) return
  const services = await tx
    .selectFrom('endpoint_service')
    .select(['id', 'region'])
    .where('group_id', '=', groupId)
    .where('provider', '=', 'GCP')
    .where('port_mapping', '=', false)
    .orderBy('created')
    .execute()
  if (services.length === 0) return
  const endpointServices = services.map(({ id, region }) => `${id} (GCP ${region})`).join(', ')
  throw new AtlasError('POSTERN_GROUP_LIMIT_IN_USE', { limitName, endpointServices })
}
