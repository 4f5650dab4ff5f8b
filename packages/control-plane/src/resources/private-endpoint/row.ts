// A private_endpoint row, parsed once where it is read, and the way to find one as a path names it.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import { type EndpointPolicy, noPolicy } from '@postern/contract/endpoint-policy'
import { AtlasError } from '@postern/contract/errors'
import { type EndpointPhase, endpointPhases } from '@postern/contract/private-endpoint'
import { type Labels, labels } from '@postern/contract/schemas/labels'
import { endpointLimits, endpointPolicy } from '@postern/contract/schemas/private-endpoint'
import type { EndpointLimits } from '@postern/contract/snapshot'
import type { Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../../store/tables.ts'
import type { ServiceRow } from '../endpoint-service/row.ts'
import { type Advertised, parseAdvertised } from './advertised.ts'
import { type EndpointRequest, endpointRequestSchema } from './request.ts'

export interface EndpointRow {
  readonly id: string
  readonly serviceId: string
  readonly groupId: string
  readonly provider: CloudProvider
  readonly cloudId: string
  readonly phase: EndpointPhase
  readonly request: EndpointRequest
  readonly linkIds: readonly string[]
  readonly nameIndex: number | null
  readonly form: string | null
  readonly advertised: Advertised | null
  readonly wasAvailable: boolean
  readonly gatewayN: number | null
  readonly forwarderN: number | null
  readonly errorMessage: string | null
  readonly deleteRequested: boolean
  /** See fidelity/. */
  readonly settlesAt: Date | null
  readonly labels: Labels
  readonly description: string
  readonly limits: EndpointLimits
  readonly policy: EndpointPolicy
  /** What its deletion said of the service, should it be the last; null: by the setting. */
  readonly keepService: boolean | null
  /** Its deletion waits for no edge that is silent. */
  readonly withoutSilent: boolean
  readonly created: Date
  /** When its deletion was asked for. */
  readonly terminated: Date | null
  readonly revision: number
}

const phase = z.enum(endpointPhases)
const texts = z.array(z.string())

/** Throws on a row that this program never wrote. */
export const parseEndpoint = (row: Selectable<Tables['private_endpoint']>): EndpointRow => {
  if (!isCloudProvider(row.provider)) throw new TypeError(`private_endpoint ${row.id} has provider ${row.provider}`)
  return {
    id: row.id,
    serviceId: row.service_id,
    groupId: row.group_id,
    provider: row.provider,
    cloudId: row.cloud_id,
    phase: phase.parse(row.phase),
    request: endpointRequestSchema.parse(row.request),
    linkIds: texts.parse(row.link_ids),
    nameIndex: row.name_index,
    form: row.form,
    advertised: row.advertised === null ? null : parseAdvertised(row.advertised),
    wasAvailable: row.was_available,
    gatewayN: row.gateway_n,
    forwarderN: row.forwarder_n,
    errorMessage: row.error_message,
    deleteRequested: row.delete_requested,
    settlesAt: row.settles_at,
    labels: labels.parse(row.labels),
    description: row.description,
    limits: parseLimits(row.limits),
    policy: parsePolicy(row.policy),
    keepService: row.keep_service,
    withoutSilent: row.without_silent,
    created: row.created,
    terminated: row.terminated,
    revision: row.revision,
  }
}

/** What was never set is null. */
export const parseLimits = (limits: unknown): EndpointLimits =>
  limits === null ? { connections: null, newPerSecond: null } : endpointLimits.parse(limits)

const keptPolicy = endpointPolicy.partial()

/** What was never set is null. */
export const parsePolicy = (policy: unknown): EndpointPolicy =>
  policy === null ? noPolicy : ({ ...noPolicy, ...keptPolicy.parse(policy) } as EndpointPolicy)

/** Null where no such endpoint is. */
export const loadEndpoint = async (db: Kysely<Tables>, id: string): Promise<EndpointRow | null> => {
  const row = await db.selectFrom('private_endpoint').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : parseEndpoint(row)
}

/** By the cloud's own id; Azure's are compared without case. Null where the service has none of that id. */
export const endpointOfService = async (
  db: Kysely<Tables>,
  { id }: Pick<ServiceRow, 'id'>,
  cloudId: string,
): Promise<EndpointRow | null> => {
  const row = await db
    .selectFrom('private_endpoint')
    .selectAll()
    .where('service_id', '=', id)
    .where(({ fn, eb }) => eb(fn<string>('lower', ['cloud_id']), '=', cloudId.toLowerCase()))
    .executeTakeFirst()
  return row === undefined ? null : parseEndpoint(row)
}

/** As endpointOfService. Throws PRIVATE_ENDPOINT_NOT_FOUND. */
export const findEndpoint = async (db: Kysely<Tables>, service: ServiceRow, cloudId: string): Promise<EndpointRow> => {
  const endpoint = await endpointOfService(db, service, cloudId)
  if (endpoint !== null) return endpoint
  throw new AtlasError('PRIVATE_ENDPOINT_NOT_FOUND', { endpointId: cloudId, endpointServiceId: service.id })
}
