// The newest whole of each feed as the text that edges are sent, or what it says otherwise than the one that an edge holds:
// read once for all of them and kept until there is a newer one. A number names one content for as long as its epoch lasts, so what is kept under it cannot be out of date; which
// number is the newest is asked each time.

import type { Feed } from '@postern/contract/snapshot'
import { sql } from 'kysely'
import type { Parts } from '../../parts.ts'
import { readChanges } from '../feed/changes.ts'

export interface KeptWhole {
  readonly schema: number
  readonly epoch: string
  readonly n: number
  /** All of it, as JSON. */
  readonly text: string
}

/** What is newer than what an edge holds. */
interface Newer {
  /** The whole; read when it is asked for. */
  readonly whole: () => Promise<KeptWhole | null>
  /** NumberedChanges as JSON, in their schema; null where the whole has to be sent. */
  readonly changes: () => Promise<{ readonly schema: number; readonly text: string } | null>
}

/** What an edge says it has. */
interface Held {
  readonly epoch?: string | undefined
  readonly after?: number | undefined
}

/** Answers with null where there is nothing newer than what is held. */
export type NewerWhole = (feed: Feed, held: Held) => Promise<Newer | null>

type Mark = Pick<KeptWhole, 'epoch' | 'n'>

export const createWholes = ({ store }: Pick<Parts, 'store'>): NewerWhole => {
  const newest = new Map<Feed, { readonly mark: Mark; readonly kept: Map<string, Promise<unknown>> }>()

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

  /** What was read of this very number is kept: the promise itself, so that a hundred edges which ask at once wait for one reading. */
  const once = <Value>(feed: Feed, mark: Mark, name: string, read: () => Promise<Value>): Promise<Value> => {
    const last = newest.get(feed)
    const same = last !== undefined && last.mark.epoch === mark.epoch && last.mark.n === mark.n
    const { kept } = same ? last : { kept: new Map<string, Promise<unknown>>() }
    if (!same) newest.set(feed, { mark, kept })
    const reading = (kept.get(name) as Promise<Value> | undefined) ?? read()
    kept.set(name, reading)
    reading.catch(() => kept.delete(name))
    return reading
  }

  const lastMark = sharedReading((feed: Feed) =>
    store.read.selectFrom('snapshot').select(['epoch', 'n']).where('feed', '=', feed).executeTakeFirst(),
  )

  return async (feed, held) => {
    const last = await lastMark(feed)
    if (last === undefined) return null
    const { epoch, n } = last
    const { after } = held
    const same = epoch === held.epoch && after !== undefined
    if (same && n <= after) return null
    return {
      whole: () => once(feed, last, 'whole', () => load(feed)),
      changes: async () =>
        same ? once(feed, last, `after ${after}`, () => readChanges(store.read, { feed, epoch, after, n })) : null,
    }
  }
}

/**
 * Whoever asks while a reading is under way waits for the next one, together with all others that do: it began before
 * they asked, and may not know what they were woken for.
 */
const sharedReading = <Value>(read: (feed: Feed) => Promise<Value>): ((feed: Feed) => Promise<Value>) => {
  const state = new Map<Feed, { readonly now: Promise<Value>; next: Promise<Value> | null }>()
  const begin = (feed: Feed): Promise<Value> => {
    const now = read(feed)
    const own = { now, next: null }
    state.set(feed, own)
    const done = (): void => {
      if (state.get(feed) === own) state.delete(feed)
    }
    now.then(done, done)
    return now
  }
  return (feed) => {
    const under = state.get(feed)
    if (under === undefined) return begin(feed)
    under.next ??= under.now.then(
      () => begin(feed),
      () => begin(feed),
    )
    return under.next
  }
}
