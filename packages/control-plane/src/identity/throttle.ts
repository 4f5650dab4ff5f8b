// Slows guessing down: failed attempts take tokens from a bucket per (name, address), and an empty one refuses before any
// password is looked at. Not per address alone: on one machine everybody has the same, and one program with a wrong key
// would lock out all others. The buckets are rows of the store, so that several control planes give no more tries than
// one; a name is kept as a hash, since people type passwords where names belong. Decision 13.

import { createHash } from 'node:crypto'
import { AtlasError } from '@postern/contract/errors'
import { type RawBuilder, sql } from 'kysely'
import type { Parts } from '../parts.ts'

/** A bucket as a statement finds it; null: nobody failed lately. */
export type Bucket = { readonly tokens: number; readonly at: number } | null

export interface Throttle {
  /** Throws RATE_LIMITED while this name has failed too often from this address. */
  readonly check: (name: string, address: string) => Promise<void>
  /** The bucket as a column of a statement that is made anyway; `judge` it. */
  readonly bucketOf: (name: string, address: string) => RawBuilder<Bucket>
  /** Throws RATE_LIMITED, as `check` does. */
  readonly judge: (bucket: Bucket) => void
  readonly failed: (name: string, address: string) => Promise<void>
}

const capacity = 20
const tokensPerSecond = 0.5
/** Many failures at once leave a debt, as deep as the bucket at the most. By then it is paid and the bucket full again. */
const forgottenMs = ((2 * capacity) / tokensPerSecond) * 1000

export const createThrottle = ({ store, clock }: Pick<Parts, 'store' | 'clock'>): Throttle => {
  const bucketOf: Throttle['bucketOf'] = (name, address) => sql<Bucket>`(
    select json_build_object('tokens', tokens, 'at', extract(epoch from at) * 1000)
    from failed_attempt where who = ${whoIs(name, address)}
  )`

  const judge: Throttle['judge'] = (bucket) => {
    if (bucket === null) return
    const level = bucket.tokens + (Math.max(0, clock.now() - bucket.at) / 1000) * tokensPerSecond
    if (level < 1) throw new AtlasError('RATE_LIMITED', { seconds: Math.ceil((1 - level) / tokensPerSecond) })
  }

  let swept = 0
  const sweep = async (now: number): Promise<void> => {
    if (now - swept < forgottenMs) return
    swept = now
    await store.transact(
      (tx) =>
        tx
          .deleteFrom('failed_attempt')
          .where('at', '<', new Date(now - forgottenMs))
          .execute(),
      { isolation: 'read committed' },
    )
  }

  return {
    bucketOf,
    judge,
    check: async (name, address) => {
      const { rows } = await sql<{ bucket: Bucket }>`select ${bucketOf(name, address)} as bucket`.execute(store.read)
      judge(rows[0]?.bucket ?? null)
    },
    failed: async (name, address) => {
      const now = clock.now()
      await sweep(now)
      // One statement, so that of many failures at once each takes its token.
      await store.transact(
        (tx) =>
          sql`
            insert into failed_attempt as known (who, tokens, at)
            values (${whoIs(name, address)}, ${capacity - 1}, ${new Date(now)})
            on conflict (who) do update set at = excluded.at, tokens = greatest(${-capacity}, least(
              ${capacity},
              known.tokens + greatest(0, extract(epoch from excluded.at - known.at)) * ${tokensPerSecond}::double precision
            ) - 1)
          `.execute(tx),
        { isolation: 'read committed' },
      )
    },
  }
}

const whoIs = (name: string, address: string): string => createHash('sha256').update(`${address} ${name}`).digest('hex')
