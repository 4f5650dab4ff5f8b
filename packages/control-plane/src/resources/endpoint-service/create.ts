// A service is wished for: what was asked for is parsed, and stored once per (group, provider, region, form) with its
// audit event and the request for a turn. Creating refuses where there is one; ensuring takes that.

import type { CloudProvider } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Kysely, Transaction } from 'kysely'
import { behaviourOf, settlesAt } from '../../fidelity/fidelity-of.ts'
import type { Actor } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { checkServiceRoom } from '../cluster/room.ts'
import { recordEvent } from '../event/record.ts'
import { ensureContainer } from '../network-container/ensure.ts'
import { groupOf } from './group.ts'
import { parseRegion, parseRemoteRegions } from './regions.ts'
import { parseService, type ServiceRow } from './row.ts'

/** Who asks, and from where. */
export interface Asker {
  readonly actor: Pick<Actor, 'kind' | 'id' | 'name'> | null
  readonly sourceAddress: string
}

export interface AskedService {
  readonly provider: CloudProvider
  readonly region: string
  readonly portMapping: boolean
  readonly remoteRegions: readonly string[] | null
}

/** Throws INVALID_ATTRIBUTE, PROVIDER_UNSUPPORTED, CROSS_REGION_PRIVATE_LINK_SELF_REGION. */
export const askedService = (body: BodyOf<'createGroupPrivateEndpointEndpointService'>): AskedService => {
  const provider = body.providerName
  const region = parseRegion(provider, body.region)
  const remoteRegions = parseRemoteRegions(provider, region, body.supportedRemoteRegions ?? null)
  if (body.portMappingEnabled && provider !== 'GCP') {
    throw new AtlasError('PROVIDER_UNSUPPORTED', { provider, attribute: 'portMappingEnabled' })
  }
  return { provider, region, portMapping: body.portMappingEnabled, remoteRegions }
}

export interface NewService {
  readonly params: Readonly<Record<string, string>>
  readonly asked: AskedService
  readonly by: Asker
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly description?: string | undefined
}

/**
 * The service that was made, or, with `made` false and nothing changed, the one that has the place. Throws
 * GROUP_NOT_FOUND, and CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK where the group has more members than it may address.
 */
export const makeService = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { params, asked, by, labels = {}, description = '' }: NewService,
): Promise<{ readonly service: ServiceRow; readonly made: boolean }> => {
  const { org_id: orgId, id: groupId } = await groupOf(tx, params)
  const { provider, region, portMapping } = asked
  const row = await tx
    .insertInto('endpoint_service')
    .values({
      id: parts.ids.objectId(),
      group_id: groupId,
      provider,
      region,
      port_mapping: portMapping,
      status: 'INITIATING',
      names: 'null',
      supported_remote_regions: JSON.stringify(asked.remoteRegions),
      error_message: null,
      settles_at: settlesAt(await behaviourOf(tx, parts, groupId), parts),
      labels: JSON.stringify(labels),
      description,
      created: new Date(parts.clock.now()),
    })
    .onConflict((conflict) => conflict.constraint('endpoint_service_region_once').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) {
    const there = await serviceAt(tx, { groupId, ...asked })
    // The one that was in the way went at this very moment: now the place is free.
    return there === null
      ? makeService(tx, parts, { params, asked, by, labels, description })
      : { service: there, made: false }
  }
  await checkServiceRoom(tx, groupId, { provider, region, port_mapping: portMapping })
  await ensureContainer(tx, parts, { groupId, provider, region })
  await parts.turns.wake(tx, 'endpointService', row.id)
  const target = { endpointServiceId: row.id, provider, region }
  await recordEvent(tx, parts, { type: 'ENDPOINT_SERVICE_CREATED', orgId, groupId, ...by, target })
  return { service: parseService(row), made: true }
}

/** Which service has this place; null where none has. */
export const serviceAt = async (
  db: Kysely<Tables>,
  {
    groupId,
    provider,
    region,
    portMapping,
  }: Pick<AskedService, 'provider' | 'region' | 'portMapping'> & { readonly groupId: string },
): Promise<ServiceRow | null> => {
  const row = await db
    .selectFrom('endpoint_service')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('provider', '=', provider)
    .where('region', '=', region)
    .where('port_mapping', '=', portMapping)
    .executeTakeFirst()
  return row === undefined ? null : parseService(row)
}
