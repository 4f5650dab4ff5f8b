// A service is to go: refused while an endpoint hangs on it that is not on its way out itself.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import type { Asker } from './create.ts'
import { groupOf } from './group.ts'
import { findService, lockService, type ServiceRow } from './row.ts'

/** Does nothing where it is going already. Throws PRIVATE_ENDPOINT_SERVICE_HAS_ENDPOINTS, and what findService throws. */
export const terminateService = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { params, by }: { readonly params: Readonly<Record<string, string>>; readonly by: Asker },
): Promise<void> => {
  const { org_id: orgId, id: groupId } = await groupOf(tx, params)
  await lockService(tx, params.endpointServiceId)
  const service = await findService(tx, params)
  if (service.deleteRequested) return
  const attached = await tx
    .selectFrom('private_endpoint')
    .select(['cloud_id', 'delete_requested'])
    .where('service_id', '=', service.id)
    .orderBy('created')
    .execute()
  // Endpoints that are on their way out do not hold their service: it waits for them and goes last.
  const { serviceDeletion } = await behaviourOf(tx, parts, groupId)
  const waits = serviceDeletion === 'waits for endpoints on their way out'
  const left = attached.filter(({ delete_requested: leaves }) => !(waits && leaves))
  if (left.length > 0) {
    throw new AtlasError('PRIVATE_ENDPOINT_SERVICE_HAS_ENDPOINTS', {
      endpointServiceId: service.id,
      endpointIds: left.map(({ cloud_id }) => cloud_id).join(', '),
    })
  }
  await markServiceDeleting(tx, parts, service)
  const target = { endpointServiceId: service.id, provider: service.provider, region: service.region }
  await recordEvent(tx, parts, { type: 'ENDPOINT_SERVICE_DELETED', orgId, groupId, ...by, target })
}

/** From here on the service shows DELETING; its turn takes it away once no endpoint hangs on it. */
export const markServiceDeleting = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'turns' | 'settings' | 'clock'>,
  { id, groupId }: Pick<ServiceRow, 'id' | 'groupId'>,
): Promise<void> => {
  const settles_at = settlesAt(await behaviourOf(tx, parts, groupId), parts)
  await tx
    .updateTable('endpoint_service')
    .set(({ eb }) => ({
      status: 'DELETING',
      error_message: null,
      delete_requested: true,
      settles_at,
      terminated: new Date(parts.clock.now()),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
  await parts.turns.wake(tx, 'endpointService', id)
}
