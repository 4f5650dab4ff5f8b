// Reading events in the order in which they became visible, without a gap. Each carries the number of its transaction.
// Transactions end in another order than they were numbered, but the oldest that still runs is known: everything below
// that number, the horizon, is settled, and nothing can come below it any more. So a reader who has seen everything up
// to one horizon goes on from there to the next. A transaction that runs long holds the horizon, and so the readers,
// back: that is the price of never telling anything twice or not at all.

import { AtlasError } from '@postern/contract/errors'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import { at, type Filter, fits, type Place } from './filter.ts'
import type { EventRow } from './view.ts'

/** Digits of an xid8; compared by the database. */
export type Horizon = string

/** After this event; `n` 0 is before the first of its transaction. */
export interface Cursor {
  readonly tx: Horizon
  readonly n: number
}

/** Everything below is settled. */
export const horizonOf = async (read: Kysely<Tables>): Promise<Horizon> => {
  const { rows } = await sql<{ horizon: Horizon }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as horizon
  `.execute(read)
  return rows[0]?.horizon ?? '0'
}

/** Where a reader goes on who has read this event. Throws EVENT_NOT_FOUND where the place has none of this id. */
export const cursorAfter = async (read: Kysely<Tables>, place: Place, eventId: string): Promise<Cursor> => {
  const row = await read
    .selectFrom('event')
    .select(['tx', 'n'])
    .where((where) => where.and([at(where, place), where('id', '=', eventId)]))
    .executeTakeFirst()
  if (row === undefined) throw new AtlasError('EVENT_NOT_FOUND', { eventId })
  return row
}

/** By how many events clocks of control planes may be apart before a reader is told one twice. */
const newest = 1000

/**
 * The last event of the place that a reader who begins at `horizon` need not see; null where there is none. Last as
 * `eventsAfter` goes on, which is not as times say: one of the newest by time, so that an index finds it.
 */
export const lastBefore = async (read: Kysely<Tables>, place: Place, horizon: Horizon): Promise<string | null> => {
  const row = await read
    .selectFrom((from) =>
      from
        .selectFrom('event')
        .select(['id', 'tx', 'n'])
        .where((where) => where.and([at(where, place), below(horizon)]))
        .orderBy('created', 'desc')
        .orderBy('id', 'desc')
        .limit(newest)
        .as('newest'),
    )
    .select('id')
    .orderBy('tx', 'desc')
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Settled events after `cursor`, oldest first, at most `limit`. */
export const eventsAfter = (
  read: Kysely<Tables>,
  {
    place,
    filter,
    cursor,
    horizon,
    limit,
  }: {
    readonly place: Place
    readonly filter: Filter
    readonly cursor: Cursor
    readonly horizon: Horizon
    readonly limit: number
  },
): Promise<EventRow[]> =>
  read
    .selectFrom('event')
    .selectAll()
    .where((where) =>
      where.and([
        at(where, place),
        ...fits(where, filter),
        sql<boolean>`(tx, n) > (${cursor.tx}::xid8, ${cursor.n}::bigint)`,
        below(horizon),
      ]),
    )
    .orderBy('tx')
    .orderBy('n')
    .limit(limit)
    .execute()

/** What changed in the group from one horizon up to another; each thing once. */
export const changesBetween = (
  read: Kysely<Tables>,
  groupId: string,
  { from, to }: { readonly from: Horizon; readonly to: Horizon },
) =>
  read
    .selectFrom('resource_change')
    .select(['group_id', 'kind', 'parent', 'id'])
    .where('group_id', '=', groupId)
    .where(sql<boolean>`tx >= ${from}::xid8`)
    .where(below(to))
    .orderBy('tx')
    .execute()

/** The groups and organizations that something settled in between. */
export const placesBetween = async (
  read: Kysely<Tables>,
  { from, to }: { readonly from: Horizon; readonly to: Horizon },
): Promise<ReadonlySet<string>> => {
  const { rows } = await sql<{ place: string }>`
    select group_id as place from event where tx >= ${from}::xid8 and tx < ${to}::xid8 and group_id is not null
    union select org_id from event where tx >= ${from}::xid8 and tx < ${to}::xid8
    union select group_id from resource_change where tx >= ${from}::xid8 and tx < ${to}::xid8
  `.execute(read)
  return new Set(rows.map(({ place }) => place))
}

const below = (horizon: Horizon) => sql<boolean>`tx < ${horizon}::xid8`
