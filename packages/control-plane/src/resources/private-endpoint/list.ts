// Endpoints of a group over all services, filtered, a page at a time: Atlas lists none, and finds one by its service only.

import { type CloudProvider, cloudProviders } from '@postern/contract/cloud'
import { endpointPhases, endpointStatus } from '@postern/contract/private-endpoint'
import type { ExpressionBuilder } from 'kysely'
import type { Call } from '../../http/handler.ts'
import { rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { groupOf } from '../endpoint-service/group.ts'
import { hasLabel, placesCalled } from '../endpoint-service/list.ts'
import { parseService } from '../endpoint-service/row.ts'
import type { FoundEndpoint } from './correct.ts'
import { parseEndpoint } from './row.ts'

/** Oldest first. Throws GROUP_NOT_FOUND, QUERY_PARAM_PARSE_ERROR. */
export const listEndpoints = async (
  { store }: Pick<Parts, 'store'>,
  call: Call<'listGroupPrivateEndpoints'>,
): Promise<{ readonly found: readonly FoundEndpoint[]; readonly total: number }> => {
  const { id: groupId } = await groupOf(store.read, call.params)
  const { cloudProvider, region, status, endpointServiceId, endpointId, label } = call.query
  const places = region === undefined ? null : placesCalled(cloudProvider, region)
  const phases = status.length === 0 ? null : phasesCalled(status)
  const matching = (eb: ExpressionBuilder<Tables, 'private_endpoint' | 'endpoint_service'>) =>
    eb.and([
      eb('private_endpoint.group_id', '=', groupId),
      ...(cloudProvider.length > 0 ? [eb('private_endpoint.provider', 'in', cloudProvider)] : []),
      ...(endpointServiceId === undefined ? [] : [eb('service_id', '=', endpointServiceId)]),
      ...(endpointId === undefined ? [] : [eb(eb.fn<string>('lower', ['cloud_id']), '=', endpointId.toLowerCase())]),
      ...(label === undefined ? [] : [hasLabel(label, 'private_endpoint.labels')]),
      ...(places === null
        ? []
        : [
            eb.or(
              places.map(([provider, name]) =>
                eb.and([eb('endpoint_service.provider', '=', provider), eb('endpoint_service.region', '=', name)]),
              ),
            ),
          ]),
      ...(phases === null
        ? []
        : [
            eb.or(
              phases.map(([provider, phase]) =>
                eb.and([eb('private_endpoint.provider', '=', provider), eb('phase', '=', phase)]),
              ),
            ),
          ]),
    ])
  const { limit, offset } = rowsOf(call)
  const joined = store.read
    .selectFrom('private_endpoint')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'private_endpoint.service_id')
    .where(matching)
  const rows = await joined
    .selectAll('private_endpoint')
    .orderBy('private_endpoint.created')
    .orderBy('private_endpoint.id')
    .limit(limit)
    .offset(offset)
    .execute()
  const { total } = await joined.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
  const serviceIds = [...new Set(rows.map(({ service_id }) => service_id))]
  const services =
    serviceIds.length === 0
      ? []
      : await store.read.selectFrom('endpoint_service').selectAll().where('id', 'in', serviceIds).execute()
  const byId = new Map(services.map((row) => [row.id, parseService(row)]))
  const found = rows.map(parseEndpoint).flatMap((endpoint) => {
    const service = byId.get(endpoint.serviceId)
    return service === undefined ? [] : [{ endpoint, service }]
  })
  return { found, total: Number(total) }
}

/** The phases that a cloud shows by one of these words, by cloud. A word that only one cloud has finds only its own. */
const phasesCalled = (words: readonly string[]): readonly (readonly [CloudProvider, string])[] =>
  cloudProviders.flatMap((provider) =>
    endpointPhases
      .filter((phase) => words.includes(endpointStatus[provider][phase]))
      .map((phase) => [provider, phase] as const),
  )
