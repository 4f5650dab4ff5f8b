// An endpoint is attached: what was told of it is parsed and stored once per service, with its audit event and the
// request for a turn. Creating refuses where it is attached already; ensuring takes that.

import { AtlasError } from '@postern/contract/errors'
import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import type { Asker } from '../endpoint-service/create.ts'
import { groupOf } from '../endpoint-service/group.ts'
import { findService, lockService, type ServiceRow } from '../endpoint-service/row.ts'
import { recordEvent } from '../event/record.ts'
import { checkClientCertificates } from './policy-clients.ts'
import { checkClusters } from './policy-clusters.ts'
import { type ParsedRequest, parseEndpointRequest } from './request.ts'
import { type EndpointRow, endpointOfService, parseEndpoint, parsePolicy } from './row.ts'
import { checkSeveralRegions } from './several-regions.ts'

export interface NewAttachment {
  readonly params: Readonly<Record<string, string>>
  readonly body: BodyOf<'createGroupPrivateEndpointEndpointServiceEndpoint'>
  readonly by: Asker
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly description?: string | undefined
  readonly policy?: BodyOf<'ensureGroupPrivateEndpoint'>['policy']
}

export interface Attached {
  readonly endpoint: EndpointRow
  readonly service: ServiceRow
  readonly asked: ParsedRequest
  /** False: it was attached already, and nothing was changed. */
  readonly made: boolean
}

/** Throws what parseEndpointRequest and findService throw, PRIVATE_ENDPOINT_SERVICE_NOT_AVAILABLE, and checkSeveralRegions. */
export const attachEndpoint = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { params, body, by, labels = {}, description = '', policy }: NewAttachment,
): Promise<Attached> => {
  const { org_id: orgId, id: groupId } = await groupOf(tx, params)
  await lockService(tx, params.endpointServiceId)
  const service = await findService(tx, params)
  const asked = parseEndpointRequest(service.provider, body, service)
  const there = await endpointOfService(tx, service, asked.cloudId)
  if (there !== null) return { endpoint: there, service, asked, made: false }
  if (service.status !== 'AVAILABLE') {
    const { id: endpointServiceId, status } = service
    throw new AtlasError('PRIVATE_ENDPOINT_SERVICE_NOT_AVAILABLE', { endpointServiceId, status })
  }
  await checkSeveralRegions(tx, parts, service)
  if (policy?.clusters) await checkClusters(tx, groupId, policy.clusters)
  if (policy) checkClientCertificates(parsePolicy(policy), { form: null, now: parts.clock.now() })
  const row = await tx
    .insertInto('private_endpoint')
    .values({
      id: parts.ids.objectId(),
      service_id: service.id,
      group_id: groupId,
      provider: service.provider,
      cloud_id: asked.cloudId,
      phase: 'REQUESTED',
      request: JSON.stringify(asked.request),
      link_ids: '[]',
      name_index: null,
      form: null,
      advertised: null,
      gateway_n: null,
      forwarder_n: null,
      error_message: null,
      settles_at: settlesAt(await behaviourOf(tx, parts, groupId), parts),
      labels: JSON.stringify(labels),
      description,
      ...(policy && { policy: JSON.stringify(policy) }),
      created: new Date(parts.clock.now()),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await parts.turns.wake(tx, 'privateEndpoint', row.id)
  const target = { endpointId: asked.cloudId, endpointServiceId: service.id, provider: service.provider }
  await recordEvent(tx, parts, { type: 'INTERFACE_ENDPOINT_CREATED', orgId, groupId, ...by, target })
  return { endpoint: parseEndpoint(row), service, asked, made: true }
}
