// Endpoint services as callers are shown them, with what is attached to each, in one statement that reads only what is
// shown: a project may list ten thousand.

import type { CloudProvider } from '@postern/contract/cloud'
import type { EndpointServiceView } from '@postern/contract/schemas/endpoint-service'
import { type Kysely, sql } from 'kysely'
import { rowsAsOne } from '../../store/rows-as-one.ts'
import type { Tables } from '../../store/tables.ts'
import { parseShown, shownColumns } from './row.ts'
import { serviceView } from './view.ts'

export interface ShownWhere {
  readonly groupId: string
  readonly provider: CloudProvider
  /** This one alone. */
  readonly id?: string
}

/** Oldest first. */
export const shownServices = async (
  db: Kysely<Tables>,
  { groupId, provider, id }: ShownWhere,
): Promise<EndpointServiceView[]> => {
  const services = db
    .selectFrom('endpoint_service as service')
    .leftJoin(
      (attached) =>
        attached
          .selectFrom('private_endpoint')
          .select(['service_id', sql<readonly string[]>`array_agg(cloud_id order by created, id)`.as('endpoints')])
          .where('group_id', '=', groupId)
          .where('provider', '=', provider)
          .$if(id !== undefined, (one) => one.where('service_id', '=', id ?? ''))
          .groupBy('service_id')
          .as('attached'),
      (join) => join.onRef('attached.service_id', '=', 'service.id'),
    )
    .select([...shownColumns, 'endpoints'])
    .where('service.group_id', '=', groupId)
    .where('service.provider', '=', provider)
    .$if(id !== undefined, (one) => one.where('service.id', '=', id ?? ''))
    .orderBy('created')
    .orderBy('id')
  const rows = await rowsAsOne(db, services)
  return rows.map((row) => serviceView(parseShown(row), row.endpoints ?? []))
}
