// Endpoint services in Postern's own API: get-or-create, lists with filters, labels, and another try of what FAILED.

import { AtlasError } from '@postern/contract/errors'
import type { EndpointServiceDetails } from '@postern/contract/schemas/endpoint-service'
import type { Kysely } from 'kysely'
import type { Handlers } from '../../http/handler.ts'
import { pageOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { attachedIds } from './attached.ts'
import { changeService } from './change.ts'
import { type AskedService, askedService, makeService } from './create.ts'
import { listServices } from './list.ts'
import { retryService } from './retry.ts'
import { findService, type ServiceRow } from './row.ts'
import { setupsOf } from './setup.ts'
import { serviceDetails, serviceView } from './view.ts'

export const ownEndpointServiceHandlers = (
  parts: Parts,
): Handlers<
  | 'listGroupEndpointServices'
  | 'ensureGroupEndpointService'
  | 'getGroupEndpointService'
  | 'getGroupEndpointServiceSetup'
  | 'updateGroupEndpointService'
  | 'retryGroupEndpointService'
> => ({
  listGroupEndpointServices: async (call) => {
    const { services, total } = await listServices(parts, call)
    const attached = await attachedIds(
      parts.store.read,
      services.map(({ id }) => id),
    )
    const { undoWindowMs } = parts.settings
    const results = services.map((service) => serviceDetails(service, attached.get(service.id) ?? [], undoWindowMs))
    return { body: pageOf(call, { results, total }) }
  },

  ensureGroupEndpointService: async ({ params, body, actor, sourceAddress }) => {
    const asked = askedService(body)
    return parts.store.transact(async (tx) => {
      const { labels, description } = body
      const by = { actor, sourceAddress }
      const { service, made } = await makeService(tx, parts, { params, asked, by, labels, description })
      const differences = made ? null : serviceDifferences(service, asked)
      if (differences !== null) {
        const { id } = service
        throw new AtlasError('POSTERN_ENSURE_DIFFERS', { what: 'Private endpoint service', id, differences })
      }
      return { body: { ...(await showService(parts, tx, service)), created: made } }
    })
  },

  getGroupEndpointService: async ({ params }) => {
    const { read } = parts.store
    return { body: await showService(parts, read, await findService(read, params)) }
  },

  getGroupEndpointServiceSetup: async ({ params, query }) => {
    const service = serviceView(await findService(parts.store.read, params), [])
    return { body: setupsOf(service, { groupId: params.groupId ?? '', ...query }) }
  },

  updateGroupEndpointService: ({ params, body, actor, sourceAddress }) =>
    parts.store.transact(async (tx) => {
      const found = await findService(tx, params)
      const change = { service: found, change: body, by: { actor, sourceAddress } }
      return { body: await showService(parts, tx, await changeService(tx, parts, change)) }
    }),

  retryGroupEndpointService: ({ params, actor, sourceAddress }) =>
    parts.store.transact(async (tx) => {
      const service = await retryService(tx, parts, { params, by: { actor, sourceAddress } })
      return { body: await showService(parts, tx, service) }
    }),
})

/** One service with what is attached to it. */
export const showService = async (
  { settings }: Pick<Parts, 'settings'>,
  db: Kysely<Tables>,
  service: ServiceRow,
): Promise<EndpointServiceDetails> => {
  const attached = await attachedIds(db, [service.id])
  return serviceDetails(service, attached.get(service.id) ?? [], settings.undoWindowMs)
}

/** Why the service that is there is not the one that was asked for; null where it is. Pure. */
export const serviceDifferences = (
  { status, supportedRemoteRegions }: Pick<ServiceRow, 'status' | 'supportedRemoteRegions'>,
  { remoteRegions }: Pick<AskedService, 'remoteRegions'>,
): string | null => {
  if (status === 'DELETING') return 'it is DELETING; ask again when it is gone, or undo its deletion'
  if (remoteRegions === null) return null
  const there = (supportedRemoteRegions ?? []).toSorted()
  const wanted = remoteRegions.toSorted()
  if (there.join() === wanted.join()) return null
  return `supportedRemoteRegions are ${there.join(', ') || 'none'}, not ${wanted.join(', ') || 'none'}; change them with PATCH`
}
