// Events as they happen, for a group and for an organization: what the console follows, by its session. How many streams
// one caller may hold open is counted in this process.

import { AtlasError } from '@postern/contract/errors'
import { actorOf } from '../../http/actor-of.ts'
import type { Call, Handlers, Reply } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Filter, Place } from './filter.ts'
import { createEventNews } from './news.ts'
import { cursorAfter, horizonOf, lastBefore } from './order.ts'
import { type StreamPace, streamEvents } from './stream.ts'

type Operation = 'streamGroupEvents' | 'streamOrgEvents'

/** Browsers open six connections to one host; this leaves room for several tabs and programs. */
export const streamsPerActor = 20

const usualPace: StreamPace = { heartbeat: 5_000, patience: 30_000 }

export const eventStreamHandlers = (parts: Parts, pace: StreamPace = usualPace): Handlers<Operation> => {
  const news = createEventNews(parts)
  const open = new Map<string, number>()

  const enter = (call: Call<Operation>): (() => void) => {
    const { kind, id } = actorOf(call)
    const key = `${kind} ${id}`
    const count = open.get(key) ?? 0
    if (count >= streamsPerActor) throw new AtlasError('POSTERN_TOO_MANY_STREAMS', { limit: streamsPerActor })
    open.set(key, count + 1)
    return () => {
      const left = (open.get(key) ?? 1) - 1
      if (left === 0) open.delete(key)
      else open.set(key, left)
    }
  }

  const stream = async (call: Call<Operation>, place: Place, filter: Filter): Promise<Reply<Operation>> => {
    const { read } = parts.store
    const leave = enter(call)
    try {
      const since = await horizonOf(read)
      const asked = call.headers.get('last-event-id') ?? ''
      const begin =
        asked === ''
          ? { cursor: { tx: since, n: 0 }, lastEventId: await lastBefore(read, place, since) }
          : { cursor: await cursorAfter(read, place, asked.slice(0, 100)), lastEventId: asked }
      const { link, signal, stillMay } = call
      const withRaw = call.query.includeRaw === 'true'
      const wish = { place, filter, withRaw, since, link, signal, stillMay, ...begin }
      const reply = streamEvents({ store: parts.store, clock: parts.clock, news }, wish, pace)
      void reply.ended.then(leave)
      return { stream: reply }
    } catch (error) {
      leave()
      throw error
    }
  }

  return {
    streamGroupEvents: (call) => stream(call, { groupId: call.params.groupId ?? '' }, call.query),
    streamOrgEvents: (call) => stream(call, { orgId: call.params.orgId ?? '' }, call.query),
  }
}
