// Somebody changes users and roles on a deployment, past the control plane: it is noticed, told and put right.

import type { Db } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AccessUnderTest, asUser, startAccess, told } from './testing.ts'

let access: AccessUnderTest
beforeAll(async () => {
  access = await startAccess()
})
afterAll(() => access?.end())

let uri: string
const ada = { username: 'ada', password: 'first password' }

/** A cluster with a role, and a user who holds nothing else. */
beforeEach(async () => {
  await access.begin()
  uri = await access.makeCluster('Shop')
  const actions = [{ action: 'FIND', resources: [{ db: 'shop', collection: 'carts' }] }]
  await access.ask('POST', '/customDBRoles/roles', { roleName: 'mine', actions })
  const roles = [{ roleName: 'mine', databaseName: 'admin' }]
  const body = { ...ada, databaseName: 'admin', groupId: access.api().groupId, roles }
  await access.ask('POST', '/databaseUsers', body)
  await settled()
})

const standing = async (kind: 'USER' | 'ROLE') =>
  (await access.own('/databaseAccess')).body.results.find((each: { kind: string }) => each.kind === kind)
const settled = () =>
  expect
    .poll(async () => [(await standing('USER'))?.clusters, (await standing('ROLE'))?.clusters], { timeout: 30_000 })
    .toEqual([['Shop'], ['Shop']])

const onDeployment = <Result>(work: (admin: Db) => Promise<Result>): Promise<Result> =>
  access.asRoot('Shop', (root) => work(root.db('admin')))

const look = async () => access.turnOf('databaseAccess', await access.idOf('Shop'))
const events = () =>
  access.store.read
    .selectFrom('event')
    .select(['type', 'target', 'actor_kind'])
    .where('group_id', '=', access.api().groupId)
    .where('type', 'like', '%_DRIFT_DETECTED')
    .orderBy('type')
    .execute()

const findCarts = (password = ada.password) =>
  told(asUser(uri, { ...ada, password }, (client) => client.db('shop').collection('carts').findOne()))

describe('put right, and told', () => {
  const user = { type: 'MONGODB_USER_DRIFT_DETECTED', actor_kind: 'SYSTEM' }
  const role = { type: 'MONGODB_ROLE_DRIFT_DETECTED', actor_kind: 'SYSTEM' }
  const ofUser = { username: 'ada', databaseName: 'admin', clusterName: 'Shop' }
  const ofRole = { roleName: 'mine', clusterName: 'Shop' }
  test.each([
    {
      says: 'roles of a user that were taken',
      change: { updateUser: 'ada', roles: [] },
      event: [{ ...user, target: { ...ofUser, difference: 'its roles were changed' } }],
    },
    {
      says: 'a role that was given to a user',
      change: { grantRolesToUser: 'ada', roles: ['root'] },
      event: [{ ...user, target: { ...ofUser, difference: 'its roles were changed' } }],
    },
    {
      says: 'a password that was set',
      change: { updateUser: 'ada', pwd: 'their password' },
      event: [{ ...user, target: { ...ofUser, difference: 'its password was set' } }],
    },
    {
      says: 'a user that was removed',
      change: { dropUser: 'ada' },
      event: [{ ...user, target: { ...ofUser, difference: 'the user was removed' } }],
    },
    {
      says: 'privileges of a role that were taken',
      change: { updateRole: 'mine', privileges: [] },
      event: [{ ...role, target: { ...ofRole, difference: 'its privileges were changed' } }],
    },
    {
      says: 'a privilege on everything that was given to a role',
      change: { updateRole: 'mine', privileges: [{ resource: { anyResource: true }, actions: ['find'] }] },
      event: [{ ...role, target: { ...ofRole, difference: 'its privileges were changed' } }],
    },
    {
      says: 'a role that was removed, and with it taken from the user',
      change: { dropRole: 'mine' },
      event: [
        { ...role, target: { ...ofRole, difference: 'the role was removed' } },
        { ...user, target: { ...ofUser, difference: 'its roles were changed' } },
      ],
    },
  ])('$says', async ({ change, event }) => {
    const before = await onDeployment((admin) => admin.command({ usersInfo: 'ada' }))
    await onDeployment((admin) => admin.command(change))
    await look()
    await expect.poll(events, { timeout: 20_000 }).toEqual(event)
    await expect.poll(() => findCarts(), { timeout: 20_000, interval: 100 }).toBe('ok')
    await expect.poll(() => findCarts('their password')).toMatch(/authentication failed/i)
    await settled()
    const after = await onDeployment((admin) => admin.command({ usersInfo: 'ada' }))
    expect(after.users[0].roles).toEqual(before.users[0].roles)
    const told = await standing(event[0]?.type.includes('USER') ? 'USER' : 'ROLE')
    expect(told).toMatchObject({
      state: 'READY',
      drift: { clusterName: 'Shop', difference: event[0]?.target.difference, noticedAt: expect.any(String) },
    })
  })
})

test('is told no longer once its cluster is gone', async () => {
  await onDeployment((admin) => admin.command({ updateUser: 'ada', roles: [] }))
  await look()
  await expect
    .poll(async () => (await standing('USER')).drift, { timeout: 20_000 })
    .toMatchObject({ clusterName: 'Shop' })
  await settled()
  expect((await access.ask('DELETE', '/clusters/Shop')).status).toBe(202)
  await expect.poll(async () => (await access.ask('GET', '/clusters/Shop')).status, { timeout: 20_000 }).toBe(404)
  expect((await standing('USER')).drift).toBeNull()
})

describe('what is no drift', () => {
  /** Until a look that began after now has ended: it would have found what was before it. */
  const looked = async () => {
    await onDeployment((admin) => admin.command({ createUser: 'marker', pwd: 'of theirs', roles: [] }))
    await access.ask('POST', '/databaseUsers', {
      username: 'witness',
      password: 'second password',
      databaseName: 'admin',
      groupId: access.api().groupId,
      roles: [{ roleName: 'read', databaseName: 'shop' }],
    })
    await expect
      .poll(
        async () =>
          (await access.own('/databaseAccess')).body.results.find(({ name }: { name: string }) => name === 'witness')
            ?.clusters,
        { timeout: 20_000 },
      )
      .toEqual(['Shop'])
    await onDeployment((admin) => admin.command({ dropUser: 'witness' }))
    await look()
    await expect.poll(events, { timeout: 20_000 }).toMatchObject([{ target: { username: 'witness' } }])
  }

  test('users as they are wished, and the deployment’s own, which stay', async () => {
    await looked()
    const info = await onDeployment((admin) => admin.command({ usersInfo: 'marker' }))
    expect(info.users).toHaveLength(1)
    expect((await standing('USER')).drift).toBeNull()
  })

  test('changes of our own', async () => {
    await access.ask('PATCH', '/databaseUsers/admin/ada', { password: 'third password' })
    await access.ask('PATCH', '/customDBRoles/roles/mine', { inheritedRoles: [{ db: 'shop', role: 'read' }] })
    await settled()
    await looked()
    expect(await findCarts('third password')).toBe('ok')
    expect((await standing('USER')).drift).toBeNull()
  })
})
