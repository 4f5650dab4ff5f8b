// What deleting a deployment of the user's own takes back there, and whom it leaves.

import { type Db, MongoClient } from 'mongodb'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Engines } from '../../engines/engines.ts'
import type { Watch } from '../../engines/watch.ts'
import { clusterReconciler } from '../cluster/reconcile.ts'
import { customDbRoleReconciler } from '../custom-db-role/reconcile.ts'
import { databaseUserReconciler } from '../database-user/reconcile.ts'
import { admin, api, begin, dba, door, hello, makeOwn, on, own, register } from './own-deployment.testing.ts'

describe('deleting it', () => {
  const path = () => `/api/atlas/v2/groups/${api.groupId}`
  const make = async (username: string, roleName = 'mine') => {
    const body = { username, password: 'given by the API', roles: [{ roleName, databaseName: 'admin' }] }
    expect((await api.ask({ method: 'POST', path: `${path()}/databaseUsers`, body })).status).toBe(201)
  }
  const applied = async () => {
    const of = async (table: 'database_user' | 'custom_db_role') =>
      (await on.store.read.selectFrom(table).select('applied').where('group_id', '=', api.groupId).execute()).map(
        ({ applied: each }) => Object.keys(each as object).length,
      )
    return [await of('database_user'), await of('custom_db_role')]
  }
  const asDba = async <Result>(work: (db: Db) => Promise<Result>, hosts = own.hosts): Promise<Result> => {
    const client = new MongoClient(`mongodb://${hosts.join(',')}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    return work(client.db('admin')).finally(() => client.close())
  }
  const there = (hosts = own.hosts) =>
    asDba(async (db) => {
      const { users } = await db.command({ usersInfo: 1 })
      const { roles: has } = await db.command({ rolesInfo: 1 })
      return [
        users
          .map(({ user }: { user: string }) => user)
          .filter((user: string) => user !== dba.user)
          .toSorted(),
        has.map(({ role }: { role: string }) => role),
      ]
    }, hosts)
  const remove = async () => {
    expect((await api.ask({ method: 'DELETE', path: `${path()}/clusters/Mine` })).status).toBe(202)
    const rows = () => on.store.read.selectFrom('cluster').select('id').where('group_id', '=', api.groupId).execute()
    await expect.poll(rows, { timeout: 30_000 }).toEqual([])
  }
  const deleted = async () => {
    const events = on.store.read.selectFrom('event').select('target').where('type', '=', 'CLUSTER_DELETED')
    return (await events.where('group_id', '=', api.groupId).execute()).map(({ target }) => target)
  }
  const makeRole = async () => {
    const actions = [{ action: 'FIND', resources: [{ db: 'shop', collection: 'carts' }] }]
    const body = { roleName: 'mine', actions }
    expect((await api.ask({ method: 'POST', path: `${path()}/customDBRoles/roles`, body })).status).toBe(202)
  }
  beforeEach(() => makeRole())

  test('takes back users and roles that were made there, and nobody who was there before', async () => {
    await asDba((db) => db.command({ createUser: 'theirs', pwd: 'of their own', roles: [] }))
    await asDba((db) => db.command({ createUser: 'untold', pwd: 'of their own', roles: [] }))
    await register(admin)
    await make('ada')
    await make('theirs')
    await expect.poll(applied, { timeout: 30_000 }).toEqual([[1, 1], [1]])
    expect(await there()).toEqual([['ada', 'theirs', 'untold'], ['mine']])
    await remove()
    expect(await there()).toEqual([['theirs', 'untold'], []])
    expect(await deleted()).toEqual([{ clusterId: expect.any(String), clusterName: 'Mine', usersChanged: 'theirs' }])
    for (const dropUser of ['theirs', 'untold']) await asDba((db) => db.command({ dropUser }))
    expect(await hello(own.hosts[0] ?? '')).toMatchObject({ setName: 'own-set' })
  })

  describe('with turns one by one', () => {
    let engines: Engines
    /** Nobody's turn comes by itself from then on; the role is there, the user is not yet. */
    const beginWith = async (roleName: string) => {
      const begun = await begin()
      engines = begun.engines
      await makeRole()
      await make('ada', roleName)
      await begun.driver.stop()
      expect((await register(admin)).status).toBe(201)
      await roleTurn()
    }
    const only = async (table: 'cluster' | 'database_user' | 'custom_db_role') =>
      (await on.store.read.selectFrom(table).select('id').where('group_id', '=', api.groupId).executeTakeFirst())?.id
    const roleTurn = async () => customDbRoleReconciler(api.parts, engines).turn((await only('custom_db_role')) ?? '')
    const userTurn = async (by = engines) =>
      databaseUserReconciler(api.parts, by).turn((await only('database_user')) ?? '')
    const letGo = async () => {
      expect((await api.ask({ method: 'DELETE', path: `${path()}/clusters/Mine` })).status).toBe(202)
      const id = (await only('cluster')) ?? ''
      await expect
        .poll(() =>
          clusterReconciler(api.parts, engines)
            .turn(id)
            .then(() => only('cluster')),
        )
        .toBeUndefined()
    }

    test('leaves a user whom its owner made after an attempt that was refused', async () => {
      await beginWith('mine')
      await asDba((db) => db.command({ dropRole: 'mine' }))
      expect(await userTurn()).toEqual({ do: 'retry', reason: expect.stringContaining('Could not find role') })
      await asDba((db) => db.command({ createRole: 'mine', privileges: [], roles: [] }))
      await asDba((db) => db.command({ createUser: 'ada', pwd: 'of their own', roles: [] }))
      expect(await userTurn()).toEqual({ do: 'again', afterMs: 0 })
      await letGo()
      expect(await there()).toEqual([['ada'], []])
      expect(await deleted()).toMatchObject([{ usersChanged: 'ada' }])
      await asDba((db) => db.command({ dropUser: 'ada' }))
    })

    test('takes back a user of whom nobody could tell at once whether the attempt had succeeded', async () => {
      await beginWith('mine')
      let asked = 0
      const asAdmin: Watch['asAdmin'] = async (...about) => {
        asked += 1
        if (asked > 2) throw new Error('nobody answers')
        const answer = await engines.watch.asAdmin(...about)
        if (asked === 2) throw new Error('its answer is lost')
        return answer
      }
      const outcome = await userTurn({ ...engines, watch: { ...engines.watch, asAdmin } })
      expect(outcome).toEqual({ do: 'retry', reason: 'Mine: its answer is lost' })
      expect((await there())[0]).toEqual(['ada'])
      expect(await userTurn()).toEqual({ do: 'again', afterMs: 0 })
      await letGo()
      expect(await there()).toEqual([[], []])
    })

    test.each([
      { says: 'made for the first time', earlier: [] },
      { says: 'brought to another wish', earlier: [7] },
    ])('a user who is being $says at that moment does not stay', async ({ earlier }) => {
      await beginWith('readAnyDatabase')
      for (const wish of earlier) {
        await userTurn()
        await on.store.transact((tx) =>
          tx.updateTable('database_user').set({ wish }).where('group_id', '=', api.groupId).execute(),
        )
      }
      const look: Watch['look'] = async (...about) => {
        if ((await only('cluster')) !== undefined) await letGo()
        return engines.watch.look(...about)
      }
      expect(await userTurn({ ...engines, watch: { ...engines.watch, look } })).toEqual({ do: 'again', afterMs: 0 })
      expect(await only('cluster')).toBeUndefined()
      expect(await there()).toEqual([[], []])
      expect((await applied())[0]).toEqual([0])
    })
  })

  test('forgets one that does not answer all the same, and names what stays there', async () => {
    const lone = await makeOwn(1)
    await expect
      .poll(async () => (await register({ ...admin, connectionString: `mongodb://${lone.hosts[0]}` })).status)
      .toBe(201)
    await make('ada')
    await expect.poll(applied, { timeout: 30_000 }).toEqual([[1], [1]])
    await door('POST', `${lone.id}/members/0/kill`)
    // To be deleted, which was answered: it is not forgotten before it is named.
    expect((await api.ask({ method: 'DELETE', path: `${path()}/databaseUsers/admin/ada` })).status).toBe(204)
    await remove()
    const left = { usersLeft: 'ada', rolesLeft: 'mine', leftBecause: expect.stringMatching(/./) }
    expect(await deleted()).toMatchObject([{ clusterName: 'Mine', ...left }])
    const users = () =>
      on.store.read.selectFrom('database_user').select('id').where('group_id', '=', api.groupId).execute()
    await expect.poll(users, { timeout: 15_000 }).toEqual([])
  })
})

test('deleting it forgets it, and leaves it as it is', async () => {
  await register(admin)
  const path = `/api/atlas/v2/groups/${api.groupId}/clusters/Mine`
  expect((await api.ask({ method: 'DELETE', path })).status).toBe(202)
  const rows = () => on.store.read.selectFrom('cluster').select('id').where('group_id', '=', api.groupId).execute()
  await expect.poll(rows, { timeout: 15_000 }).toEqual([])
  expect(await hello(own.hosts[0] ?? '')).toMatchObject({ setName: 'own-set' })
})
