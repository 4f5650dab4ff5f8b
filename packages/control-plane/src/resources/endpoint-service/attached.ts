// What is attached to services, as far as showing a service needs it.

import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { Tables } from '../../store/tables.ts'

/** `services` may be a subquery, of more than a statement takes parameters. Cloud ids of what is attached, by service, oldest first; a service without any is not in the answer. */
export const attachedIds = async (
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
