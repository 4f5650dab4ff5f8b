// Endpoint services: create, change, list, get, delete. What is asked for is stored and answered at once; the clouds are
// touched by turns only.

import { AtlasError } from '@postern/contract/errors'
import type { Kysely, SelectQueryBuilder } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { ensureContainer } from '../network-container/ensure.ts'
import { parseRegion, parseRemoteRegions } from './regions.ts'
import { findService, findServiceOfGroup, lockService, parseProvider, parseService, type ServiceRow } from './row.ts'
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
    const provider = body.providerName
    const region = parseRegion(provider, body.region)
    const remoteRegions = parseRemoteRegions(provider, region, body.supportedRemoteRegions ?? null)
    if (body.portMappingEnabled && provider !== 'GCP') {
      throw new AtlasError('PROVIDER_UNSUPPORTED', { provider, attribute: 'portMappingEnabled' })
    }
    const service = await parts.store.transact(async (tx) => {
      const { org_id: orgId, id: groupId } = await groupOf(tx, params)
      const row = await tx
        .insertInto('endpoint_service')
        .values({
          id: parts.ids.objectId(),
          group_id: groupId,
          provider,
          region,
          port_mapping: body.portMappingEnabled,
          status: 'INITIATING',
          names: 'null',
          supported_remote_regions: JSON.stringify(remoteRegions),
          error_message: null,
          settles_at: settlesAt(await behaviourOf(tx, parts, groupId), parts),
          created: new Date(parts.clock.now()),
        })
        .onConflict((conflict) => conflict.constraint('endpoint_service_region_once').doNothing())
        .returningAll()
        .executeTakeFirst()
      if (row === undefined) {
        throw new AtlasError('PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION', { provider, region })
      }
      await ensureContainer(tx, parts, { groupId, provider, region })
      await parts.turns.wake(tx, 'endpointService', row.id)
      const target = { endpointServiceId: row.id, provider, region }
      await recordEvent(tx, parts, { type: 'ENDPOINT_SERVICE_CREATED', orgId, groupId, actor, sourceAddress, target })
      return parseService(row)
    })
    return { body: serviceView(service, []) }
  },

  updateGroupPrivateEndpointEndpointService: async ({ params, body, actor, sourceAddress }) => {
    const [service, endpoints] = await parts.store.transact(async (tx) => {
      const { org_id: orgId, id: groupId } = await groupOf(tx, params)
      const found = await findServiceOfGroup(tx, params, body.cloudProvider)
      const attribute = 'supportedRemoteRegions'
      for (const provider of [body.cloudProvider, found.provider]) {
        if (provider !== 'AWS') throw new AtlasError('PROVIDER_UNSUPPORTED', { provider, attribute })
      }
      const ids = (await endpointIds(tx, [found.id])).get(found.id) ?? []
      if (body.supportedRemoteRegions === undefined) return [found, ids] as const
      const remoteRegions = parseRemoteRegions('AWS', found.region, body.supportedRemoteRegions)
      const row = await tx
        .updateTable('endpoint_service')
        .set(({ eb }) => ({
          supported_remote_regions: JSON.stringify(remoteRegions),
          revision: eb('revision', '+', 1),
        }))
        .where('id', '=', found.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      const target = { endpointServiceId: found.id, supportedRemoteRegions: (remoteRegions ?? []).join(',') }
      await recordEvent(tx, parts, { type: 'ENDPOINT_SERVICE_UPDATED', orgId, groupId, actor, sourceAddress, target })
      return [parseService(row), ids] as const
    })
    return { body: serviceView(service, endpoints) }
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
    const endpoints = await endpointIds(parts.store.read, services.select('id'))
    return { body: rows.map((row) => serviceView(parseService(row), endpoints.get(row.id) ?? [])) }
  },

  getGroupPrivateEndpointEndpointService: async ({ params }) => {
    const service = await findService(parts.store.read, params)
    const endpoints = await endpointIds(parts.store.read, [service.id])
    return { body: serviceView(service, endpoints.get(service.id) ?? []) }
  },

  deleteGroupPrivateEndpointEndpointService: async ({ params, actor, sourceAddress }) => {
    await parts.store.transact(async (tx) => {
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
      await recordEvent(tx, parts, { type: 'ENDPOINT_SERVICE_DELETED', orgId, groupId, actor, sourceAddress, target })
    })
    return { body: {} }
  },
})

/** From here on the service shows DELETING; its turn takes it away once no endpoint hangs on it. */
export const markServiceDeleting = async (
  tx: Parameters<Parts['turns']['wake']>[0],
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
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
  await parts.turns.wake(tx, 'endpointService', id)
}

/** The group of a path, for its organization. Throws GROUP_NOT_FOUND. */
export const groupOf = async (db: Kysely<Tables>, { groupId = '' }: Readonly<Record<string, string>>) => {
  const group = await db.selectFrom('group').select(['id', 'org_id']).where('id', '=', groupId).executeTakeFirst()
  if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return group
}

/** Cloud ids of what is attached, by service. */
const endpointIds = async (
  db: Kysely<Tables>,
  services: readonly string[] | SelectQueryBuilder<Tables, 'endpoint_service', { id: string }>,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const byService = new Map<string, string[]>()
  const rows = await db
    .selectFrom('private_endpoint')
    .select(['service_id', 'cloud_id'])
    .where('service_id', 'in', services)
    .orderBy('created')
    .orderBy('id')
    .execute()
  for (const { service_id, cloud_id } of rows) {
    const known = byService.get(service_id)
    if (known === undefined) byService.set(service_id, [cloud_id])
    else known.push(cloud_id)
  }
  return byService
}
