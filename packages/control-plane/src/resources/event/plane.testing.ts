// For tests only: streams of events as their readers meet them: the real engine behind a real port, readers that are cut
// off at the end of a test, and an event that happens.

import { expect } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { listen } from '../../listen.ts'
import type { Store } from '../../parts.ts'
import { type Frame, type Reader, readEvents } from './reader.testing.ts'
import { recordEvent } from './record.ts'
import { eventStreamHandlers } from './stream-handlers.ts'

const pace = { heartbeat: 20, patience: 100 }

export interface Plane {
  readonly api: TestApi
  readonly bearer: string
  readonly url: string
  /** Stops as the process does: streams end. Resolves when nobody is connected any more, at most `graceMs` later. */
  readonly close: (graceMs?: number) => Promise<void>
}

export const openPlane = async (store: Store): Promise<Plane> => {
  const stopping = new AbortController()
  const api = await createTestApi(store, (parts) => eventStreamHandlers(parts, pace), { stopping: stopping.signal })
  const listening = await listen(api.http.fetch, { host: '127.0.0.1', port: 0, tls: null })
  const bearer = await api.owner({ method: '', path: '', challenge: '' })
  return {
    api,
    bearer,
    url: listening.url,
    close: async (graceMs = 1000) => {
      stopping.abort()
      await listening.close(graceMs)
    },
  }
}

const readers: Reader[] = []

/** For `afterEach`. */
export const killReaders = (): void => {
  for (const reader of readers.splice(0)) reader.kill()
}

/** Reads a plane's stream; that of its own group as its owner, unless told. */
export const follow = async (
  at: Plane,
  {
    query = '',
    place = `groups/${at.api.groupId}`,
    headers = { authorization: at.bearer },
  }: {
    readonly query?: string
    readonly place?: string
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Promise<Reader> => {
  const reader = await readEvents(`${at.url}/api/postern/v1/${place}/events/stream${query}`, headers)
  readers.push(reader)
  return reader
}

/** Goes on after the event of that id. */
export const resume = (at: Plane, lastEventId: string | undefined): Promise<Reader> =>
  follow(at, { headers: { authorization: at.bearer, 'last-event-id': lastEventId ?? '' } })

/** Writes one event of the plane's group, through its own store unless told. */
export const happens = (at: Plane, name: string, over: object = {}, store: Store = at.api.parts.store) =>
  store.transact((tx) =>
    recordEvent(tx, at.api.parts, {
      type: 'CLUSTER_CREATED',
      orgId: at.api.orgId,
      groupId: at.api.groupId,
      actor: { kind: 'API_KEY', id: 'a'.repeat(24), name: 'abcdefgh' },
      sourceAddress: '192.0.2.1',
      target: { clusterName: name },
      ...over,
    }),
  )

export const names = ({ frames }: { readonly frames: readonly Frame[] }) =>
  frames.filter(({ event }) => event === 'message').map(({ data }) => data.clusterName ?? data.eventTypeName)

export const until = (look: () => unknown) => expect.poll(look, { timeout: 20_000, interval: 10 })
