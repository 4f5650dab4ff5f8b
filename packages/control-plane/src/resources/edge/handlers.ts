// The edge's door: snapshots by long poll, reports of what it took over and counted, and the list of edges for people. What
// an edge last reported is what endpoints wait for, so a report wakes them.

import { AtlasError } from '@postern/contract/errors'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { type Feed, reportListsHeader, snapshotSchemasHeader } from '@postern/contract/snapshot'
import { snapshotChangesForm, snapshotChangesHeader } from '@postern/contract/snapshot-change'
import { version, versionStanding } from '@postern/contract/version'
import { actorOf } from '../../http/actor-of.ts'
import type { Actor, Handlers, Reply } from '../../http/handler.ts'
import { type EdgeIdentity, loadEdgeIdentities } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import { commonSchema, parseSchemas, writableSchemas, writtenIn } from '../../snapshots/schema.ts'
import type { Sight } from '../group/list.ts'
import { seenGroups, sightOf } from '../group/sight.ts'
import { isSilent, type ReportedFeed } from '../private-endpoint/acknowledged.ts'
import { createTrafficRecorder } from '../traffic/record.ts'
import { createCuts } from './cuts.ts'
import { parseEdge } from './edge-name.ts'
import type { EdgeNews } from './news.ts'
import { hasReported, isFeed, loadReports } from './reports.ts'
import { edgeSight } from './sight.ts'
import { servesAll, standingOf } from './standing.ts'
import { takeReport } from './take-report.ts'
import { createWholes, type KeptWhole, type NewerWhole } from './wholes.ts'

type ListedEdge = ReplyOf<'listEdges'>['results'][number]

/** How long a poll waits for something newer. */
const pollMs = 25_000
/** How often it looks into the store meanwhile: another control plane may have published. */
const lookMs = 1_000

export const edgeHandlers = (
  parts: Parts,
  news: EdgeNews,
  newerThan: NewerWhole = createWholes(parts),
): Handlers<'getEdgeSnapshot' | 'createEdgeReport' | 'listEdges'> => {
  const recordTraffic = createTrafficRecorder(parts)
  const touch = createTouch(parts)
  const cuts = createCuts(parts)
  return {
    getEdgeSnapshot: async ({ params, query, headers, signal }) => {
      const feed = parseFeed(params)
      const edge = parseEdge(params)
      const reads = parseSchemas(headers.get(snapshotSchemasHeader))
      const takesChanges = headers.get(snapshotChangesHeader) === snapshotChangesForm
      const standing = standingOf(parts.store.read, edge, feed)
      await standing()
      await touch(edge, feed)
      const until = parts.clock.now() + pollMs
      for (;;) {
        const found = await newerThan(feed, query)
        const serves = await standing()
        const all = servesAll(serves)
        const changes = takesChanges && all ? await found?.changes() : null
        if (changes && reads.includes(changes.schema)) return { json: changes.text }
        const whole = await found?.whole()
        if (whole && all) return inCommonSchema(parts, whole, { edge, feed, reads })
        if (whole) {
          const own = takesChanges && reads.includes(whole.schema) ? await cuts.changes(serves, whole, query) : null
          if (own !== null) return { json: own }
          return inCommonSchema(parts, await cuts.whole(serves, whole), { edge, feed, reads })
        }
        const left = until - parts.clock.now()
        if (left <= 0 || signal.aborted) return { status: 204 }
        await news.next(feed, Math.min(left, lookMs), signal)
      }
    },

    createEdgeReport: async ({ params, body }) => {
      const feed = parseFeed(params)
      const edge = parseEdge(params)
      const serves = await standingOf(parts.store.read, edge, feed)()
      const known = await takeReport(parts, { edge, feed, serves, body })
      const { traffic } = body
      if (traffic !== undefined) await recordTraffic({ edge, serves, report: traffic })
      return { headers: { [reportListsHeader]: known } }
    },

    listEdges: async (call) => {
      const actor = actorOf(call)
      const now = parts.clock.now()
      const reports = await loadReports(parts.store.read)
      const identities = await loadEdgeIdentities(parts.store.read)
      const tokens = await parts.store.read
        .selectFrom('edge_enrolment')
        .select(['edge', 'expires'])
        .where('expires', '>', new Date(now))
        .execute()
      const newest = await loadNewest(parts)
      const seesWhole = await edgeSight(parts.store.read, actor)
      const connections = await openConnections(parts, sightOf(actor))
      const edges = [...reports.map(({ edge }) => edge), ...identities.keys(), ...tokens.map(({ edge }) => edge)]
      const results = [...new Set(edges)].toSorted().map((edge) => {
        const own = reports.filter((report) => report.edge === edge)
        const seen = own.length === 0 ? null : Math.max(...own.map((report) => report.seen))
        const identity = identities.get(edge) ?? null
        const token = tokens.find((each) => each.edge === edge)
        return {
          edge,
          state: stateOf({ seen, identity, now }),
          seen: seen === null ? null : new Date(seen).toISOString(),
          identity: identity && identityView(identity, actor),
          enrolment: token === undefined ? null : { expires: token.expires.toISOString() },
          dnsAddress: own.find(({ feed }) => feed === 'dns')?.dnsAddress ?? null,
          connections: own.some(({ feed }) => feed === 'gateway') ? (connections.get(edge) ?? 0) : null,
          ...versionOf(own),
          feeds: own.map((report) => ({
            feed: report.feed,
            epoch: report.epoch,
            n: report.n,
            behind: behind(report, newest),
            bound: report.bound.size,
            failed: seesWhole(identity) ? [...report.failed].map(([id, reason]) => ({ id, reason })) : null,
            seen: new Date(report.seen).toISOString(),
          })),
        }
      })
      return { body: { results, totalCount: results.length } }
    },
  }
}

const loadNewest = ({ store }: Pick<Parts, 'store'>) =>
  store.read.selectFrom('snapshot').select(['feed', 'epoch', 'n']).execute()

const behind = (report: ReportedFeed, newest: Awaited<ReturnType<typeof loadNewest>>): number | null => {
  const published = newest.find(({ feed, epoch }) => feed === report.feed && epoch === report.epoch)
  return published === undefined ? null : Math.max(0, published.n - report.n)
}

/** By edge, through endpoints and standard listeners of these projects. An edge that died says no more of what it had. */
const openConnections = async ({ store }: Pick<Parts, 'store'>, sight: Sight): Promise<ReadonlyMap<string, number>> => {
  const through = store.read
    .selectFrom('private_endpoint')
    .select(['private_endpoint.id', 'private_endpoint.group_id'])
    .unionAll(
      store.read
        .selectFrom('standard_listener')
        .innerJoin('cluster', 'cluster.id', 'standard_listener.cluster_id')
        .select(['standard_listener.id', 'cluster.group_id']),
    )
  const rows = await store.read
    .selectFrom('edge_traffic')
    .innerJoin(through.as('door'), 'door.id', 'edge_traffic.endpoint_id')
    .innerJoin('group', 'group.id', 'door.group_id')
    .where(seenGroups(sight))
    .groupBy('edge_traffic.edge')
    .select(({ fn }) => ['edge_traffic.edge', fn.sum<string>('edge_traffic.connections').as('open')])
    .execute()
  return new Map(rows.map(({ edge, open }) => [edge, Number(open)]))
}

const stateOf = ({
  seen,
  identity,
  now,
}: {
  readonly seen: number | null
  readonly identity: EdgeIdentity | null
  readonly now: number
}): 'EXPECTED' | 'LIVE' | 'SILENT' | 'REVOKED' => {
  if (identity?.revoked) return 'REVOKED'
  if (seen === null) return 'EXPECTED'
  return isSilent({ seen }, now) ? 'SILENT' : 'LIVE'
}

/** As it said last, whichever of its programs did. One that has only asked so far has said nothing. */
const versionOf = (own: readonly ReportedFeed[]): Pick<ListedEdge, 'version' | 'versionIs'> => {
  const [last] = own.filter(hasReported).toSorted((one, other) => other.seen - one.seen)
  if (last === undefined) return { version: null, versionIs: null }
  const { version: told = null } = last
  return { version: told, versionIs: versionStanding(told, version) }
}

/** Whoever is in none of the organizations that it serves is not told which. */
const identityView = ({ proof, keyHash, enrolled, revoked, serves, ownerOrgIds }: EdgeIdentity, actor: Actor) => {
  const isOwn = ownerOrgIds.some((orgId) => actor.orgRoles.has(orgId))
  return {
    proof,
    keyHash,
    enrolled: enrolled.toISOString(),
    revoked: revoked?.toISOString() ?? null,
    serves: {
      programs: [...serves.programs],
      orgIds: serves.orgIds?.filter((orgId) => actor.orgRoles.has(orgId)) ?? null,
      groupIds: serves.groupIds && (isOwn ? [...serves.groupIds] : []),
    },
  }
}

const parseFeed = ({ feed = '' }: Readonly<Record<string, string>>): Feed => {
  if (!isFeed(feed)) throw new AtlasError('PATH_PARAM_PARSE_ERROR', { parameter: 'feed', value: feed })
  return feed
}

/** One that polls this soon again has been written down already: a hundred edges ask anew after each change. */
const touchAgainMs = 2_500

/**
 * An edge that polls is alive, also when nothing changes. From its first question on it is waited for: it may serve what it
 * is about to be told, and its report may be lost.
 */
const createTouch = ({ store, clock }: Parts): ((edge: string, feed: Feed) => Promise<void>) => {
  const touched = new Map<string, number>()
  return async (edge, feed) => {
    const now = clock.now()
    const last = touched.get(`${edge} ${feed}`)
    if (last !== undefined && now >= last && now - last < touchAgainMs) return
    const seen = new Date(now)
    await store.transact((tx) =>
      tx
        .insertInto('edge_report')
        .values({ edge, feed, epoch: '', n: 0, bound: '[]', failed: '[]', seen })
        .onConflict((conflict) => conflict.columns(['edge', 'feed']).doUpdateSet({ seen }))
        .execute(),
    )
    touched.set(`${edge} ${feed}`, now)
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
