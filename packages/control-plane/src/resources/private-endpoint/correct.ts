// An endpoint is changed. Labels, description, limits, policy and what becomes of its service: at any time. What it is attached to can be
// corrected once it ended REJECTED or FAILED (a wrong id, a wrong address, in Google Cloud's legacy form the missing rules),
// and is then tried anew; while it stands, another id is another endpoint.

import { isDeepStrictEqual } from 'node:util'
import { AtlasError } from '@postern/contract/errors'
import { endpointStatus } from '@postern/contract/private-endpoint'
import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import type { Asker } from '../endpoint-service/create.ts'
import { groupOf } from '../endpoint-service/group.ts'
import { findService, lockService, type ServiceRow } from '../endpoint-service/row.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { aboutCertificates, checkClientCertificates } from './policy-clients.ts'
import { checkClusters } from './policy-clusters.ts'
import { type EndpointRequest, type ParsedRequest, parseEndpointRequest, sameRequest } from './request.ts'
import { type EndpointRow, endpointOfService, findEndpoint, parseEndpoint, parsePolicy } from './row.ts'

export interface Correction {
  readonly params: Readonly<Record<string, string>>
  readonly body: BodyOf<'updateGroupPrivateEndpoint'>
  readonly by: Asker
}

export interface FoundEndpoint {
  readonly endpoint: EndpointRow
  readonly service: ServiceRow
}

/** Each provider's own fields; anybody else's are refused. */
const identityFields = {
  AWS: ['id'],
  AZURE: ['id', 'privateEndpointIPAddress'],
  GCP: ['endpointGroupName', 'gcpProjectId', 'endpoints'],
} as const

const everyIdentityField = [...new Set(Object.values(identityFields).flat())]

/**
 * Throws CLUSTER_NOT_FOUND, INVALID_ATTRIBUTE, POSTERN_ENDPOINT_NOT_CORRECTABLE, PRIVATE_ENDPOINT_ALREADY_EXISTS, PRIVATE_ENDPOINT_NOT_FOUND.
 */
export const correctEndpoint = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { params, body, by }: Correction,
): Promise<FoundEndpoint> => {
  const { org_id: orgId, id: groupId } = await groupOf(tx, params)
  await lockService(tx, params.endpointServiceId)
  const service = await findService(tx, params)
  const endpoint = await findEndpoint(tx, service, params.endpointId ?? '')
  const corrected = correction(endpoint, body, service)
  if (corrected !== null) await checkFree(tx, { endpoint, service, corrected })
  if (body.policy?.clusters) await checkClusters(tx, groupId, body.policy.clusters)
  // What it asks of certificates is judged where that is changed: all else can be, also when an authority's time is over.
  if (body.policy !== undefined) {
    const [before, after] = [parsePolicy(endpoint.policy), parsePolicy({ ...endpoint.policy, ...body.policy })]
    const form = corrected === null ? endpoint.form : null
    if (aboutCertificates.some((field) => !isDeepStrictEqual(before[field], after[field])))
      checkClientCertificates(after, { form, now: parts.clock.now() })
  }
  const columns = {
    ...(corrected !== null && {
      cloud_id: corrected.cloudId,
      request: JSON.stringify(corrected.request),
      phase: 'REQUESTED',
      error_message: null,
      settles_at: settlesAt(await behaviourOf(tx, parts, groupId), parts),
    }),
    ...(body.labels !== undefined && { labels: JSON.stringify(body.labels) }),
    ...(body.description !== undefined && { description: body.description }),
    ...(body.keepService !== undefined && { keep_service: body.keepService }),
    ...(body.limits !== undefined && { limits: JSON.stringify({ ...endpoint.limits, ...body.limits }) }),
    ...(body.policy !== undefined && { policy: JSON.stringify({ ...endpoint.policy, ...body.policy }) }),
  }
  if (Object.keys(columns).length === 0) return { endpoint, service }
  const row = await tx
    .updateTable('private_endpoint')
    .set(({ eb }) => ({ ...columns, revision: eb('revision', '+', 1) }))
    .where('id', '=', endpoint.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  if (corrected !== null) await parts.turns.wake(tx, 'privateEndpoint', endpoint.id)
  if (body.limits !== undefined || body.policy !== undefined) await wakeFeeds(tx, parts)
  const target = {
    endpointId: row.cloud_id,
    endpointServiceId: service.id,
    provider: service.provider,
    ...(row.cloud_id !== endpoint.cloudId && { formerEndpointId: endpoint.cloudId }),
    changed: Object.keys(body).join(','),
  }
  await recordEvent(tx, parts, { type: 'INTERFACE_ENDPOINT_PATCHED', orgId, groupId, ...by, target })
  return { endpoint: parseEndpoint(row), service }
}

/** What the endpoint is to be attached to from now on; null where the body says nothing else than is there. */
const correction = (
  endpoint: EndpointRow,
  body: Correction['body'],
  service: Pick<ServiceRow, 'provider' | 'portMapping'>,
): ParsedRequest | null => {
  const { provider } = service
  const own: readonly string[] = identityFields[provider]
  const given = everyIdentityField.filter((field) => body[field] !== undefined && body[field] !== null)
  const foreign = given.find((field) => !own.includes(field))
  if (foreign !== undefined) {
    const fields = [{ field: foreign, description: `an endpoint of ${provider} has ${own.join(', ')}` }]
    throw new AtlasError('INVALID_ATTRIBUTE', { attribute: foreign }, { fields })
  }
  if (given.length === 0) return null
  const told = toldOf(endpoint.cloudId, endpoint.request)
  const named = Object.fromEntries(given.map((field) => [field, body[field]]))
  const corrected = parseEndpointRequest(provider, { ...told, ...named }, service)
  if (corrected.cloudId === endpoint.cloudId && sameRequest(corrected.request, endpoint.request)) return null
  if (endpoint.phase !== 'REFUSED' || endpoint.deleteRequested) {
    throw new AtlasError('POSTERN_ENDPOINT_NOT_CORRECTABLE', {
      endpointId: endpoint.cloudId,
      status: endpointStatus[provider][endpoint.phase],
      fields: given.join(', '),
      endedAs: endpointStatus[provider].REFUSED,
    })
  }
  return corrected
}

/** Back to the fields that a caller tells. */
const toldOf = (cloudId: string, request: EndpointRequest) => {
  switch (request.provider) {
    case 'AWS':
      return { id: cloudId }
    case 'AZURE':
      return { id: cloudId, privateEndpointIPAddress: request.address }
    case 'GCP':
      return {
        endpointGroupName: cloudId,
        gcpProjectId: request.project,
        endpoints: request.rules.map(({ name, address }) => ({ endpointName: name, ipAddress: address })),
      }
  }
}

const checkFree = async (
  tx: Transaction<Tables>,
  { endpoint, service, corrected }: FoundEndpoint & { readonly corrected: ParsedRequest },
): Promise<void> => {
  const other = await endpointOfService(tx, service, corrected.cloudId)
  if (other === null || other.id === endpoint.id) return
  const facts = { endpointId: corrected.cloudId, endpointServiceId: service.id }
  throw new AtlasError('PRIVATE_ENDPOINT_ALREADY_EXISTS', facts)
}
