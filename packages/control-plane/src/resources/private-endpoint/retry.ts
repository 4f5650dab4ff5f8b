// An endpoint that ended REJECTED or FAILED is tried once more, as it was told: whatever stood in the way may be gone.

import { AtlasError } from '@postern/contract/errors'
import { endpointStatus } from '@postern/contract/private-endpoint'
import type { Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import type { Asker } from '../endpoint-service/create.ts'
import { groupOf } from '../endpoint-service/group.ts'
import { findService, lockService } from '../endpoint-service/row.ts'
import { recordEvent } from '../event/record.ts'
import type { FoundEndpoint } from './correct.ts'
import { findEndpoint, parseEndpoint } from './row.ts'

/** Throws POSTERN_NOT_RETRYABLE for one that has not ended so, PRIVATE_ENDPOINT_NOT_FOUND. */
export const retryEndpoint = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { params, by }: { readonly params: Readonly<Record<string, string>>; readonly by: Asker },
): Promise<FoundEndpoint> => {
  const { org_id: orgId, id: groupId } = await groupOf(tx, params)
  await lockService(tx, params.endpointServiceId)
  const service = await findService(tx, params)
  const endpoint = await findEndpoint(tx, service, params.endpointId ?? '')
  if (endpoint.phase !== 'REFUSED' || endpoint.deleteRequested) {
    const words = endpointStatus[service.provider]
    throw new AtlasError('POSTERN_NOT_RETRYABLE', {
      what: 'Private endpoint',
      id: endpoint.cloudId,
      status: words[endpoint.phase],
      endedAs: words.REFUSED,
    })
  }
  const settles_at = settlesAt(await behaviourOf(tx, parts, groupId), parts)
  const row = await tx
    .updateTable('private_endpoint')
    .set(({ eb }) => ({ phase: 'REQUESTED', error_message: null, settles_at, revision: eb('revision', '+', 1) }))
    .where('id', '=', endpoint.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await parts.turns.wake(tx, 'privateEndpoint', endpoint.id)
  const target = { endpointId: endpoint.cloudId, endpointServiceId: service.id, provider: service.provider }
  await recordEvent(tx, parts, { type: 'INTERFACE_ENDPOINT_RETRIED', orgId, groupId, ...by, target })
  return { endpoint: parseEndpoint(row), service }
}
