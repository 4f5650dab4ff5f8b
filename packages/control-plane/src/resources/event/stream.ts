// One reader's stream of events. It reads from the store whenever there is news, no more than the reader has taken, so
// nothing is piled up for a slow one; one that takes nothing for a while is dropped and may come again where it was.
// Before anything is sent, and in silence too, it is asked whether the reader still may: at most once a second.

import type { ReplyStream } from '../../http/handler.ts'
import type { Clock, Store } from '../../parts.ts'
import type { Filter, Place } from './filter.ts'
import { changeFrame, eventFrame, heartbeatFrame, openingFrame } from './frame.ts'
import { namesOf, noNames } from './names.ts'
import type { EventNews, Following } from './news.ts'
import { type Cursor, changesBetween, eventsAfter, type Horizon, horizonOf } from './order.ts'
import { eventView, type Shown } from './view.ts'

export interface StreamWish {
  readonly place: Place
  readonly filter: Filter
  readonly withRaw: boolean
  /** The first event that is sent is the one after. */
  readonly cursor: Cursor
  /** Changes of state are told from here on. */
  readonly since: Horizon
  /** What a browser goes on after when it never saw an event. */
  readonly lastEventId: string | null
  readonly link: Shown['link']
  readonly signal: AbortSignal
  readonly stillMay: () => Promise<boolean>
}

/** Milliseconds. */
export interface StreamPace {
  /** Between two signs of life in silence. */
  readonly heartbeat: number
  /** How long a reader may take nothing. */
  readonly patience: number
}

const batch = 200
const askAgainMs = 1000

export const streamEvents = (
  { store, clock, news }: { readonly store: Store; readonly clock: Clock; readonly news: EventNews },
  wish: StreamWish,
  pace: StreamPace,
): ReplyStream => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  const over = new AbortController()
  const end = (): void => over.abort()
  wish.signal.addEventListener('abort', end, { once: true })
  if (wish.signal.aborted) end()
  // Rejects when the reader goes.
  writer.closed.catch(end)

  const following = news.follow('groupId' in wish.place ? wish.place.groupId : wish.place.orgId)
  let asked = Number.NEGATIVE_INFINITY
  const mayGoOn = async (): Promise<boolean> => {
    const now = clock.now()
    if (now - asked < askAgainMs) return true
    asked = now
    return wish.stillMay()
  }

  const send = async (text: string): Promise<'sent' | 'over' | 'slow'> => {
    const taken = await isReady(writer, pace.patience, over.signal)
    if (taken !== 'ready') return taken
    // Resolves only when it was taken, which the next one waits for.
    writer.write(encoder.encode(text)).catch(end)
    return 'sent'
  }

  const run = async (): Promise<'done' | 'slow'> => {
    const source = frames({ store, following }, wish, { heartbeat: pace.heartbeat, signal: over.signal })
    for await (const text of source) {
      if (!(await mayGoOn())) return 'done'
      const sent = await send(text)
      if (sent !== 'sent') return sent === 'slow' ? 'slow' : 'done'
    }
    return 'done'
  }

  const ended = run()
    // The store is away: the reader comes again.
    .catch((): 'done' => 'done')
    .finally(() => {
      following.close()
      wish.signal.removeEventListener('abort', end)
      // Waits for what was not taken yet; a reader who went does not matter.
      writer.close().catch(() => {})
    })
  return { body: readable, ended }
}

/** Texts to be sent, each a batch; ends when the signal aborts. */
async function* frames(
  { store: { read }, following }: { readonly store: Store; readonly following: Following },
  { place, filter, withRaw, link, ...wish }: StreamWish,
  { heartbeat, signal }: { readonly heartbeat: number; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  let { cursor, since } = wish
  yield openingFrame(wish.lastEventId)
  while (!signal.aborted) {
    if (!(await following.changed(heartbeat, signal))) {
      if (!signal.aborted) yield heartbeatFrame
      continue
    }
    const horizon = await horizonOf(read)
    for (;;) {
      const rows = await eventsAfter(read, { place, filter, cursor, horizon, limit: batch })
      const names = withRaw ? await namesOf(read, rows) : noNames
      const within = 'groupId' in place ? 'group' : 'org'
      if (rows.length > 0)
        yield rows.map((row) => eventFrame(eventView(row, { within, withRaw, names: names(row), link }))).join('')
      cursor = rows.at(-1) ?? cursor
      if (rows.length < batch) break
    }
    if ('groupId' in place) {
      const changes = await changesBetween(read, place.groupId, { from: since, to: horizon })
      const text = changes
        .map(({ group_id: groupId, kind, parent, id }) =>
          changeFrame({ groupId, id, kind, ...(parent !== '' && { parentId: parent }) }),
        )
        .join('')
      if (text !== '') yield text
    }
    since = horizon
  }
}

const isReady = (
  writer: WritableStreamDefaultWriter<Uint8Array>,
  ms: number,
  signal: AbortSignal,
): Promise<'ready' | 'slow' | 'over'> =>
  new Promise((resolve) => {
    const answer = (said: 'ready' | 'slow' | 'over'): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve(said)
    }
    const over = (): void => answer('over')
    const timer = setTimeout(() => answer('slow'), ms)
    signal.addEventListener('abort', over)
    if (signal.aborted) over()
    writer.ready.then(() => answer('ready'), over)
  })
