// Endpoint services as Atlas's API has them: create, change, list, get, delete. What is asked for is stored and answered
// at once; the clouds are touched by turns only. What Atlas has no API for is in own-handlers.ts.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { attachedIds } from './attached.ts'
import { changeService } from './change.ts'
import { askedService, makeService } from './create.ts'
import { findServiceOfGroup, parseProvider, parseServiceId, serviceNotFound } from './row.ts'
import { shownServices } from './shown.ts'
import { terminateService } from './terminate.ts'
import { serviceView } from './view.ts'

export const endpointServiceHandlers = (
  parts: Parts,
): Handlers<
  | 'createGroupPrivateEndpointEndpointService'
  | 'updateGroupPrivateEndpointEndpointService'
  | 'listGroupPrivateEndpointEndpointService'
  | 'getGroupPrivateEndpointEndpointService'
  | 'deleteGroupPrivateEndpointEndpointService'
> => ({
  createGroupPrivateEndpointEndpointService: async ({ params, body, actor, sourceAddress }) => {
    const asked = askedService(body)
    const service = await parts.store.transact(async (tx) => {
      const answer = await makeService(tx, parts, { params, asked, by: { actor, sourceAddress } })
      if (answer.made) return answer.service
      const { provider, region, id: endpointServiceId } = answer.service
      const facts = { provider, region, endpointServiceId }
      throw new AtlasError('PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION', facts)
    })
    return { body: serviceView(service, []) }
  },

  updateGroupPrivateEndpointEndpointService: async ({ params, body, actor, sourceAddress }) => {
    const [service, endpoints] = await parts.store.transact(async (tx) => {
      const found = await findServiceOfGroup(tx, params, body.cloudProvider)
      const attribute = 'supportedRemoteRegions'
      if (body.cloudProvider !== 'AWS') {
        throw new AtlasError('PROVIDER_UNSUPPORTED', { provider: body.cloudProvider, attribute })
      }
      const { supportedRemoteRegions } = body
      const change = { supportedRemoteRegions }
      const changed = await changeService(tx, parts, { service: found, change, by: { actor, sourceAddress } })
      return [changed, await attachedIds(tx, [found.id])] as const
    })
    return { body: serviceView(service, endpoints.get(service.id) ?? []) }
  },

  listGroupPrivateEndpointEndpointService: async ({ params }) => {
    const { groupId = '', cloudProvider } = params
    return { body: await shownServices(parts.store.read, { groupId, provider: parseProvider(cloudProvider) }) }
  },

  getGroupPrivateEndpointEndpointService: async ({ params }) => {
    const provider = parseProvider(params.cloudProvider)
    const id = parseServiceId(params.endpointServiceId)
    const [view] = await shownServices(parts.store.read, { groupId: params.groupId ?? '', provider, id })
    if (view === undefined) throw serviceNotFound(params, provider)
    return { body: view }
  },

  deleteGroupPrivateEndpointEndpointService: async ({ params, actor, sourceAddress }) => {
    await parts.store.transact((tx) => terminateService(tx, parts, { params, by: { actor, sourceAddress } }))
    return { body: {} }
  },
})
