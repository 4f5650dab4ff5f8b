// An edge's report is written down. It repeats its report every few seconds as a sign of life: of one that says nothing new,
// which the hash tells, only the time is written, and no list is read. Nor is any other edge's ever.

import type { EdgeReport, Feed } from '@postern/contract/snapshot'
import type { EdgeServes } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import { listsHash } from './lists-hash.ts'
import { parseFailed } from './reports.ts'
import { wakeServed, wakeWaiting } from './wake.ts'

interface Reported {
  readonly edge: string
  readonly feed: Feed
  readonly serves: EdgeServes
  readonly body: EdgeReport
}

export const takeReport = async (parts: Parts, { edge, feed, serves, body }: Reported): Promise<void> => {
  const { store, clock } = parts
  const { epoch, n, version = null } = body
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
        .where('lists_hash', '=', listsHash(body))
        .executeTakeFirstOrThrow(),
    { isolation: 'read committed' },
  )
  if (numUpdatedRows > 0n) return

  const said = await store.read
    .selectFrom('edge_report')
    .select('failed')
    .where('edge', '=', edge)
    .where('feed', '=', feed)
    .executeTakeFirst()
  const report = {
    ...alive,
    epoch,
    n,
    bound: JSON.stringify(body.bound),
    failed: JSON.stringify(body.failed),
    trusts: JSON.stringify(body.trusts ?? []),
  }
  await store.transact(async (tx) => {
    await tx
      .insertInto('edge_report')
      .values({ edge, feed, ...report })
      .onConflict((conflict) => conflict.columns(['edge', 'feed']).doUpdateSet(report))
      .execute()
    // Only what is new can be what an endpoint waits for.
    if (feed !== 'dns') await wakeWaiting(tx, parts, serves)
    await wakeServed(tx, parts, { feed, listeners: changedFailures(parseFailed(said?.failed ?? []), body) })
  })
}

/** Listeners that could be served and cannot now, the other way round, or not for another reason than before. */
const changedFailures = (before: ReadonlyMap<string, string>, { failed }: EdgeReport): readonly string[] => {
  const now = new Map(failed.map(({ id, reason }) => [id, reason]))
  return [...new Set([...before.keys(), ...now.keys()])].filter((id) => before.get(id) !== now.get(id))
}
