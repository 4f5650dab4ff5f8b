// Custom roles through the API, on clusters of a real sandbox, felt by users with the official driver.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AccessUnderTest, asUser, startAccess, told } from '../database-access/testing.ts'

let access: AccessUnderTest
beforeAll(async () => {
  access = await startAccess()
})
afterAll(() => access?.end())
beforeEach(() => access.begin())

const roles = '/customDBRoles/roles'
const carts = { collection: 'carts', db: 'shop' }
const role = (more: object = {}) => ({
  roleName: 'cart-reader',
  actions: [{ action: 'FIND', resources: [carts] }],
  inheritedRoles: [],
  ...more,
})
const create = (more: object = {}) => access.ask('POST', roles, role(more))
const change = (body: object, name = 'cart-reader') => access.ask('PATCH', `${roles}/${name}`, body)
const ada = { username: 'ada', password: 'first password' }
const createUser = (roleNames: readonly string[] = ['cart-reader'], more: object = {}) =>
  access.ask('POST', '/databaseUsers', {
    ...ada,
    databaseName: 'admin',
    groupId: access.api().groupId,
    roles: roleNames.map((roleName) => ({ roleName, databaseName: 'admin' })),
    ...more,
  })

/** What ada may do in shop, in one word each. */
const may = (uri: string): Promise<object> =>
  asUser(uri, ada, async (client) => {
    const shop = client.db('shop')
    return {
      readCarts: await told(shop.collection('carts').findOne()),
      readOrders: await told(shop.collection('orders').findOne()),
      writeCarts: await told(shop.collection('carts').insertOne({})),
    }
  }).catch(String) as Promise<object>
const no = expect.stringMatching(/not authorized/)
const expectMay = (uri: string, expected: object) =>
  expect.poll(() => may(uri), { timeout: 30_000, interval: 100 }).toEqual(expected)

describe('a custom role, on real deployments', () => {
  test('gives what it names and nothing else; a change counts at once; a cluster made later has it', async () => {
    const first = await access.makeCluster('First')
    expect((await create()).status).toBe(202)
    expect((await createUser()).status).toBe(201)
    await expectMay(first, { readCarts: 'ok', readOrders: no, writeCarts: no })

    const actions = [{ action: 'INSERT', resources: [carts] }]
    const inheritedRoles = [{ db: 'shop', role: 'read' }]
    expect((await change({ actions, inheritedRoles })).status).toBe(200)
    await expectMay(first, { readCarts: 'ok', readOrders: 'ok', writeCarts: 'ok' })

    const second = await access.makeCluster('Second')
    await expectMay(second, { readCarts: 'ok', readOrders: 'ok', writeCarts: 'ok' })
    expect(access.driver().retries).toEqual([])
  })

  test('one that inherits from another; which takes something away from both', async () => {
    const uri = await access.makeCluster('Heirs')
    await create()
    const heir = { roleName: 'heir', actions: [{ action: 'INSERT', resources: [{ db: 'shop' }] }] }
    expect((await create({ ...heir, inheritedRoles: [{ db: 'admin', role: 'cart-reader' }] })).status).toBe(202)
    await createUser(['heir'])
    await expectMay(uri, { readCarts: 'ok', readOrders: no, writeCarts: 'ok' })
    expect((await access.ask('DELETE', `${roles}/cart-reader`)).status).toBe(204)
    await expectMay(uri, { readCarts: no, readOrders: no, writeCarts: 'ok' })
    expect((await access.ask('GET', `${roles}/heir`)).body.inheritedRoles).toEqual([])
  })

  test('deleted: users who have more than it lose it, on the deployment too, and it can be made anew', async () => {
    const uri = await access.makeCluster('Less')
    await create()
    await createUser(['cart-reader', 'clusterMonitor'])
    await expectMay(uri, { readCarts: 'ok', readOrders: no, writeCarts: no })
    expect(await access.ask('DELETE', `${roles}/cart-reader`)).toMatchObject({ status: 204, text: '' })
    await expectMay(uri, { readCarts: no, readOrders: no, writeCarts: no })
    expect((await access.ask('GET', '/databaseUsers/admin/ada')).body.roles).toEqual([
      { databaseName: 'admin', roleName: 'clusterMonitor' },
    ])
    const there = () => access.asRoot('Less', (root) => root.db('admin').command({ rolesInfo: 1 }))
    await expect.poll(async () => (await there()).roles, { timeout: 20_000 }).toEqual([])
    expect((await create()).status).toBe(202)
    await expect.poll(async () => (await there()).roles.length, { timeout: 20_000 }).toBe(1)
  })

  test('a deployment that is down gets the role, then the user who holds it, when it is back', async () => {
    const uri = await access.makeCluster('Down')
    await access.member('Down', 'kill')
    expect((await create()).status).toBe(202)
    expect((await createUser()).status).toBe(201)
    await expect
      .poll(async () => (await access.own('/databaseAccess')).body.results, { timeout: 20_000 })
      .toEqual([
        expect.objectContaining({
          kind: 'USER',
          name: 'ada',
          state: 'PENDING',
          errorMessage: 'it waits for the custom role cart-reader',
          clusters: [],
        }),
        expect.objectContaining({ kind: 'ROLE', name: 'cart-reader', state: 'PENDING', clusters: [] }),
      ])
    await access.member('Down', 'revive')
    await expectMay(uri, { readCarts: 'ok', readOrders: no, writeCarts: no })
  })

  test('actions that only Atlas’s other products know are kept, and made on no deployment', async () => {
    await access.makeCluster('Streams')
    const actions = [{ action: 'START_STREAM_PROCESSOR', resources: [{ cluster: true }] }]
    expect((await create({ actions })).body.actions).toEqual(actions)
    const info = await access.asRoot('Streams', (root) =>
      root.db('admin').command({ rolesInfo: 'cart-reader', showPrivileges: true }),
    )
    expect(info.roles).toMatchObject([{ role: 'cart-reader', privileges: [] }])
  })
})

describe('what the API says', () => {
  test('what was asked, keys in the recorded order, without the fields that do not apply', async () => {
    const made = await create({
      actions: [
        { action: 'FIND', resources: [{ cluster: false, collection: 'carts', db: 'shop' }] },
        { action: 'UPDATE', resources: [{ cluster: false, collection: '', db: 'shop' }] },
        { action: 'LIST_SESSIONS', resources: [{ cluster: true, collection: '', db: '' }] },
      ],
      inheritedRoles: [{ role: 'enableSharding', db: 'admin' }],
    })
    expect(made.text).toBe(
      JSON.stringify({
        actions: [
          { action: 'FIND', resources: [{ collection: 'carts', db: 'shop' }] },
          { action: 'UPDATE', resources: [{ db: 'shop' }] },
          { action: 'LIST_SESSIONS', resources: [{ cluster: true }] },
        ],
        inheritedRoles: [{ db: 'admin', role: 'enableSharding' }],
        roleName: 'cart-reader',
      }),
    )
    expect((await access.ask('GET', `${roles}/cart-reader`)).text).toBe(made.text)
    expect((await access.ask('GET', roles)).text).toBe(`[${made.text}]`)
    expect((await change({ inheritedRoles: [] })).body).toEqual({ ...made.body, inheritedRoles: [] })
  })

  test('events tell who did what to which role', async () => {
    await create()
    await change({ inheritedRoles: [{ db: 'shop', role: 'read' }] })
    await access.ask('DELETE', `${roles}/cart-reader`)
    const events = await access.store.read
      .selectFrom('event')
      .select(['type', 'target'])
      .where('group_id', '=', access.api().groupId)
      .where('type', 'like', 'MONGODB_ROLE%')
      .orderBy('created')
      .execute()
    const target = { roleName: 'cart-reader' }
    expect(events).toEqual(['ADDED', 'UPDATED', 'DELETED'].map((done) => ({ type: `MONGODB_ROLE_${done}`, target })))
  })

  test('the limit shows how many there are', async () => {
    await create()
    const limit = await access.ask('GET', '/limits/atlas.project.security.databaseAccess.customRoles')
    expect(limit.body).toMatchObject({ currentUsage: 1 })
  })
})

describe('what is refused', () => {
  const find = (resources: readonly object[]) => ({ actions: [{ action: 'FIND', resources }] })
  const inherits = (inheritedRole: string, db = 'admin') => ({ inheritedRoles: [{ db, role: inheritedRole }] })
  test.each([
    { says: 'a name with a space', more: { roleName: 'a b' }, code: 'ATLAS_CUSTOM_ROLE_INVALID_NAME' },
    { says: 'no name', more: { roleName: '' }, code: 'ATLAS_CUSTOM_ROLE_INVALID_NAME' },
    { says: 'a reserved prefix', more: { roleName: 'xgen-a' }, code: 'ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED' },
    { says: 'the name of Atlas’s own role', more: { roleName: 'read' }, code: 'ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED' },
    {
      says: 'the name of MongoDB’s own role',
      more: { roleName: 'root' },
      code: 'ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED',
    },
    { says: 'nothing that it gives', more: { actions: [] }, code: 'ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS' },
    {
      says: 'an action twice',
      more: { actions: [role().actions[0], role().actions[0]] },
      code: 'ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION',
    },
    { says: 'a resource twice', more: find([carts, carts]), code: 'ATLAS_DUPLICATE_CUSTOM_ROLE_RESOURCE' },
    { says: 'an action on no resource', more: find([]), code: 'ATLAS_INVALID_RESOURCE' },
    { says: 'find on the cluster', more: find([{ cluster: true }]), code: 'ATLAS_INVALID_RESOURCE' },
    { says: 'a resource that is nothing', more: find([{}]), code: 'ATLAS_INVALID_RESOURCE' },
    {
      says: 'an action on the cluster in a database',
      more: { actions: [{ action: 'SERVER_STATUS', resources: [{ db: 'shop' }] }] },
      code: 'ATLAS_INVALID_RESOURCE',
    },
    {
      says: 'an unknown action',
      more: { actions: [{ action: 'FLY', resources: [carts] }] },
      code: 'INVALID_ATTRIBUTE',
    },
    { says: 'an unknown inherited role', more: inherits('nobody'), code: 'ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE' },
    {
      says: 'an inherited role on the wrong database',
      more: inherits('clusterMonitor', 'shop'),
      code: 'ATLAS_INVALID_CUSTOM_ROLE_INHERITED_SCOPE',
    },
    { says: 'itself as parent', more: inherits('cart-reader'), code: 'ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL' },
  ])('at creation: $says', async ({ more, code }) => {
    expect(await create(more)).toMatchObject({ status: 400, body: { errorCode: code } })
    expect((await access.ask('GET', roles)).body).toEqual([])
  })

  test('a second one of the name', async () => {
    await create()
    expect(await create()).toMatchObject({
      status: 409,
      body: { errorCode: 'ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS', parameters: ['cart-reader'] },
    })
  })

  test('a circle of three', async () => {
    await create()
    await create({ roleName: 'b', ...inherits('cart-reader') })
    await create({ roleName: 'c', ...inherits('b') })
    expect(await change(inherits('c'))).toMatchObject({
      status: 400,
      body: { errorCode: 'ATLAS_INVALID_CUSTOM_ROLE_CIRCULAR_DEPENDENCY' },
    })
  })

  test('a change that leaves nothing, or another name', async () => {
    await create()
    expect(await change({ actions: [] })).toMatchObject({ status: 400 })
    expect(await change({ roleName: 'other' })).toMatchObject({ body: { errorCode: 'INVALID_ATTRIBUTE' } })
  })

  test('deletion of what is all that a user, or a role, has; each is named', async () => {
    await create()
    await createUser()
    expect(await access.ask('DELETE', `${roles}/cart-reader`)).toMatchObject({
      status: 409,
      body: { errorCode: 'ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS', parameters: ['ada'] },
    })
    await access.ask('DELETE', '/databaseUsers/admin/ada')
    await create({ roleName: 'heir', actions: [], ...inherits('cart-reader') })
    expect(await access.ask('DELETE', `${roles}/cart-reader`)).toMatchObject({
      status: 409,
      body: { errorCode: 'ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES', parameters: ['heir'] },
    })
    await access.ask('DELETE', `${roles}/heir`)
    expect((await access.ask('DELETE', `${roles}/cart-reader`)).status).toBe(204)
  })

  test('a user with a role that is not there, is leaving, or is given on another database', async () => {
    expect(await createUser()).toMatchObject({ status: 404, body: { errorCode: 'ATLAS_CUSTOM_ROLE_NOT_FOUND' } })
    await create()
    const elsewhere = [{ roleName: 'cart-reader', databaseName: 'shop' }]
    expect(await createUser([], { roles: elsewhere })).toMatchObject({
      status: 400,
      body: { errorCode: 'UNSUPPORTED_ROLE' },
    })
    await access.ask('DELETE', `${roles}/cart-reader`)
    expect(await createUser()).toMatchObject({ status: 404 })
  })

  test('more roles than the project may have', async () => {
    const name = 'atlas.project.security.databaseAccess.customRoles'
    await access.ask('PATCH', `/limits/${name}`, { value: 1 })
    await create()
    expect(await create({ roleName: 'b' })).toMatchObject({
      status: 403,
      body: { errorCode: 'CUSTOM_ROLES_LIMIT_EXCEEDED', parameters: [1] },
    })
  })

  test('one that is not there, by each way of naming it', async () => {
    const path = `${roles}/nobody`
    for (const answer of [await access.ask('GET', path), await change({}, 'nobody'), await access.ask('DELETE', path)])
      expect(answer).toMatchObject({ status: 404, body: { errorCode: 'ATLAS_CUSTOM_ROLE_NOT_FOUND' } })
  })
})
