// Takes what an edge counted into the store: its counters as they stand, and the minute's point of each endpoint that
// moved, in one transaction, so that a report which is sent again finds either all of it or nothing.

import type { EndpointTraffic, TrafficReport } from '@postern/contract/edge-traffic'
import { trafficKeptMinutes } from '@postern/contract/traffic-period'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type EdgeServes, servesGroup } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { growthOf, type Said } from './growth.ts'

export const minuteMs = 60_000

export const minuteOf = (time: number): number => Math.floor(time / minuteMs) * minuteMs

interface Told {
  readonly edge: string
  /** What it counted of others' endpoints counts for nothing. */
  readonly serves: EdgeServes
  readonly report: TrafficReport
}

export const createTrafficRecorder = ({ store, clock }: Pick<Parts, 'store' | 'clock'>) => {
  let sweptAt = 0

  const sweep = async (minute: number): Promise<void> => {
    sweptAt = minute
    const oldest = new Date(minute - trafficKeptMinutes * minuteMs)
    await store.transact(
      async (tx) => {
        await tx.deleteFrom('traffic_point').where('at', '<', oldest).execute()
        const known = tx.selectFrom('edge_report').select('edge')
        await tx.deleteFrom('edge_run').where('at', '<', oldest).where('edge', 'not in', known).execute()
      },
      { isolation: 'read committed' },
    )
  }

  return async ({ edge, serves, report }: Told): Promise<void> => {
    const now = clock.now()
    const minute = minuteOf(now)
    await store.transact(
      async (tx) => {
        const said = await loadSaid(tx, edge)
        const growth = growthOf(said, report)
        if (growth === null) return
        const { run, n } = report
        const runBefore = growth.newRun ? (said?.run ?? null) : (said?.runBefore ?? null)
        const row = { run, run_before: runBefore, n, at: new Date(now) }
        await tx
          .insertInto('edge_run')
          .values({ edge, ...row })
          .onConflict((conflict) => conflict.column('edge').doUpdateSet(row))
          .execute()
        if (growth.newRun) await tx.deleteFrom('edge_traffic').where('edge', '=', edge).execute()
        const there = await attached(tx, [...growth.grown.map(({ endpointId }) => endpointId), ...growth.cut])
        const isServed = ({ endpointId }: EndpointTraffic): boolean => {
          const group = there.get(endpointId)
          return group !== undefined && servesGroup(serves, group)
        }
        // They ended with the run, and drivers are never quiet for long: the last word of it is when.
        const cutAt = minuteOf(said?.at ?? now)
        await addPoints(tx, { edge, at: cutAt, grown: growth.cut.filter((id) => there.has(id)).map(nothingOpen) })
        await addPoints(tx, { edge, at: minute, grown: growth.grown.filter(isServed) })
        await keepCounters(tx, { edge, endpoints: report.endpoints.filter(isServed) })
      },
      // Whoever is told by the same edge at the same time changes its row of edge_run, too, and one of the two runs again.
      { isolation: 'repeatable read' },
    )
    if (minute !== sweptAt) await sweep(minute)
  }
}

const loadSaid = async (db: Kysely<Tables>, edge: string): Promise<(Said & { readonly at: number }) | null> => {
  const last = await db
    .selectFrom('edge_run')
    .select(['run', 'run_before', 'n', 'at'])
    .where('edge', '=', edge)
    .executeTakeFirst()
  if (last === undefined) return null
  const rows = await db.selectFrom('edge_traffic').selectAll().where('edge', '=', edge).execute()
  const endpoints = new Map(rows.map((row) => [row.endpoint_id, { endpointId: row.endpoint_id, ...countsOf(row) }]))
  return { run: last.run, runBefore: last.run_before, n: last.n, at: last.at.getTime(), endpoints }
}

/** Those of these endpoints and standard listeners that there are, until the transaction ends, and of which group; an edge may still know others. */
const attached = async (
  tx: Transaction<Tables>,
  endpointIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly orgId: string }>> => {
  const named = sql<string>`(select jsonb_array_elements_text(${JSON.stringify(endpointIds)}::jsonb))`
  const endpoints = await tx
    .selectFrom('private_endpoint as door')
    .innerJoin('group', 'group.id', 'door.group_id')
    .select(['door.id as doorId', 'group.id', 'group.org_id as orgId'])
    .where('door.id', 'in', named)
    .forKeyShare('door')
    .execute()
  const listeners = await tx
    .selectFrom('standard_listener as door')
    .innerJoin('cluster', 'cluster.id', 'door.cluster_id')
    .innerJoin('group', 'group.id', 'cluster.group_id')
    .select(['door.id as doorId', 'group.id', 'group.org_id as orgId'])
    .where('door.id', 'in', named)
    .forKeyShare('door')
    .execute()
  return new Map([...endpoints, ...listeners].map(({ doorId, id, orgId }) => [doorId, { id, orgId }]))
}

const nothingOpen = (endpointId: string): EndpointTraffic => ({
  endpointId,
  bytesFromClient: 0,
  bytesFromMember: 0,
  connections: 0,
  newConnections: 0,
  refused: 0,
})

interface Grown {
  readonly edge: string
  /** When the minute begins. */
  readonly at: number
  readonly grown: readonly EndpointTraffic[]
}

const addPoints = async (tx: Transaction<Tables>, { edge, at, grown }: Grown): Promise<void> => {
  if (grown.length === 0) return
  const values = grown.map((endpoint) => ({ edge, at: new Date(at), ...columnsOf(endpoint) }))
  await tx
    .insertInto('traffic_point')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['endpoint_id', 'edge', 'at']).doUpdateSet(({ ref }) => ({
        bytes_from_client: sql`${ref('traffic_point.bytes_from_client')} + ${ref('excluded.bytes_from_client')}`,
        bytes_from_member: sql`${ref('traffic_point.bytes_from_member')} + ${ref('excluded.bytes_from_member')}`,
        new_connections: sql`${ref('traffic_point.new_connections')} + ${ref('excluded.new_connections')}`,
        refused: sql`${ref('traffic_point.refused')} + ${ref('excluded.refused')}`,
        connections: ref('excluded.connections'),
      })),
    )
    .execute()
}

const keepCounters = async (
  tx: Transaction<Tables>,
  { edge, endpoints }: { readonly edge: string; readonly endpoints: readonly EndpointTraffic[] },
): Promise<void> => {
  if (endpoints.length === 0) return
  await tx
    .insertInto('edge_traffic')
    .values(endpoints.map((endpoint) => ({ edge, ...columnsOf(endpoint) })))
    .onConflict((conflict) =>
      conflict.columns(['edge', 'endpoint_id']).doUpdateSet(({ ref }) => ({
        bytes_from_client: ref('excluded.bytes_from_client'),
        bytes_from_member: ref('excluded.bytes_from_member'),
        connections: ref('excluded.connections'),
        new_connections: ref('excluded.new_connections'),
        refused: ref('excluded.refused'),
      })),
    )
    .execute()
}

const columnsOf = (endpoint: EndpointTraffic) => ({
  endpoint_id: endpoint.endpointId,
  bytes_from_client: endpoint.bytesFromClient,
  bytes_from_member: endpoint.bytesFromMember,
  connections: endpoint.connections,
  new_connections: endpoint.newConnections,
  refused: endpoint.refused,
})

export const countsOf = (
  row: Pick<
    Tables['traffic_point'],
    'bytes_from_client' | 'bytes_from_member' | 'connections' | 'new_connections' | 'refused'
  >,
) => ({
  bytesFromClient: row.bytes_from_client,
  bytesFromMember: row.bytes_from_member,
  connections: row.connections,
  newConnections: row.new_connections,
  refused: row.refused,
})
