// What the edges report of some listeners, or of a number: found by the store, so that a turn of one endpoint does not read
// what a hundred gateways say of ten thousand.

import { type Kysely, sql } from 'kysely'
import { isServing } from '../../identity/edge-identity.ts'
import type { Tables } from '../../store/tables.ts'
import type { ReportedFeed } from '../private-endpoint/acknowledged.ts'
import { parseBound, parseFailed } from './reports.ts'

interface Group {
  readonly id: string
  readonly orgId: string
}

interface Row {
  readonly edge: string
  readonly feed: 'gateway' | 'forwarder'
  readonly epoch: string
  readonly n: number
  readonly seen: Date
  readonly revoked: Date | null
}

/**
 * The last reports of gateways and forwarders that serve the group, in order of edge and feed; of what they listen on and
 * cannot serve only what is among `listeners`.
 */
export const reportsAbout = async (
  db: Kysely<Tables>,
  group: Group,
  listeners: readonly string[],
): Promise<readonly ReportedFeed[]> => {
  const { rows } = await queryAbout(group, listeners).execute(db)
  return rows.map((row) => ({ ...fromRow(row), bound: parseBound(row.bound), failed: parseFailed(row.failed) }))
}

/** Lists that several report are looked into once: "materialized", else the planner does it for each report. */
export const queryAbout = (group: Group, listeners: readonly string[]) => {
  const asked = sql`${JSON.stringify(listeners)}::jsonb`
  return sql<Row & { readonly bound: unknown; readonly failed: unknown }>`
    with report as (
      select edge_report.edge, feed, epoch, n, seen, revoked, lists_hash, bound, failed
      from edge_report left join edge_identity on edge_identity.edge = edge_report.edge
      where feed in ('gateway', 'forwarder') and ${isServing(group)}
    ),
    distinct_lists as (select distinct on (lists_hash) lists_hash, bound, failed from report order by lists_hash),
    found as materialized (
      select lists_hash,
        (select coalesce(jsonb_agg(id), '[]') from jsonb_array_elements_text(bound) id where ${asked} ? id) as bound,
        (select coalesce(jsonb_agg(each), '[]') from jsonb_array_elements(failed) each where ${asked} ? (each ->> 'id')) as failed
      from distinct_lists
    )
    select edge, feed, epoch, n, seen, revoked, found.bound, found.failed
    from report join found on found.lists_hash = report.lists_hash
    order by edge, feed
  `
}

/** Those that stand, serve the group and do not hold the number of their feed yet, in the same order, without lists. */
export const lateReports = async (
  db: Kysely<Tables>,
  group: Group,
  { epoch, numbers }: { readonly epoch: string; readonly numbers: Readonly<Record<Row['feed'], number | null>> },
): Promise<readonly ReportedFeed[]> => {
  const late = (feed: Row['feed']) =>
    sql<boolean>`(feed = ${feed} and (epoch <> ${epoch} or n < ${numbers[feed]}::integer))`
  const { rows } = await sql<Row>`
    select edge_report.edge, feed, epoch, n, seen, revoked
    from edge_report left join edge_identity on edge_identity.edge = edge_report.edge
    where revoked is null and (${late('gateway')} or ${late('forwarder')}) and ${isServing(group)}
    order by edge_report.edge, feed
  `.execute(db)
  return rows.map((row) => ({ ...fromRow(row), bound: new Set(), failed: new Map() }))
}

const fromRow = ({ edge, feed, epoch, n, seen, revoked }: Row) => ({
  edge,
  feed,
  epoch,
  n,
  seen: seen.getTime(),
  ...(revoked !== null && { revoked: revoked.getTime() }),
})
