// An endpoint is to go: from here on it shows DELETING or 404, the next snapshots leave it out, and its turns take it away
// once every edge has let go of it.

import type { Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { reconfigureClusters } from '../cluster/reconfigure.ts'
import type { Asker } from '../endpoint-service/create.ts'
import { groupOf } from '../endpoint-service/group.ts'
import { findService, lockService } from '../endpoint-service/row.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { findEndpoint } from './row.ts'

export interface Termination {
  readonly params: Readonly<Record<string, string>>
  readonly by: Asker
  /** What becomes of its service, should it be the last: stays, goes with it, or by the setting (null). */
  readonly keepService: boolean | null
  /** Waits for no edge that is silent, though it may still serve the endpoint; also said later, of one that waits. */
  readonly withoutSilent?: boolean
}

/** One that is going already takes a new word about its service or about silent edges, and nothing else. Throws PRIVATE_ENDPOINT_NOT_FOUND. */
export const terminateEndpoint = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { params, by, keepService, withoutSilent = false }: Termination,
): Promise<void> => {
  const { org_id: orgId, id: groupId } = await groupOf(tx, params)
  await lockService(tx, params.endpointServiceId)
  const service = await findService(tx, params)
  const endpoint = await findEndpoint(tx, service, params.endpointId ?? '')
  const target = {
    endpointId: endpoint.cloudId,
    endpointServiceId: service.id,
    provider: service.provider,
    ...(keepService !== null && { keepService }),
    ...(withoutSilent && { withoutSilent }),
  }
  if (endpoint.deleteRequested) {
    const words = {
      ...(keepService !== null && keepService !== endpoint.keepService && { keep_service: keepService }),
      ...(withoutSilent && !endpoint.withoutSilent && { without_silent: true }),
    }
    if (Object.keys(words).length === 0) return
    if (withoutSilent) await parts.turns.wake(tx, 'privateEndpoint', endpoint.id)
    await tx
      .updateTable('private_endpoint')
      .set(({ eb }) => ({ ...words, revision: eb('revision', '+', 1) }))
      .where('id', '=', endpoint.id)
      .execute()
    await recordEvent(tx, parts, { type: 'INTERFACE_ENDPOINT_PATCHED', orgId, groupId, ...by, target })
    return
  }
  if (endpoint.phase === 'AVAILABLE') await reconfigureClusters(tx, parts, groupId)
  const settles_at = settlesAt(await behaviourOf(tx, parts, groupId), parts)
  await tx
    .updateTable('private_endpoint')
    .set(({ eb }) => ({
      phase: 'DELETING',
      delete_requested: true,
      settles_at,
      terminated: new Date(parts.clock.now()),
      ...(keepService !== null && { keep_service: keepService }),
      without_silent: withoutSilent,
      gateway_n: null,
      forwarder_n: null,
      error_message: null,
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', endpoint.id)
    .execute()
  await parts.turns.wake(tx, 'privateEndpoint', endpoint.id)
  await wakeFeeds(tx, parts)
  await recordEvent(tx, parts, { type: 'INTERFACE_ENDPOINT_DELETED', orgId, groupId, ...by, target })
}
