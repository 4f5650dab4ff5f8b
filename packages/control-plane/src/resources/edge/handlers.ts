// The edge's door: snapshots by long poll, reports of what it took over and counted, and the list of edges for people. What
// an edge last reported is what endpoints wait for, so a report wakes them.

import { AtlasError } from '@postern/contract/errors'
import { type EdgeReport, type Feed, snapshotSchemasHeader } from '@postern/contract/snapshot'
import { snapshotChangesForm, snapshotChangesHeader } from '@postern/contract/snapshot-change'
import { sql } from 'kysely'
import type { Handlers, Reply } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { commonSchema, parseSchemas, writableSchemas, writtenIn } from '../../snapshots/schema.ts'
import { isSilent, type ReportedFeed } from '../private-endpoint/acknowledged.ts'
import { createTrafficRecorder } from '../traffic/record.ts'
import { parseEdge } from './edge-name.ts'
import type { EdgeNews } from './news.ts'
import { isFeed, loadReports } from './reports.ts'
import { createWholes, type KeptWhole, type NewerWhole } from './wholes.ts'

/** How long a poll waits for something newer. */
const pollMs = 25_000
/** How often it looks into the store meanwhile: another control plane may have published. */
const lookMs = 1_000

export const edgeHandlers = (
  parts: Parts,
  news: EdgeNews,
  newerThan: NewerWhole = createWholes(parts),
): Handlers<'getEdgeSnapshot' | 'createEdgeReport' | 'listEdges' | 'deleteEdge'> => {
  const recordTraffic = createTrafficRecorder(parts)
  const touch = createTouch(parts)
  return {
    getEdgeSnapshot: async ({ params, query, headers, signal }) => {
      const feed = parseFeed(params)
      const edge = parseEdge(params)
      const reads = parseSchemas(headers.get(snapshotSchemasHeader))
      const takesChanges = headers.get(snapshotChangesHeader) === snapshotChangesForm
      await touch(edge, feed)
      const until = parts.clock.now() + pollMs
      for (;;) {
        const found = await newerThan(feed, query)
        const changes = takesChanges ? await found?.changes() : null
        if (changes && reads.includes(changes.schema)) return { json: changes.text }
        const whole = await found?.whole()
        if (whole) return inCommonSchema(parts, whole, { edge, feed, reads })
        const left = until - parts.clock.now()
        if (left <= 0 || signal.aborted) return { status: 204 }
        await news.next(feed, Math.min(left, lookMs), signal)
      }
    },

    createEdgeReport: async ({ params, body }) => {
      const feed = parseFeed(params)
      const edge = parseEdge(params)
      const report = {
        epoch: body.epoch,
        n: body.n,
        bound: JSON.stringify(body.bound),
        failed: JSON.stringify(body.failed),
        dns_address: feed === 'dns' ? (body.dnsAddress ?? null) : null,
        seen: new Date(parts.clock.now()),
      }
      const said = (await loadReports(parts.store.read, [feed])).find((report) => report.edge === edge)
      await parts.store.transact(async (tx) => {
        await tx
          .insertInto('edge_report')
          .values({ edge, feed, ...report })
          .onConflict((conflict) => conflict.columns(['edge', 'feed']).doUpdateSet(report))
          .execute()
        // Edges repeat their report as a sign of life; only what is new can be what an endpoint waits for.
        if (feed !== 'dns' && (said === undefined || saysOther(said, body))) await wakeWaiting(tx, parts)
        await wakeServed(tx, parts, { feed, listeners: changedFailures(said, body) })
      })
      const { traffic } = body
      if (traffic !== undefined) await recordTraffic({ edge, report: traffic })
      return {}
    },

    listEdges: async () => {
      const now = parts.clock.now()
      const reports = await loadReports(parts.store.read)
      const edges = [...new Set(reports.map(({ edge }) => edge))]
      const results = edges.map((edge) => {
        const own = reports.filter((report) => report.edge === edge)
        const seen = Math.max(...own.map((report) => report.seen))
        return {
          edge,
          state: isSilent({ seen }, now) ? ('SILENT' as const) : ('LIVE' as const),
          seen: new Date(seen).toISOString(),
          dnsAddress: own.find(({ feed }) => feed === 'dns')?.dnsAddress ?? null,
          feeds: own.map((report) => ({
            feed: report.feed,
            epoch: report.epoch,
            n: report.n,
            bound: report.bound.size,
            failed: [...report.failed].map(([id, reason]) => ({ id, reason })),
            seen: new Date(report.seen).toISOString(),
          })),
        }
      })
      return { body: { results, totalCount: results.length } }
    },

    deleteEdge: async ({ params }) => {
      const edge = parseEdge(params)
      await parts.store.transact(async (tx) => {
        const gone = await tx.deleteFrom('edge_report').where('edge', '=', edge).executeTakeFirst()
        if (gone.numDeletedRows === 0n) throw new AtlasError('POSTERN_EDGE_NOT_FOUND', { edge })
        await wakeWaiting(tx, parts)
      })
      return {}
    },
  }
}

const saysOther = (said: ReportedFeed, report: EdgeReport): boolean =>
  said.epoch !== report.epoch ||
  said.n !== report.n ||
  said.bound.size !== report.bound.length ||
  report.bound.some((id) => !said.bound.has(id)) ||
  said.failed.size !== report.failed.length ||
  report.failed.some(({ id, reason }) => said.failed.get(id) !== reason)

/** Listeners that could be served and cannot now, the other way round, or not for another reason than before. */
const changedFailures = (said: ReportedFeed | undefined, { failed }: EdgeReport): readonly string[] => {
  const before = said?.failed ?? new Map<string, string>()
  const now = new Map(failed.map(({ id, reason }) => [id, reason]))
  return [...new Set([...before.keys(), ...now.keys()])].filter((id) => before.get(id) !== now.get(id))
}

const parseFeed = ({ feed = '' }: Readonly<Record<string, string>>): Feed => {
  if (!isFeed(feed)) throw new AtlasError('PATH_PARAM_PARSE_ERROR', { parameter: 'feed', value: feed })
  return feed
}

/** One that polls this soon again has been written down already: a hundred edges ask anew after each change. */
const touchAgainMs = 2_500

/** An edge that polls is alive, also when nothing changes. */
const createTouch = ({ store, clock }: Parts): ((edge: string, feed: Feed) => Promise<void>) => {
  const touched = new Map<string, number>()
  return async (edge, feed) => {
    const now = clock.now()
    const last = touched.get(`${edge} ${feed}`)
    if (last !== undefined && now >= last && now - last < touchAgainMs) return
    const written = await store.transact((tx) =>
      tx
        .updateTable('edge_report')
        .set({ seen: new Date(now) })
        .where('edge', '=', edge)
        .where('feed', '=', feed)
        .executeTakeFirst(),
    )
    // One that has not reported yet has no row, and whoever asks by a wrong name leaves nothing behind.
    if (written.numUpdatedRows > 0n) touched.set(`${edge} ${feed}`, now)
  }
}

/** Throws POSTERN_SNAPSHOT_SCHEMA_UNKNOWN, which the log says too: somebody has to upgrade something. */
const inCommonSchema = (
  { log }: Parts,
  whole: KeptWhole,
  { edge, feed, reads }: { readonly edge: string; readonly feed: Feed; readonly reads: readonly number[] },
): Reply<'getEdgeSnapshot'> => {
  const writes = writableSchemas(whole.schema)
  const schema = commonSchema(reads, writes)
  if (schema === whole.schema) return { json: whole.text }
  if (schema !== null) return { body: writtenIn(schema, JSON.parse(whole.text), { feed }) }
  const older = Math.max(...reads) < Math.max(...writes) ? 'the edge' : 'the control plane'
  const facts = { edge, reads: reads.join(', '), writes: writes.join(', '), older }
  const refusal = new AtlasError('POSTERN_SNAPSHOT_SCHEMA_UNKNOWN', facts)
  log.warn({ feed, ...facts }, refusal.message)
  throw refusal
}

/** Endpoints that wait for an edge to take them over or to let go of them. */
const wakeWaiting = async (tx: Parameters<Parts['turns']['wake']>[0], parts: Parts): Promise<void> => {
  const waiting = await tx
    .selectFrom('private_endpoint')
    .select('id')
    .where('phase', 'in', ['ACCEPTED', 'DELETING'])
    .execute()
  for (const { id } of waiting) await parts.turns.wake(tx, 'privateEndpoint', id)
}

/** Endpoints that are AVAILABLE and stand behind these listeners: whether they are served is told in errorMessage. */
const wakeServed = async (
  tx: Parameters<Parts['turns']['wake']>[0],
  parts: Parts,
  { feed, listeners }: { readonly feed: Feed; readonly listeners: readonly string[] },
): Promise<void> => {
  if (feed === 'dns' || listeners.length === 0) return
  const names = feed === 'gateway' ? listeners : listeners.map((id) => id.slice(0, id.lastIndexOf(':')))
  const named = sql<string>`(select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb))`
  const behind =
    feed === 'gateway'
      ? sql<boolean>`id in ${named} or service_id in
          (select service_id from member_port where gateway_port::text in ${named})`
      : sql<boolean>`exists (select from jsonb_array_elements_text(link_ids) link where link in ${named})`
  const served = await tx
    .selectFrom('private_endpoint')
    .select('id')
    .where('phase', '=', 'AVAILABLE')
    .where(behind)
    .execute()
  for (const { id } of served) await parts.turns.wake(tx, 'privateEndpoint', id)
}
