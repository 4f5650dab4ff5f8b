// What the edges have reported, parsed once where it is read.

import { type Feed, feeds } from '@postern/contract/snapshot'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { isServing } from '../../identity/edge-identity.ts'
import type { Tables } from '../../store/tables.ts'
import type { ReportedFeed } from '../private-endpoint/acknowledged.ts'

const texts = z.array(z.string())
const failed = z.array(z.object({ id: z.string(), reason: z.string() }))

export const parseBound = (value: unknown): ReadonlySet<string> => new Set(texts.parse(value))

/** Reasons by listener. */
export const parseFailed = (value: unknown): ReadonlyMap<string, string> =>
  new Map(failed.parse(value).map(({ id, reason }) => [id, reason]))

export const isFeed = (text: string): text is Feed => (feeds as readonly string[]).includes(text)

/** A row is there from an edge's first question on, before it has reported anything. */
export const hasReported = ({ epoch }: Pick<ReportedFeed, 'epoch'>): boolean => epoch !== ''

/** Every edge's last report of these feeds, in order of edge and feed; of edges that serve `group`, where one is named. */
export const loadReports = async (
  db: Kysely<Tables>,
  which: readonly Feed[] = feeds,
  group: { readonly id: string; readonly orgId: string } | null = null,
): Promise<readonly ReportedFeed[]> => {
  const rows = await db
    .selectFrom('edge_report')
    .leftJoin('edge_identity', 'edge_identity.edge', 'edge_report.edge')
    .selectAll('edge_report')
    .select('revoked')
    .where('feed', 'in', [...which])
    .$if(group !== null, (query) => query.where(isServing(group ?? { id: '', orgId: '' })))
    .orderBy('edge_report.edge')
    .orderBy('feed')
    .execute()
  return rows.flatMap((row) => {
    return isFeed(row.feed)
      ? [
          {
            edge: row.edge,
            feed: row.feed,
            epoch: row.epoch,
            n: row.n,
            bound: parseBound(row.bound),
            failed: parseFailed(row.failed),
            dnsAddress: row.dns_address,
            seen: row.seen.getTime(),
            trusts: texts.parse(row.trusts),
            version: row.version,
            ...(row.revoked !== null && { revoked: row.revoked.getTime() }),
          },
        ]
      : []
  })
}
