// A service that ended FAILED is tried once more: as if it were new, under its id.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import type { Asker } from './create.ts'
import { groupOf } from './group.ts'
import { findService, lockService, parseService, type ServiceRow } from './row.ts'

/** Throws POSTERN_NOT_RETRYABLE for one that is not FAILED, and what findService throws. */
export const retryService = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { params, by }: { readonly params: Readonly<Record<string, string>>; readonly by: Asker },
): Promise<ServiceRow> => {
  const { org_id: orgId, id: groupId } = await groupOf(tx, params)
  await lockService(tx, params.endpointServiceId)
  const service = await findService(tx, params)
  if (service.status !== 'FAILED') {
    const { id, status } = service
    throw new AtlasError('POSTERN_NOT_RETRYABLE', { what: 'Private endpoint service', id, status, endedAs: 'FAILED' })
  }
  const settles_at = settlesAt(await behaviourOf(tx, parts, groupId), parts)
  const row = await tx
    .updateTable('endpoint_service')
    .set(({ eb }) => ({ status: 'INITIATING', error_message: null, settles_at, revision: eb('revision', '+', 1) }))
    .where('id', '=', service.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await parts.turns.wake(tx, 'endpointService', service.id)
  const target = { endpointServiceId: service.id, provider: service.provider, region: service.region }
  await recordEvent(tx, parts, { type: 'ENDPOINT_SERVICE_RETRIED', orgId, groupId, ...by, target })
  return parseService(row)
}
