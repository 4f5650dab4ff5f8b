// The newest whole of each feed as the text that edges are sent: read once for all of them and kept until there is a newer
// one. A number names one content for as long as its epoch lasts, so what is kept under it cannot be out of date; which
// number is the newest is asked each time.

import type { Feed } from '@postern/contract/snapshot'
import { sql } from 'kysely'
import type { Parts } from '../../parts.ts'

export interface KeptWhole {
  readonly schema: number
  readonly epoch: string
  readonly n: number
  /** All of it, as JSON. */
  readonly text: string
}

/** What an edge says it has. */
interface Held {
  readonly epoch?: string | undefined
  readonly after?: number | undefined
}

/** Answers with null where there is nothing newer than what is held. */
export type NewerWhole = (feed: Feed, held: Held) => Promise<KeptWhole | null>

export const createWholes = ({ store }: Pick<Parts, 'store'>): NewerWhole => {
  const kept = new Map<
    Feed,
    { readonly epoch: string; readonly n: number; readonly whole: Promise<KeptWhole | null> }
  >()

  const load = async (feed: Feed): Promise<KeptWhole | null> => {
    const row = await store.read
      .selectFrom('snapshot')
      .select(['schema', 'epoch', 'n', sql<string>`body::text`.as('text')])
      .where('feed', '=', feed)
      .executeTakeFirst()
    if (row === undefined) return null
    const { schema, epoch, n } = row
    return {
      schema,
      epoch,
      n,
      text: `{"schema":${schema},"epoch":${JSON.stringify(epoch)},"n":${n},"body":${row.text}}`,
    }
  }

  return async (feed, held) => {
    const last = await store.read
      .selectFrom('snapshot')
      .select(['epoch', 'n'])
      .where('feed', '=', feed)
      .executeTakeFirst()
    if (last === undefined) return null
    const { epoch, n } = last
    if (epoch === held.epoch && held.after !== undefined && n <= held.after) return null
    const known = kept.get(feed)
    if (known?.epoch === epoch && known.n === n) return known.whole
    // The promise itself, so that a hundred edges which ask at the same moment wait for one reading.
    const whole = load(feed)
    kept.set(feed, { epoch, n, whole })
    whole.catch(() => kept.delete(feed))
    return whole
  }
}
