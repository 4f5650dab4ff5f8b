// An edge's report is written down. It repeats its report every few seconds as a sign of life: of one that says nothing new,
// which the hash tells, only the time is written, and no list is read. Nor is any other edge's ever. Lists that are known come
// as their hash alone.

import { AtlasError } from '@postern/contract/errors'
import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Feed, ReportedLists } from '@postern/contract/snapshot'
import { sql } from 'kysely'
import type { EdgeServes } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import { listsHash } from './lists-hash.ts'
import { parseFailed } from './reports.ts'
import { wakeServed, wakeWaiting } from './wake.ts'

interface Reported {
  readonly edge: string
  readonly feed: Feed
  readonly serves: EdgeServes
  readonly body: BodyOf<'createEdgeReport'>
}

/** What its lists are known by from now on, in hex. Throws POSTERN_EDGE_LISTS_UNKNOWN. */
export const takeReport = async (parts: Parts, { edge, feed, serves, body }: Reported): Promise<string> => {
  const { store, clock } = parts
  const { epoch, n, version = null, lists, bound = [], failed = [], trusts = [] } = body
  const said = { bound, failed, trusts }
  const hash = lists === undefined ? listsHash(said) : Buffer.from(lists, 'hex')
  const alive = {
    dns_address: feed === 'dns' ? (body.dnsAddress ?? null) : null,
    version,
    seen: new Date(clock.now()),
  }
  const { numUpdatedRows } = await store.transact(
    (tx) =>
      tx
        .updateTable('edge_report')
        .set(alive)
        .where('edge', '=', edge)
        .where('feed', '=', feed)
        .where('epoch', '=', epoch)
        .where('n', '=', n)
        .where('lists_hash', '=', hash)
        .executeTakeFirstOrThrow(),
    { isolation: 'read committed' },
  )
  if (numUpdatedRows > 0n) return Buffer.from(hash).toString('hex')
  if (lists !== undefined) {
    await store.transact(async (tx) => {
      const moved = await tx
        .updateTable('edge_report')
        .set({ ...alive, epoch, n })
        .where('edge', '=', edge)
        .where('feed', '=', feed)
        .where('lists_hash', '=', hash)
        .executeTakeFirstOrThrow()
      if (moved.numUpdatedRows === 0n) throw new AtlasError('POSTERN_EDGE_LISTS_UNKNOWN', { edge, feed })
      if (feed !== 'dns') await wakeWaiting(tx, parts, serves)
    })
    return lists
  }

  const before = await store.read
    .selectFrom('edge_report')
    .select('failed')
    .where('edge', '=', edge)
    .where('feed', '=', feed)
    .executeTakeFirst()
  const report = {
    ...alive,
    epoch,
    n,
    bound: JSON.stringify(bound),
    failed: JSON.stringify(failed),
    trusts: JSON.stringify(trusts),
  }
  return store.transact(async (tx) => {
    const { known } = await tx
      .insertInto('edge_report')
      .values({ edge, feed, ...report })
      .onConflict((conflict) => conflict.columns(['edge', 'feed']).doUpdateSet(report))
      .returning(sql<string>`encode(lists_hash, 'hex')`.as('known'))
      .executeTakeFirstOrThrow()
    // Only what is new can be what an endpoint waits for.
    if (feed !== 'dns') await wakeWaiting(tx, parts, serves)
    await wakeServed(tx, parts, { feed, listeners: changedFailures(parseFailed(before?.failed ?? []), said) })
    return known
  })
}

/** Listeners that could be served and cannot now, the other way round, or not for another reason than before. */
const changedFailures = (before: ReadonlyMap<string, string>, { failed }: ReportedLists): readonly string[] => {
  const now = new Map(failed.map(({ id, reason }) => [id, reason]))
  return [...new Set([...before.keys(), ...now.keys()])].filter((id) => before.get(id) !== now.get(id))
}
