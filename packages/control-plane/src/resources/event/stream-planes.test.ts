// Streams of events where several control planes write to one PostgreSQL server, and any of them may be read.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createStore, type OpenStore } from '../../store/create-store.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../store/postgres-server.testing.ts'
import { follow, happens, killReaders, names, openPlane, type Plane, resume, until } from './plane.testing.ts'
import { recordEvent } from './record.ts'

afterEach(killReaders)

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
    for (const plane of planes ?? []) await plane.close()
    for (const { close } of stores ?? []) await close()
    await server?.stop()
  })

  test('tell what the other one wrote, and a reader may go on at the other one', async () => {
    const [one, other] = planes as readonly [Plane, Plane]
    const place = `groups/${one.api.groupId}`
    const bearer = { authorization: one.bearer }
    const first = await follow(one, { place })
    await until(first.lastEventId).toBeDefined()
    await happens(one, 'at the other', {}, other.api.parts.store)
    await until(() => names(first)).toEqual(['at the other'])
    first.kill()
    await happens(one, 'at this one')
    const id = first.lastEventId() ?? ''
    const second = await follow(other, { place, headers: { ...bearer, 'last-event-id': id } })
    await until(() => names(second)).toEqual(['at this one'])
  })

  test('an event that commits late is told before what was numbered after it, and not lost', async () => {
    const [one, other] = planes as readonly [Plane, Plane]
    const { api } = one
    const reader = await follow(one)
    await until(reader.lastEventId).toBeDefined()
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let written = (): void => {}
    const begun = new Promise<void>((resolve) => {
      written = resolve
    })
    const type = 'CLUSTER_CREATED' as const
    const event = { type, orgId: api.orgId, groupId: api.groupId, actor: null, sourceAddress: null }
    const late = other.api.parts.store.transact(async (tx) => {
      await recordEvent(tx, api.parts, { ...event, target: { clusterName: 'early number, late commit' } })
      written()
      await gate
    })
    await begun
    await happens(one, 'late number, early commit')
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
    let reader = await follow(one)
    let lastEventId: string | undefined
    await until(reader.lastEventId).toBeDefined()
    const wanted: string[] = []
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      const store = (writer % 2 === 0 ? one : other).api.parts.store
      const own = Array.from({ length: 25 }, (_, index) => `w${writer}e${index}`)
      wanted.push(...own)
      for (const name of own) await happens(one, name, {}, store)
    })
    const written = Promise.all(writers).then(() => happens(one, 'end'))
    for (let kills = 0; !seen.includes('end'); kills++) {
      await until(() => names(reader).includes('end') || seen.length + names(reader).length > kills * 20).toBe(true)
      reader.kill()
      await reader.ended
      seen.push(...names(reader))
      lastEventId = reader.lastEventId() ?? lastEventId
      if (!seen.includes('end')) reader = await resume(one, lastEventId)
    }
    await written
    expect(seen.toSorted()).toEqual([...wanted, 'end'].toSorted())
    for (let writer = 0; writer < 6; writer++)
      expect(seen.filter((name) => name.startsWith(`w${writer}e`))).toEqual(
        wanted.filter((name) => name.startsWith(`w${writer}e`)),
      )
  })
})
