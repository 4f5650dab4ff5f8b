// Standard listeners where endpoints are told: in lists and summaries of connections.

import type { Kysely } from 'kysely'
import { listenerName } from '../../snapshots/gateway.ts'
import type { Tables } from '../../store/tables.ts'

interface Door {
  readonly id: string
  readonly cloud_id: string
  readonly service_id: string
  readonly provider: string
}

/** Of these ids, those that are standard listeners, as an endpoint's row has it. */
export const listenerDoors = async (db: Kysely<Tables>, ids: readonly string[]): Promise<readonly Door[]> => {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('standard_listener')
    .innerJoin('cluster', 'cluster.id', 'standard_listener.cluster_id')
    .leftJoin('member', (join) => join.onRef('member.cluster_id', '=', 'cluster.id').on('member.position', '=', 0))
    .select(['standard_listener.id', 'cluster.name', 'member.provider'])
    .where('standard_listener.id', 'in', ids)
    .execute()
  return rows.map(({ id, name, provider }) => ({
    id,
    cloud_id: listenerName(name),
    service_id: id,
    provider: provider ?? 'AWS',
  }))
}
