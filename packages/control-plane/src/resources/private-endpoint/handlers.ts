// Attached endpoints as Atlas's API has them: create, get, delete. Whether the consumer's endpoint exists is found out by
// a turn, and told by the endpoint's status and errorMessage, as Atlas does; only what cannot be an endpoint of that cloud
// is refused here. What Atlas has no API for is in own-handlers.ts.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { findService } from '../endpoint-service/row.ts'
import { attachEndpoint } from './attach.ts'
import { findEndpoint } from './row.ts'
import { terminateEndpoint } from './terminate.ts'
import { endpointView } from './view.ts'

export const privateEndpointHandlers = (
  parts: Parts,
): Handlers<
  | 'createGroupPrivateEndpointEndpointServiceEndpoint'
  | 'getGroupPrivateEndpointEndpointServiceEndpoint'
  | 'deleteGroupPrivateEndpointEndpointServiceEndpoint'
> => ({
  createGroupPrivateEndpointEndpointServiceEndpoint: async ({ params, body, actor, sourceAddress }) => {
    const { endpoint, service } = await parts.store.transact(async (tx) => {
      const answer = await attachEndpoint(tx, parts, { params, body, by: { actor, sourceAddress } })
      if (answer.made) return answer
      const facts = { endpointId: answer.endpoint.cloudId, endpointServiceId: answer.service.id }
      throw new AtlasError('PRIVATE_ENDPOINT_ALREADY_EXISTS', facts)
    })
    return { body: endpointView(endpoint, service.portMapping) }
  },

  getGroupPrivateEndpointEndpointServiceEndpoint: async ({ params }) => {
    const service = await findService(parts.store.read, params)
    const endpoint = await findEndpoint(parts.store.read, service, params.endpointId ?? '')
    return { body: endpointView(endpoint, service.portMapping) }
  },

  deleteGroupPrivateEndpointEndpointServiceEndpoint: async ({ params, actor, sourceAddress }) => {
    const by = { actor, sourceAddress }
    await parts.store.transact((tx) => terminateEndpoint(tx, parts, { params, by, keepService: null }))
    return { body: {} }
  },
})
