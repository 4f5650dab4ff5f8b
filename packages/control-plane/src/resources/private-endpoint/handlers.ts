// Attached endpoints: create, get, delete. Whether the consumer's endpoint exists is found out by a turn, and told by
// the endpoint's status and errorMessage, as Atlas does; only what cannot be an endpoint of that cloud is refused here.

import { AtlasError } from '@postern/contract/errors'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { reconfigureClusters } from '../cluster/reconfigure.ts'
import { groupOf } from '../endpoint-service/handlers.ts'
import { findService, lockService } from '../endpoint-service/row.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { parseEndpointRequest } from './request.ts'
import { findEndpoint, parseEndpoint } from './row.ts'
import { endpointView } from './view.ts'

export const privateEndpointHandlers = (
  parts: Parts,
): Handlers<
  | 'createGroupPrivateEndpointEndpointServiceEndpoint'
  | 'getGroupPrivateEndpointEndpointServiceEndpoint'
  | 'deleteGroupPrivateEndpointEndpointServiceEndpoint'
> => ({
  createGroupPrivateEndpointEndpointServiceEndpoint: async ({ params, body, actor, sourceAddress }) => {
    const [endpoint, portMapping] = await parts.store.transact(async (tx) => {
      const { org_id: orgId, id: groupId } = await groupOf(tx, params)
      await lockService(tx, params.endpointServiceId)
      const service = await findService(tx, params)
      const { cloudId, request } = parseEndpointRequest(service.provider, body, service)
      if (service.status !== 'AVAILABLE') {
        throw new AtlasError('PRIVATE_ENDPOINT_SERVICE_NOT_AVAILABLE', {
          endpointServiceId: service.id,
          status: service.status,
        })
      }
      const row = await tx
        .insertInto('private_endpoint')
        .values({
          id: parts.ids.objectId(),
          service_id: service.id,
          group_id: groupId,
          provider: service.provider,
          cloud_id: cloudId,
          phase: 'REQUESTED',
          request: JSON.stringify(request),
          link_ids: '[]',
          name_index: null,
          form: null,
          advertised: null,
          gateway_n: null,
          forwarder_n: null,
          error_message: null,
          settles_at: settlesAt(await behaviourOf(tx, parts, groupId), parts),
          created: new Date(parts.clock.now()),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      if (row === undefined) {
        throw new AtlasError('PRIVATE_ENDPOINT_ALREADY_EXISTS', {
          endpointId: cloudId,
          endpointServiceId: service.id,
        })
      }
      await parts.turns.wake(tx, 'privateEndpoint', row.id)
      const target = { endpointId: cloudId, endpointServiceId: service.id, provider: service.provider }
      await recordEvent(tx, parts, { type: 'INTERFACE_ENDPOINT_CREATED', orgId, groupId, actor, sourceAddress, target })
      return [parseEndpoint(row), service.portMapping] as const
    })
    return { body: endpointView(endpoint, portMapping) }
  },

  getGroupPrivateEndpointEndpointServiceEndpoint: async ({ params }) => {
    const service = await findService(parts.store.read, params)
    const endpoint = await findEndpoint(parts.store.read, service, params.endpointId ?? '')
    return { body: endpointView(endpoint, service.portMapping) }
  },

  deleteGroupPrivateEndpointEndpointServiceEndpoint: async ({ params, actor, sourceAddress }) => {
    await parts.store.transact(async (tx) => {
      const { org_id: orgId, id: groupId } = await groupOf(tx, params)
      await lockService(tx, params.endpointServiceId)
      const service = await findService(tx, params)
      const endpoint = await findEndpoint(tx, service, params.endpointId ?? '')
      if (endpoint.deleteRequested) return
      if (endpoint.phase === 'AVAILABLE') await reconfigureClusters(tx, parts, groupId)
      const settles_at = settlesAt(await behaviourOf(tx, parts, groupId), parts)
      await tx
        .updateTable('private_endpoint')
        .set(({ eb }) => ({
          phase: 'DELETING',
          delete_requested: true,
          settles_at,
          gateway_n: null,
          forwarder_n: null,
          error_message: null,
          revision: eb('revision', '+', 1),
        }))
        .where('id', '=', endpoint.id)
        .execute()
      await parts.turns.wake(tx, 'privateEndpoint', endpoint.id)
      await wakeFeeds(tx, parts)
      const target = { endpointId: endpoint.cloudId, endpointServiceId: service.id, provider: service.provider }
      await recordEvent(tx, parts, { type: 'INTERFACE_ENDPOINT_DELETED', orgId, groupId, actor, sourceAddress, target })
    })
    return { body: {} }
  },
})
