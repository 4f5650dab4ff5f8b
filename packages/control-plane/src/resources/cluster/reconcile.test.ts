import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Seen } from '../../engines/engine.ts'
import type { Engines } from '../../engines/engines.ts'
import { registeredEngine } from '../../engines/registered.ts'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { describeDeployment } from '../deployment/description.ts'
import { clusterReconciler } from './reconcile.ts'

// What is seen is handed in, so that a wish can come, and a process end, at any moment of a turn.

let stored: TestStore
let api: TestApi
let id: string
let seen: Seen
let whileLooking: () => Promise<unknown>

beforeAll(async () => {
  stored = await createTestStore()
})
afterAll(() => stored.close())

const members = ['a:1', 'b:2'].map((hostPort, at) => ({ hostPort, role: at === 0 ? 'primary' : 'secondary' }) as const)
const healthy: Seen = { kind: 'replicaSet', setName: 'rs', hasPrimary: true, hidden: null, version: '8.0.4', members }

beforeEach(async () => {
  api = await createTestApi(stored.store, () => ({}))
  const { ids, seal } = api.parts
  id = ids.objectId()
  seen = healthy
  whileLooking = async () => {}
  const place = { provider: 'AWS', region: 'US_EAST_1' } as const
  const spec = describeDeployment({ ...place, clusterType: 'REPLICASET', members: 2, version: null }, ids)
  await stored.store.transact((tx) =>
    tx
      .insertInto('cluster')
      .values({
        id,
        group_id: api.groupId,
        name: 'Mine',
        engine: 'registered',
        cluster_type: 'REPLICASET',
        state: 'CREATING',
        spec: JSON.stringify(spec),
        set_name: null,
        mongodb_version: null,
        access: seal.close(id, JSON.stringify({ hosts: ['a:1'], admin: null, tls: null })),
        tls: 'null',
        error_message: null,
        created: new Date(),
      })
      .execute(),
  )
})

const reconciler = () => {
  const engines: Engines = {
    of: () => registeredEngine(),
    watch: {
      look: async () => {
        const now = seen
        await whileLooking()
        return now
      },
      asAdmin: async () => Promise.reject(new Error('not asked for here')),
      forget: async () => {},
      close: async () => {},
    },
    visit: async () => Promise.reject(new Error('not asked for here')),
    made: new Map(),
    forget: async () => {},
    close: async () => {},
  }
  return clusterReconciler(api.parts, engines)
}
const turns = async (count: number) => {
  const one = reconciler()
  for (let turn = 0; turn < count; turn += 1) await one.turn(id)
}
const row = () => stored.store.read.selectFrom('cluster').selectAll().where('id', '=', id).executeTakeFirst()
const memberRows = () =>
  stored.store.read.selectFrom('member').selectAll().where('cluster_id', '=', id).orderBy('position').execute()
const askToDelete = () =>
  stored.store.transact((tx) =>
    tx
      .updateTable('cluster')
      .set(({ eb }) => ({ delete_requested: true, revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .execute(),
  )

describe('a turn', () => {
  test('records what is seen, and the same turn again changes nothing', async () => {
    await turns(2)
    expect(await row()).toMatchObject({ state: 'IDLE', set_name: 'rs', mongodb_version: '8.0.4' })
    const before = [await row(), await memberRows()]
    await turns(3)
    expect([await row(), await memberRows()]).toEqual(before)
  })

  test('starts over after a crash at any place', async () => {
    for (const count of [1, 1, 1]) await turns(count)
    await turns(2)
    expect((await memberRows()).map(({ host_port }) => host_port)).toEqual(['a:1', 'b:2'])
  })

  test('does not save over a wish that came while it looked', async () => {
    await turns(2)
    seen = { ...healthy, members: members.slice(0, 1) }
    whileLooking = askToDelete
    const one = reconciler()
    await one.turn(id)
    expect(await one.turn(id)).toEqual({ do: 'again', afterMs: 0 })
    expect(await memberRows()).toHaveLength(2)
    whileLooking = async () => {}
    expect(await one.turn(id)).toEqual({ do: 'settled' })
    expect(await row()).toBeUndefined()
    expect(await memberRows()).toEqual([])
  })

  test('keeps what a hidden member is to have again, and drops nobody while the configuration cannot be read', async () => {
    await turns(2)
    const [, second] = await memberRows()
    await stored.store.transact((tx) =>
      tx
        .insertInto('standard_port')
        .values({ member_id: second?.id ?? '', gateway_port: 40_007 })
        .execute(),
    )
    const ports = () => stored.store.read.selectFrom('standard_port').selectAll().execute()
    seen = {
      ...healthy,
      members: [
        { hostPort: 'a:1', role: 'primary' },
        { hostPort: 'b:2', role: 'hidden' },
      ],
    }
    await turns(2)
    expect((await memberRows()).map(({ role }) => role)).toEqual(['primary', 'hidden'])
    expect(await ports()).toEqual([{ member_id: second?.id, gateway_port: 40_007 }])
    const listed = [{ hostPort: 'a:1', role: 'primary' }] as const
    const why = async () => (await row())?.hidden_unknown
    seen = { ...healthy, members: listed, hidden: 'UNREAD' }
    await turns(2)
    expect(await memberRows()).toHaveLength(2)
    expect(await why()).toBe('UNREAD')
    seen = { kind: 'unreachable', reason: 'away' }
    await turns(2)
    expect((await memberRows()).map(({ role }) => role)).toEqual(['unknown', 'hidden'])
    seen = { ...healthy, members: listed, hidden: 'NOT_TOLD' }
    await turns(2)
    expect(await why()).toBe('NOT_TOLD')
    expect((await memberRows()).map(({ role }) => role)).toEqual(['primary', 'hidden'])
    seen = healthy
    await turns(2)
    expect((await memberRows()).map(({ role }) => role)).toEqual(['primary', 'secondary'])
    expect(await why()).toBeNull()
    expect(await ports()).toEqual([{ member_id: second?.id, gateway_port: 40_007 }])
    seen = { ...healthy, members: listed }
    await turns(2)
    expect(await memberRows()).toHaveLength(1)
  })

  test('of a cluster that is gone is settled', async () => {
    await askToDelete()
    await turns(1)
    expect(await reconciler().turn(id)).toEqual({ do: 'settled' })
  })

  test('wakes the users of the group when the cluster comes to stand, and when it answers again', async () => {
    const userId = api.parts.ids.objectId()
    await stored.store.transact((tx) =>
      tx
        .insertInto('database_user')
        .values({
          id: userId,
          group_id: api.groupId,
          username: 'ada',
          database_name: 'admin',
          password: null,
          spec: '{}',
          state: 'READY',
          applied: '{}',
          error_message: null,
          delete_after: null,
          created: new Date(),
        })
        .execute(),
    )
    const woken = () => api.parts.woken.filter(({ kind }) => kind === 'databaseUser').map(({ id }) => id)
    await turns(2)
    expect(woken()).toEqual([userId])
    seen = { kind: 'unreachable', reason: 'down' }
    await turns(2)
    expect((await row())?.error_message).toBe('down')
    expect(await memberRows()).toHaveLength(2)
    expect(woken()).toEqual([userId])
    seen = healthy
    await turns(2)
    expect((await row())?.error_message).toBeNull()
    expect(woken()).toEqual([userId, userId])
  })

  test('tells the feeds of a change, and of nothing else', async () => {
    const told = () => api.parts.woken.filter(({ kind }) => kind === 'feed').length
    await turns(2)
    const after = told()
    expect(after).toBeGreaterThan(0)
    await turns(2)
    expect(told()).toBe(after)
  })
})

test('every cluster is rescanned', async () => expect(await reconciler().ids()).toContain(id))
