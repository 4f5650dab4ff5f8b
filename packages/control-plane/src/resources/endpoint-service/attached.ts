// What is attached to services, as far as showing a service needs it.

import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { Tables } from '../../store/tables.ts'

/**
 * Cloud ids of what is attached, by service, oldest first; a service without any is not in the answer. `services` may be
 * a subquery: there may be more of them than a statement takes parameters.
 */
export const attachedIds = async (
  db: Kysely<Tables>,
  services: readonly string[] | SelectQueryBuilder<Tables, 'endpoint_service', { id: string }>,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const byService = new Map<string, string[]>()
  // An empty list is no SQL.
  if ('length' in services && services.length === 0) return byService
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
