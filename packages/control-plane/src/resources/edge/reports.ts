// What the edges have reported, parsed once where it is read.

import { type Feed, feeds } from '@postern/contract/snapshot'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { parseServes, servesGroup } from '../../identity/edge-identity.ts'
import type { Tables } from '../../store/tables.ts'
import type { ReportedFeed } from '../private-endpoint/acknowledged.ts'

const bound = z.array(z.string())
const trusts = z.array(z.string())
const failed = z.array(z.object({ id: z.string(), reason: z.string() }))

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
    .select(['programs', 'org_ids', 'group_ids', 'revoked'])
    .where('feed', 'in', [...which])
    .orderBy('edge_report.edge')
    .orderBy('feed')
    .execute()
  return rows.flatMap((row) => {
    // One that never enrolled serves everything.
    if (group !== null && row.programs !== null && !servesGroup(parseServes(row), group)) return []
    return isFeed(row.feed)
      ? [
          {
            edge: row.edge,
            feed: row.feed,
            epoch: row.epoch,
            n: row.n,
            bound: new Set(bound.parse(row.bound)),
            failed: new Map(failed.parse(row.failed).map(({ id, reason }) => [id, reason])),
            dnsAddress: row.dns_address,
            seen: row.seen.getTime(),
            trusts: trusts.parse(row.trusts),
            version: row.version,
            ...(row.revoked !== null && { revoked: row.revoked.getTime() }),
          },
        ]
      : []
  })
}
