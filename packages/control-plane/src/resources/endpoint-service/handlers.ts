// Endpoint services as Atlas's API has them: create, change, list, get, delete. What is asked for is stored and answered
// at once; the clouds are touched by turns only. What Atlas has no API for is in own-handlers.ts.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { attachedIds } from './attached.ts'
import { changeService } from './change.ts'
import { askedService, makeService } from './create.ts'
import { groupOf } from './group.ts'
import { findService, findServiceOfGroup, parseProvider, parseService } from './row.ts'
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
    const provider = parseProvider(params.cloudProvider)
    await groupOf(parts.store.read, params)
    const services = parts.store.read
      .selectFrom('endpoint_service')
      .where('group_id', '=', params.groupId ?? '')
      .where('provider', '=', provider)
    const rows = await services.selectAll().orderBy('created').orderBy('id').execute()
    // As a subquery: there may be more services than a statement takes parameters.
    const endpoints = await attachedIds(parts.store.read, services.select('id'))
    return { body: rows.map((row) => serviceView(parseService(row), endpoints.get(row.id) ?? [])) }
  },

  getGroupPrivateEndpointEndpointService: async ({ params }) => {
    const service = await findService(parts.store.read, params)
    const endpoints = await attachedIds(parts.store.read, [service.id])
    return { body: serviceView(service, endpoints.get(service.id) ?? []) }
  },

  deleteGroupPrivateEndpointEndpointService: async ({ params, actor, sourceAddress }) => {
    await parts.store.transact((tx) => terminateService(tx, parts, { params, by: { actor, sourceAddress } }))
    return { body: {} }
  },
})
