// A service is changed: its accepted endpoint regions, its labels, its description. Whatever is not named stays.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import type { Asker } from './create.ts'
import { groupOf } from './group.ts'
import { parseRemoteRegions } from './regions.ts'
import { parseService, type ServiceRow } from './row.ts'

export interface ServiceChange {
  readonly supportedRemoteRegions?: readonly string[] | null | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly description?: string | undefined
}

interface Wish {
  readonly service: ServiceRow
  readonly change: ServiceChange
  readonly by: Asker
}

/**
 * Throws what parseRemoteRegions throws; also on another provider, and there also for null and for no regions at all
 * (recorded: remote regions are AWS's alone).
 */
export const changeService = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { service, change, by }: Wish,
): Promise<ServiceRow> => {
  const { provider } = service
  const { supportedRemoteRegions, labels, description } = change
  if (supportedRemoteRegions !== undefined && provider !== 'AWS') {
    throw new AtlasError('PROVIDER_UNSUPPORTED', { provider, attribute: 'supportedRemoteRegions' })
  }
  const columns = {
    ...(supportedRemoteRegions !== undefined && {
      supported_remote_regions: JSON.stringify(parseRemoteRegions(provider, service.region, supportedRemoteRegions)),
    }),
    ...(labels !== undefined && { labels: JSON.stringify(labels) }),
    ...(description !== undefined && { description }),
  }
  if (Object.keys(columns).length === 0) return service
  const { org_id: orgId, id: groupId } = await groupOf(tx, { groupId: service.groupId })
  const row = await tx
    .updateTable('endpoint_service')
    .set(({ eb }) => ({ ...columns, revision: eb('revision', '+', 1) }))
    .where('id', '=', service.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const changed = parseService(row)
  const target = {
    endpointServiceId: service.id,
    ...(supportedRemoteRegions !== undefined && {
      supportedRemoteRegions: (changed.supportedRemoteRegions ?? []).join(','),
    }),
    changed: Object.keys(change)
      .filter((field) => change[field as keyof ServiceChange] !== undefined)
      .join(','),
  }
  await recordEvent(tx, parts, { type: 'ENDPOINT_SERVICE_UPDATED', orgId, groupId, ...by, target })
  return changed
}
