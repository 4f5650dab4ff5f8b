import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { endSession } from '../../identity/session.ts'
import { type Listening, listen } from '../../listen.ts'
import type { Store } from '../../parts.ts'
import { createStore, type OpenStore } from '../../store/create-store.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../store/postgres-server.testing.ts'
import { createTestStore, runStatements, type TestStore } from '../../store/testing.ts'
import { newPerson } from '../user/testing.ts'
import { eventsAfter, horizonOf } from './order.ts'
import { type Frame, type Reader, readEvents } from './reader.testing.ts'
import { recordEvent } from './record.ts'
import { eventStreamHandlers, streamsPerActor } from './stream-handlers.ts'

const pace = { heartbeat: 20, patience: 100 }

interface Plane {
  readonly api: TestApi
  readonly listening: Listening
  readonly stop: () => void
  readonly bearer: string
}

/** The real engine behind a real port. */
const openPlane = async (store: Store): Promise<Plane> => {
  const stopping = new AbortController()
  const api = await createTestApi(store, (parts) => eventStreamHandlers(parts, pace), { stopping: stopping.signal })
  const listening = await listen(api.http.fetch, { host: '127.0.0.1', port: 0, tls: null })
  const bearer = await api.owner({ method: '', path: '', challenge: '' })
  return { api, listening, stop: () => stopping.abort(), bearer }
}

let stored: TestStore
let plane: Plane
const readers: Reader[] = []

beforeAll(async () => {
  stored = await createTestStore()
  plane = await openPlane(stored.store)
})
afterEach(() => {
  for (const reader of readers.splice(0)) reader.kill()
})
afterAll(async () => {
  plane?.stop()
  await plane?.listening.close(1000)
  await stored?.close()
})

const follow = async (
  query = '',
  {
    at = plane,
    place = `groups/${at.api.groupId}`,
    headers = { authorization: at.bearer },
  }: {
    readonly at?: Plane
    readonly place?: string
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Promise<Reader> => {
  const reader = await readEvents(`${at.listening.url}/api/postern/v1/${place}/events/stream${query}`, headers)
  readers.push(reader)
  return reader
}
const resume = (lastEventId: string | undefined, at = plane): Promise<Reader> =>
  follow('', { at, headers: { authorization: at.bearer, 'last-event-id': lastEventId ?? '' } })

const happens = (name: string, over: object = {}, { store, at = plane }: { store?: Store; at?: Plane } = {}) =>
  (store ?? at.api.parts.store).transact((tx) =>
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
const names = ({ frames }: { readonly frames: readonly Frame[] }) =>
  frames.filter(({ event }) => event === 'message').map(({ data }) => data.clusterName ?? data.eventTypeName)
const until = (look: () => unknown) => expect.poll(look, { timeout: 20_000, interval: 10 })

describe('a stream', () => {
  test('tells what happens from now on, with id and the fields of the list', async () => {
    await happens('before')
    const reader = await follow()
    expect(reader.headers.get('content-type')).toBe('text/event-stream')
    expect(reader.headers.get('cache-control')).toBe('no-store')
    await until(reader.lastEventId).toMatch(/^[0-9a-f]{24}$/)
    await happens('after')
    await until(() => names(reader)).toEqual(['after'])
    const [frame] = reader.frames
    expect(frame).toMatchObject({
      id: frame?.data.id,
      data: { eventTypeName: 'CLUSTER_CREATED', groupId: plane.api.groupId, publicKey: 'abcdefgh' },
    })
    expect(frame?.data.remoteAddress).toBe('192.0.2.1')
  })

  test('shows that it lives while nothing happens', async () => {
    const reader = await follow()
    await until(reader.heartbeats).toBeGreaterThan(2)
    expect(reader.frames).toEqual([])
  })

  test('tells several events of one transaction in the order of their writing', async () => {
    const reader = await follow()
    const { api } = plane
    const wanted = Array.from({ length: 8 }, (_, index) => `step${index}`)
    await api.parts.store.transact(async (tx) => {
      for (const clusterName of wanted) {
        const event = { type: 'CLUSTER_CREATED', orgId: api.orgId, groupId: api.groupId, actor: null }
        await recordEvent(tx, api.parts, { ...event, sourceAddress: null, target: { clusterName } })
      }
    })
    await until(() => names(reader)).toEqual(wanted)
  })

  test('goes on after the last event that was read, however often the connection dies', async () => {
    const wanted = Array.from({ length: 120 }, (_, index) => `event${index}`)
    const seen: string[] = []
    let reader = await follow()
    let lastEventId: string | undefined
    await until(reader.lastEventId).toBeDefined()
    const writing = (async () => {
      for (const name of wanted) {
        await happens(name)
        // The embedded store works within this thread: it would leave no turn to connections.
        await new Promise(setImmediate)
      }
    })()
    for (let kills = 0; ; kills++) {
      const enough = Math.min(wanted.length, (kills + 1) * 15)
      await until(() => seen.length + names(reader).length).toBeGreaterThanOrEqual(enough)
      reader.kill()
      await reader.ended
      seen.push(...names(reader))
      lastEventId = reader.lastEventId() ?? lastEventId
      if (seen.length >= wanted.length) break
      reader = await resume(lastEventId)
    }
    await writing
    expect(seen).toEqual(wanted)
  })

  test('goes on also for a reader who was cut off before the first event', async () => {
    const first = await follow()
    await until(first.lastEventId).toBeDefined()
    first.kill()
    await happens('meanwhile')
    const second = await resume(first.lastEventId())
    await until(() => names(second)).toEqual(['meanwhile'])
  })

  test.each([
    { says: 'types', query: '?eventType=CLUSTER_READY', found: ['CLUSTER_READY'] },
    { says: 'all but some types', query: '?excludedEventType=CLUSTER_CREATED', found: ['CLUSTER_READY'] },
    { says: 'clusters', query: '?clusterNames=two', found: ['two'] },
  ])('is filtered by $says, as the list is', async ({ query, found }) => {
    const reader = await follow(query)
    await until(reader.lastEventId).toBeDefined()
    await happens('one')
    await happens('two')
    await happens('', { type: 'CLUSTER_READY', target: {} })
    await until(() => names(reader)).toEqual(found)
  })

  test('tells raw, where it is asked for', async () => {
    const reader = await follow('?includeRaw=true')
    await happens('raw')
    await until(() => reader.frames[0]?.data.raw?.gn).toBe('Group 0')
  })

  test("of an organization tells what its list shows, and nothing of a group's own", async () => {
    const reader = await follow('', { place: `orgs/${plane.api.orgId}` })
    await happens('hidden')
    await happens('', { type: 'GROUP_CREATED', target: {} })
    await happens('', { type: 'ORG_RENAMED', groupId: null, target: {} })
    await until(() => names(reader)).toEqual(['GROUP_CREATED', 'ORG_RENAMED'])
  })

  test.each([
    { says: 'an id that no event has', id: 'f'.repeat(24) },
    { says: 'what is no id', id: "x'; drop table event" },
  ])('cannot go on after $says', async ({ id }) => {
    const reader = await resume(id)
    expect(reader.status).toBe(404)
    expect(reader.headers.get('x-error-code')).toBe('EVENT_NOT_FOUND')
  })

  test('answers HEAD with its headers alone', async () => {
    const url = `${plane.listening.url}/api/postern/v1/groups/${plane.api.groupId}/events/stream`
    const response = await fetch(url, { method: 'HEAD', headers: { authorization: plane.bearer } })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe('')
  })
})

describe('changes of state that are no audit events', () => {
  const put = (statement: ReturnType<typeof sql>) => stored.store.transact((tx) => statement.execute(tx))
  const service = 'b'.repeat(24)

  test('are told by the names of the API, and only where something that is shown changed', async () => {
    const { groupId } = plane.api
    const reader = await follow()
    await until(reader.lastEventId).toBeDefined()
    const told = (kind: string, id: string, more = {}) => ({ groupId, id, kind, ...more })
    const steps = [
      {
        does: sql`insert into endpoint_service (id, group_id, provider, region, port_mapping, status, names,
          supported_remote_regions, created)
          values (${service}, ${groupId}, 'AWS', 'US_EAST_1', false, 'INITIATING', '{}', '[]', now())`,
        tells: told('endpointService', service),
      },
      { does: sql`update endpoint_service set next_slot = 3, revision = 9 where id = ${service}`, tells: null },
      {
        does: sql`update endpoint_service set status = 'AVAILABLE' where id = ${service}`,
        tells: told('endpointService', service),
      },
      {
        does: sql`insert into private_endpoint (id, service_id, group_id, provider, cloud_id, phase, request, link_ids, created)
          values ('e', ${service}, ${groupId}, 'AWS', 'vpce-1', 'REQUESTED', '{}', '[]', now())`,
        tells: told('privateEndpoint', 'vpce-1', { parentId: service }),
      },
      { does: sql`update private_endpoint set gateway_n = 4 where id = 'e'`, tells: null },
      {
        does: sql`update private_endpoint set phase = 'AVAILABLE' where id = 'e'`,
        tells: told('privateEndpoint', 'vpce-1', { parentId: service }),
      },
      {
        does: sql`delete from private_endpoint where id = 'e'`,
        tells: told('privateEndpoint', 'vpce-1', { parentId: service }),
      },
      {
        does: sql`insert into cluster (id, group_id, name, engine, cluster_type, state, spec, created)
          values ('c', ${groupId}, 'Cluster0', 'sandbox', 'REPLICASET', 'CREATING', '{}', now())`,
        tells: told('cluster', 'Cluster0'),
      },
      {
        does: sql`insert into member (id, cluster_id, host_port, provider, region, role, position)
          values ('m', 'c', 'h:1', 'AWS', 'US_EAST_1', 'primary', 0)`,
        tells: told('cluster', 'Cluster0'),
      },
      {
        does: sql`update "group" set regional_mode = true where id = ${groupId}`,
        tells: told('group', groupId),
      },
      { does: sql`update "group" set next_pl = 7 where id = ${groupId}`, tells: null },
    ]
    const expected: unknown[] = []
    for (const { does, tells } of steps) {
      await put(does)
      if (tells === null) continue
      expected.push(tells)
      await until(() => reader.frames.map(({ data }) => data)).toEqual(expected)
    }
    expect(reader.frames.every(({ event, id }) => event === 'changed' && id === undefined)).toBe(true)
  })
})

describe('a stream ends', () => {
  const person = async (username: string) => {
    const person = await newPerson(plane.api, username, { group: ['GROUP_READ_ONLY'] })
    const reader = await follow('', { headers: { cookie: person.cookie } })
    await until(reader.lastEventId).toBeDefined()
    return { person, reader }
  }

  test('with the session that it was opened by', async () => {
    const { reader, person: jane } = await person('jane@example.com')
    await endSession(plane.api.parts, jane.cookie.split('=')[1] ?? '')
    await reader.ended
    await happens('unseen')
    expect(reader.frames).toEqual([])
  })

  test('with the role that let its reader in', async () => {
    const { reader, person: joe } = await person('joe@example.com')
    await stored.store.transact((tx) => tx.deleteFrom('role_assignment').where('holder_id', '=', joe.id).execute())
    await reader.ended
    expect(reader.frames).toEqual([])
  })

  test('with the service account', async () => {
    const caller = await plane.api.newCaller('SERVICE_ACCOUNT', { group: ['GROUP_READ_ONLY'] })
    const authorization = await caller({ method: '', path: '', challenge: '' })
    const reader = await follow('', { headers: { authorization } })
    await until(reader.lastEventId).toBeDefined()
    await stored.store.transact((tx) =>
      tx
        .deleteFrom('service_account')
        .where('client_id', 'in', (of) =>
          of.selectFrom('role_assignment').select('holder_id').where('role', '=', 'GROUP_READ_ONLY'),
        )
        .execute(),
    )
    await reader.ended
  })

  test('when the server stops, which does not wait for it', async () => {
    const other = await openPlane(stored.store)
    const reader = await follow('', { at: other })
    await until(reader.lastEventId).toBeDefined()
    other.stop()
    await other.listening.close(20_000)
    await reader.ended
  })

  test('by being cut, when its reader takes nothing for a while', async () => {
    const caller = await plane.api.newCaller('SERVICE_ACCOUNT', { group: ['GROUP_READ_ONLY'] })
    const path = `/api/postern/v1/groups/${plane.api.groupId}/events/stream`
    const headers = { authorization: await caller({ method: '', path: '', challenge: '' }) }
    const cut = new Promise<void>((resolve) => {
      const info = { remoteAddress: '127.0.0.1', rawTarget: path, cut: resolve }
      void plane.api.http.fetch(new Request(`http://localhost:8080${path}`, { headers }), info)
    })
    await cut
  })
})

test('one caller may hold so many streams, and no more until one ends', async () => {
  const caller = await plane.api.newCaller('SERVICE_ACCOUNT', { group: ['GROUP_READ_ONLY'] })
  const headers = { authorization: await caller({ method: '', path: '', challenge: '' }) }
  const held = await Promise.all(Array.from({ length: streamsPerActor }, () => follow('', { headers })))
  expect(held.map(({ status }) => status)).toEqual(Array(streamsPerActor).fill(200))
  const refused = await follow('', { headers })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('x-error-code')).toBe('POSTERN_TOO_MANY_STREAMS')
  held[0]?.kill()
  await until(async () => (await follow('', { headers })).status).toBe(200)
})

test('what a restored database brings along is of the past, whatever its transactions were numbered', async () => {
  const first = await createTestStore()
  const restored = {
    id: 'a'.repeat(24),
    org_id: 'o',
    group_id: 'g',
    type: 'GROUP_CREATED',
    actor_kind: 'SYSTEM',
    actor_id: '',
    actor_name: 'postern',
    target: '{}',
    created: new Date(),
  }
  await first.store.transact((tx) => tx.insertInto('event').values(restored).execute())
  await runStatements(first.store, [`update event set tx = '900000000000'`])
  await first.keep()
  const again = await createStore({ dataDir: first.dataDir })
  const { read } = again.store
  await again.store.transact((tx) =>
    tx
      .insertInto('event')
      .values({ ...restored, id: 'b'.repeat(24) })
      .execute(),
  )
  const range = { cursor: { tx: '0', n: 0 }, horizon: await horizonOf(read), limit: 10 }
  const rows = await eventsAfter(read, { place: { groupId: 'g' }, filter: { eventType: [] }, ...range })
  expect(rows.map(({ id }) => id)).toEqual(['a'.repeat(24), 'b'.repeat(24)])
  await again.close()
})

const missing = await whyNoPostgres()
if (missing !== null) process.stderr.write(`SKIPPED: streams of events on a PostgreSQL server: ${missing}\n`)

describe.skipIf(missing !== null)('two control planes on one PostgreSQL server', () => {
  let server: PostgresServer
  let stores: readonly OpenStore[]
  let planes: readonly Plane[]
  beforeAll(async () => {
    server = await startPostgres()
    const databaseUrl = await server.freshDatabase()
    stores = [await createStore({ databaseUrl }), await createStore({ databaseUrl })]
    planes = await Promise.all(stores.map(({ store }) => openPlane(store)))
  }, 60_000)
  afterAll(async () => {
    for (const { stop, listening } of planes ?? []) {
      stop()
      await listening.close(1000)
    }
    for (const { close } of stores ?? []) await close()
    await server?.stop()
  })

  test('tell what the other one wrote, and a reader may go on at the other one', async () => {
    const [one, other] = planes as readonly [Plane, Plane]
    const place = `groups/${one.api.groupId}`
    const bearer = { authorization: one.bearer }
    const first = await follow('', { at: one, place })
    await until(first.lastEventId).toBeDefined()
    await happens('at the other', {}, { at: one, store: other.api.parts.store })
    await until(() => names(first)).toEqual(['at the other'])
    first.kill()
    await happens('at this one', {}, { at: one })
    const id = first.lastEventId() ?? ''
    const second = await follow('', { at: other, place, headers: { ...bearer, 'last-event-id': id } })
    await until(() => names(second)).toEqual(['at this one'])
  })

  test('an event that commits late is told before what was numbered after it, and not lost', async () => {
    const [one, other] = planes as readonly [Plane, Plane]
    const { api } = one
    const reader = await follow('', { at: one })
    await until(reader.lastEventId).toBeDefined()
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let written = (): void => {}
    const begun = new Promise<void>((resolve) => {
      written = resolve
    })
    const event = { type: 'CLUSTER_CREATED', orgId: api.orgId, groupId: api.groupId, actor: null, sourceAddress: null }
    const late = other.api.parts.store.transact(async (tx) => {
      await recordEvent(tx, api.parts, { ...event, target: { clusterName: 'early number, late commit' } })
      written()
      await gate
    })
    await begun
    await happens('late number, early commit', {}, { at: one })
    // It has committed; a reader who trusted that would pass over the one that is still to come.
    const heartbeats = reader.heartbeats()
    await until(reader.heartbeats).toBeGreaterThan(heartbeats + 20)
    expect(names(reader)).toEqual([])
    release()
    await late
    await until(() => names(reader)).toEqual(['early number, late commit', 'late number, early commit'])
  })

  test('many writers at both at once: a reader who is cut off again and again sees each event once', async () => {
    const [one, other] = planes as readonly [Plane, Plane]
    const seen: string[] = []
    let reader = await follow('', { at: one })
    let lastEventId: string | undefined
    await until(reader.lastEventId).toBeDefined()
    const wanted: string[] = []
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      const store = (writer % 2 === 0 ? one : other).api.parts.store
      const own = Array.from({ length: 25 }, (_, index) => `w${writer}e${index}`)
      wanted.push(...own)
      for (const name of own) await happens(name, {}, { at: one, store })
    })
    const written = Promise.all(writers).then(() => happens('end', {}, { at: one }))
    for (let kills = 0; !seen.includes('end'); kills++) {
      await until(() => names(reader).includes('end') || seen.length + names(reader).length > kills * 20).toBe(true)
      reader.kill()
      await reader.ended
      seen.push(...names(reader))
      lastEventId = reader.lastEventId() ?? lastEventId
      if (!seen.includes('end')) reader = await resume(lastEventId, one)
    }
    await written
    expect(seen.toSorted()).toEqual([...wanted, 'end'].toSorted())
    for (let writer = 0; writer < 6; writer++)
      expect(seen.filter((name) => name.startsWith(`w${writer}e`))).toEqual(
        wanted.filter((name) => name.startsWith(`w${writer}e`)),
      )
  })
})
