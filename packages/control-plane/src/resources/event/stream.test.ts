// Streams of events and of changes, on one control plane over the embedded store: what is told, to whom, and what ends one.

import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { endSession } from '../../identity/session.ts'
import { createStore } from '../../store/create-store.ts'
import { createTestStore, runStatements, type TestStore } from '../../store/testing.ts'
import { newPerson } from '../user/testing.ts'
import { eventsAfter, horizonOf } from './order.ts'
import { follow, happens, killReaders, names, openPlane, type Plane, resume, until } from './plane.testing.ts'
import { recordEvent } from './record.ts'
import { streamsPerActor } from './stream-handlers.ts'

let stored: TestStore
let plane: Plane

beforeAll(async () => {
  stored = await createTestStore()
  plane = await openPlane(stored.store)
})
afterEach(killReaders)
afterAll(async () => {
  await plane?.close()
  await stored?.close()
})

describe('a stream', () => {
  test('tells what happens from now on, with id and the fields of the list', async () => {
    await happens(plane, 'before')
    const reader = await follow(plane)
    expect(reader.headers.get('content-type')).toBe('text/event-stream')
    expect(reader.headers.get('cache-control')).toBe('no-store')
    await until(reader.lastEventId).toMatch(/^[0-9a-f]{24}$/)
    await happens(plane, 'after')
    await until(() => names(reader)).toEqual(['after'])
    const [frame] = reader.frames
    expect(frame).toMatchObject({
      id: frame?.data.id,
      data: { eventTypeName: 'CLUSTER_CREATED', groupId: plane.api.groupId, publicKey: 'abcdefgh' },
    })
    expect(frame?.data.remoteAddress).toBe('192.0.2.1')
  })

  test('shows that it lives while nothing happens', async () => {
    const reader = await follow(plane)
    await until(reader.heartbeats).toBeGreaterThan(2)
    expect(reader.frames).toEqual([])
  })

  test('tells several events of one transaction in the order of their writing', async () => {
    const reader = await follow(plane)
    const { api } = plane
    const wanted = Array.from({ length: 8 }, (_, index) => `step${index}`)
    await api.parts.store.transact(async (tx) => {
      for (const clusterName of wanted) {
        const event = { type: 'CLUSTER_CREATED' as const, orgId: api.orgId, groupId: api.groupId, actor: null }
        await recordEvent(tx, api.parts, { ...event, sourceAddress: null, target: { clusterName } })
      }
    })
    await until(() => names(reader)).toEqual(wanted)
  })

  test('goes on after the last event that was read, however often the connection dies', async () => {
    const wanted = Array.from({ length: 120 }, (_, index) => `event${index}`)
    const seen: string[] = []
    let reader = await follow(plane)
    let lastEventId: string | undefined
    await until(reader.lastEventId).toBeDefined()
    const writing = (async () => {
      for (const name of wanted) {
        await happens(plane, name)
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
      reader = await resume(plane, lastEventId)
    }
    await writing
    expect(seen).toEqual(wanted)
  })

  test('goes on also for a reader who was cut off before the first event', async () => {
    const first = await follow(plane)
    await until(first.lastEventId).toBeDefined()
    const lastEventId = first.lastEventId()
    first.kill()
    await happens(plane, 'meanwhile')
    const second = await resume(plane, lastEventId)
    await until(() => names(second)).toEqual(['meanwhile'])
  })

  test('and tells him nothing of before, whatever the clocks said by which it was written', async () => {
    await happens(plane, 'by a clock that is ahead')
    await stored.store.transact((tx) => sql`update event set created = created + interval '1 hour'`.execute(tx))
    await happens(plane, 'by another')
    const first = await follow(plane)
    await until(first.lastEventId).toBeDefined()
    const lastEventId = first.lastEventId()
    first.kill()
    await happens(plane, 'meanwhile')
    const second = await resume(plane, lastEventId)
    await until(() => names(second)).toEqual(['meanwhile'])
  })

  test.each([
    { says: 'types', query: '?eventType=CLUSTER_READY', found: ['CLUSTER_READY'] },
    { says: 'all but some types', query: '?excludedEventType=CLUSTER_CREATED', found: ['CLUSTER_READY'] },
    { says: 'clusters', query: '?clusterNames=two', found: ['two'] },
  ])('is filtered by $says, as the list is', async ({ query, found }) => {
    const reader = await follow(plane, { query })
    await until(reader.lastEventId).toBeDefined()
    await happens(plane, 'one')
    await happens(plane, 'two')
    await happens(plane, '', { type: 'CLUSTER_READY', target: {} })
    await until(() => names(reader)).toEqual(found)
  })

  test('tells raw, where it is asked for', async () => {
    const reader = await follow(plane, { query: '?includeRaw=true' })
    await happens(plane, 'raw')
    await until(() => reader.frames[0]?.data.raw?.gn).toBe('Group 0')
  })

  test("of an organization tells what its list shows, and nothing of a group's own", async () => {
    const reader = await follow(plane, { place: `orgs/${plane.api.orgId}` })
    await happens(plane, 'hidden')
    await happens(plane, '', { type: 'GROUP_CREATED', target: {} })
    await happens(plane, '', { type: 'ORG_RENAMED', groupId: null, target: {} })
    await until(() => names(reader)).toEqual(['GROUP_CREATED', 'ORG_RENAMED'])
  })

  test.each([
    { says: 'an id that no event has', id: 'f'.repeat(24) },
    { says: 'what is no id', id: "x'; drop table event" },
  ])('cannot go on after $says', async ({ id }) => {
    const reader = await resume(plane, id)
    expect(reader.status).toBe(404)
    expect(reader.headers.get('x-error-code')).toBe('EVENT_NOT_FOUND')
  })

  test('answers HEAD with its headers alone', async () => {
    const url = `${plane.url}/api/postern/v1/groups/${plane.api.groupId}/events/stream`
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
    const reader = await follow(plane)
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
    const reader = await follow(plane, { headers: { cookie: person.cookie } })
    await until(reader.lastEventId).toBeDefined()
    return { person, reader }
  }

  test('with the session that it was opened by', async () => {
    const { reader, person: jane } = await person('jane@example.com')
    await endSession(plane.api.parts, jane.cookie.split('=')[1] ?? '')
    await reader.ended
    await happens(plane, 'unseen')
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
    const reader = await follow(plane, { headers: { authorization } })
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
    const reader = await follow(other)
    await until(reader.lastEventId).toBeDefined()
    await other.close(20_000)
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
  const held = await Promise.all(Array.from({ length: streamsPerActor }, () => follow(plane, { headers })))
  expect(held.map(({ status }) => status)).toEqual(Array(streamsPerActor).fill(200))
  const refused = await follow(plane, { headers })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('x-error-code')).toBe('POSTERN_TOO_MANY_STREAMS')
  held[0]?.kill()
  await until(async () => (await follow(plane, { headers })).status).toBe(200)
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
