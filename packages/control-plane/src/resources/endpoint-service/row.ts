// An endpoint_service row, parsed once where it is read, and the way to find one as a path names it.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import { type EndpointServiceStatus, endpointServiceStatuses } from '@postern/contract/endpoint-service'
import { AtlasError } from '@postern/contract/errors'
import { isObjectId } from '@postern/contract/ids'
import { type Labels, labels } from '@postern/contract/schemas/labels'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { type ServiceNames, type ServiceWish, serviceNamesSchema, targetsOf } from '../../providers/provider.ts'
import type { Tables } from '../../store/tables.ts'

/** What callers are shown of a service, besides what is attached. */
export interface ShownService {
  readonly id: string
  readonly provider: CloudProvider
  /** Atlas's spelling. */
  readonly region: string
  readonly portMapping: boolean
  readonly status: EndpointServiceStatus
  /** Null until the cloud made it. */
  readonly names: ServiceNames | null
  readonly supportedRemoteRegions: readonly string[] | null
  readonly errorMessage: string | null
}

export interface ServiceRow extends ShownService {
  readonly groupId: string
  readonly deleteRequested: boolean
  /** See fidelity/. */
  readonly settlesAt: Date | null
  readonly labels: Labels
  readonly description: string
  readonly created: Date
  /** When its deletion was asked for. */
  readonly terminated: Date | null
  readonly revision: number
}

const status = z.enum(endpointServiceStatuses)
// Made once: making a schema costs more than using it.
const namesOrNull = serviceNamesSchema.nullable()
const remoteRegions = z.array(z.string()).nullable()

type Row = Selectable<Tables['endpoint_service']>

export const shownColumns = [
  'id',
  'provider',
  'region',
  'port_mapping',
  'status',
  'names',
  'supported_remote_regions',
  'error_message',
] as const

/** Throws on a row that this program never wrote. */
export const parseShown = (row: Pick<Row, (typeof shownColumns)[number]>): ShownService => {
  if (!isCloudProvider(row.provider)) throw new TypeError(`endpoint_service ${row.id} has provider ${row.provider}`)
  return {
    id: row.id,
    provider: row.provider,
    region: row.region,
    portMapping: row.port_mapping,
    status: status.parse(row.status),
    names: namesOrNull.parse(row.names),
    supportedRemoteRegions: remoteRegions.parse(row.supported_remote_regions),
    errorMessage: row.error_message,
  }
}

/** The same of a whole row. */
export const parseService = (row: Row): ServiceRow => ({
  ...parseShown(row),
  groupId: row.group_id,
  deleteRequested: row.delete_requested,
  settlesAt: row.settles_at,
  labels: labels.parse(row.labels),
  description: row.description,
  created: row.created,
  terminated: row.terminated,
  revision: row.revision,
})

/** Null where no such service is. */
export const loadService = async (db: Kysely<Tables>, id: string): Promise<ServiceRow | null> => {
  const row = await db.selectFrom('endpoint_service').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : parseService(row)
}

/** Holds a service's row until the transaction ends: attaching and deleting must not pass each other. */
export const lockService = async (tx: Transaction<Tables>, id: string | undefined): Promise<void> => {
  await tx
    .selectFrom('endpoint_service')
    .select('id')
    .where('id', '=', id ?? '')
    .forUpdate()
    .execute()
}

/** The provider of a path. Throws PATH_PARAM_PARSE_ERROR. */
export const parseProvider = (text: string | undefined): CloudProvider => {
  if (text === undefined || !isCloudProvider(text)) {
    throw new AtlasError('PATH_PARAM_PARSE_ERROR', { parameter: 'cloudProvider', value: text ?? '' })
  }
  return text
}

/**
 * The service that a path names. Throws PATH_PARAM_PARSE_ERROR for what is no id or no provider, and
 * PRIVATE_ENDPOINT_SERVICE_NOT_FOUND (the Kubernetes operator knows absence by this code alone) also where the service
 * is another group's or another provider's.
 */
export const findService = async (
  db: Kysely<Tables>,
  params: Readonly<Record<string, string>>,
): Promise<ServiceRow> => {
  const provider = parseProvider(params.cloudProvider)
  const service = await findServiceOfGroup(db, params, provider)
  if (service.provider !== provider) throw serviceNotFound(params, provider)
  return service
}

/** As findService, for a path that names no provider. */
export const findServiceOfGroup = async (
  db: Kysely<Tables>,
  params: Readonly<Record<string, string>>,
  provider: CloudProvider,
): Promise<ServiceRow> => {
  const service = await loadService(db, parseServiceId(params.endpointServiceId))
  if (service === null || service.groupId !== params.groupId) throw serviceNotFound(params, provider)
  return service
}

/** Throws PATH_PARAM_PARSE_ERROR. */
export const parseServiceId = (id = ''): string => {
  if (!isObjectId(id)) throw new AtlasError('PATH_PARAM_PARSE_ERROR', { parameter: 'endpointServiceId', value: id })
  return id
}

export const serviceNotFound = (params: Readonly<Record<string, string>>, provider: CloudProvider): AtlasError =>
  new AtlasError('PRIVATE_ENDPOINT_SERVICE_NOT_FOUND', {
    endpointServiceId: params.endpointServiceId ?? '',
    provider,
    groupId: params.groupId ?? '',
  })

/** What the cloud is asked for. `limit`: how many attachments a new service without port mapping gets. */
export const serviceWish = (service: ServiceRow, limit: number): ServiceWish => ({
  serviceId: service.id,
  groupId: service.groupId,
  provider: service.provider,
  region: service.region,
  attachments:
    service.names !== null
      ? targetsOf(service.names).length
      : service.provider === 'GCP' && !service.portMapping
        ? limit
        : 1,
})
