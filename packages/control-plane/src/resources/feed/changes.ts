// What each number of a feed says otherwise than the one before, kept for edges that hold a recent one. A change is worth
// keeping while it is much smaller than its whole; where one is missing, whoever holds less is sent the whole.

import { createHash } from 'node:crypto'
import { type Feed, snapshotSchemas } from '@postern/contract/snapshot'
import {
  bodyText,
  changeBetween,
  hashedText,
  type NumberedChanges,
  type SnapshotTexts,
  textsOf,
} from '@postern/contract/snapshot-change'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Tables } from '../../store/tables.ts'

const schema = Math.max(...snapshotSchemas)

/** How far behind an edge may be. */
const keptChanges = 32
/** One that is longer than this part of its whole is not kept. */
const largestShare = 1 / 4
/** What is sent at once, in characters; beyond it the whole is no worse. */
const longestChanges = 1_000_000

/** A whole that was published, or may be. */
export interface Built {
  readonly texts: SnapshotTexts
  readonly hash: string
}

export const built = (texts: SnapshotTexts): Built => ({
  texts,
  hash: createHash('sha256')
    .update(hashedText(schema, bodyText(texts)))
    .digest('hex'),
})

/** What was published under a number, as far as this process knows; asked for by hash, it can never be another's. */
export interface LastBuilt {
  readonly of: (tx: Transaction<Tables>, feed: Feed, hash: string) => Promise<Built | null>
  /** After the transaction that published them. */
  readonly remember: (feed: Feed, published: Built) => void
}

export const createLastBuilt = (): LastBuilt => {
  const known = new Map<Feed, Built>()
  return {
    of: async (tx, feed, hash) => {
      const own = known.get(feed)
      if (own?.hash === hash) return own
      const row = await tx
        .selectFrom('snapshot')
        .select(sql<string>`body::text`.as('text'))
        .where('feed', '=', feed)
        .executeTakeFirst()
      const stored = row === undefined ? null : built(textsOf(JSON.parse(row.text) as object))
      return stored?.hash === hash ? stored : null // else it is of another schema
    },
    remember: (feed, published) => void known.set(feed, published),
  }
}

/** Keeps what `now`, to be number `n`, says otherwise than the whole before it, and forgets what is too old. */
export const keepChange = async (
  tx: Transaction<Tables>,
  {
    feed,
    epoch,
    n,
    before,
    now,
  }: {
    readonly feed: Feed
    readonly epoch: string
    readonly n: number
    readonly before: Built
    readonly now: Built & { readonly body: string }
  },
): Promise<void> => {
  const change = changeBetween(before.texts, now.texts)
  if (change === null || change.length > now.body.length * largestShare) return
  await tx.insertInto('snapshot_change').values({ feed, epoch, n, schema, hash: now.hash, change }).execute()
  await tx
    .deleteFrom('snapshot_change')
    .where('feed', '=', feed)
    .where((eb) => eb.or([eb('epoch', '<>', epoch), eb('n', '<=', n - keptChanges)]))
    .execute()
}

/** NumberedChanges from `after` to `n`, as JSON text in the schema that it says; null where one is missing, or they are long. */
export const readChanges = async (
  db: Kysely<Tables>,
  {
    feed,
    epoch,
    after,
    n,
  }: { readonly feed: Feed; readonly epoch: string; readonly after: number; readonly n: number },
): Promise<{ readonly schema: number; readonly text: string } | null> => {
  if (n <= after || n - after > keptChanges) return null
  const rows = await db
    .selectFrom('snapshot_change')
    .select(['n', 'schema', 'hash', sql<string>`change::text`.as('text')])
    .where('feed', '=', feed)
    .where('epoch', '=', epoch)
    .where('n', '>', after)
    .where('n', '<=', n)
    .orderBy('n')
    .execute()
  return numberedChanges(rows, { epoch, after, n })
}

export interface KeptChange {
  readonly n: number
  readonly schema: number
  readonly hash: string
  /** A SnapshotChange as JSON. */
  readonly text: string
}

/** The same of rows that were read: those beyond `after` up to `n`, in their order. Pure. */
export const numberedChanges = (
  rows: readonly KeptChange[],
  { epoch, after, n }: { readonly epoch: string; readonly after: number; readonly n: number },
): { readonly schema: number; readonly text: string } | null => {
  if (n <= after || n - after > keptChanges) return null
  const last = rows.at(-1)
  const whole = rows.length === n - after && rows.every((row) => row.schema === last?.schema)
  const changes = rows.map(({ text }) => text).join(',')
  if (last === undefined || !whole || changes.length > longestChanges) return null
  const head: Omit<NumberedChanges, 'changes'> = { schema: last.schema, epoch, n, after, hash: last.hash }
  return { schema: last.schema, text: `${JSON.stringify(head).slice(0, -1)},"changes":[${changes}]}` }
}
