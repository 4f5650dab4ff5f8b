// What users feel on deployments when something of theirs changes while they are connected; and users who prove
// themselves by something else than a password, who are kept and made on no deployment.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AccessUnderTest, asUser, startAccess, told } from '../database-access/testing.ts'

let access: AccessUnderTest
const clients: MongoClient[] = []
beforeAll(async () => {
  access = await startAccess()
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await access?.end()
})
beforeEach(() => access.begin())

const ada = { username: 'ada', password: 'first password' }
const create = (more: object = {}) =>
  access.ask('POST', '/databaseUsers', {
    ...ada,
    databaseName: 'admin',
    groupId: access.api().groupId,
    roles: [{ roleName: 'readWrite', databaseName: 'shop' }],
    ...more,
  })
const insert = (client: MongoClient) => told(client.db('shop').collection('carts').insertOne({}))
const login = (uri: string, password = ada.password) => told(asUser(uri, { ...ada, password }, insertOrThrow))
const insertOrThrow = (client: MongoClient) => client.db('shop').collection('carts').insertOne({})

/** A client with one connection, which has authenticated. */
const connected = async (uri: string): Promise<MongoClient> => {
  const client = new MongoClient(uri, { auth: ada, authSource: 'admin', maxPoolSize: 1 })
  clients.push(client)
  await expect.poll(() => insert(client), { timeout: 30_000, interval: 100 }).toBe('ok')
  return client
}

describe('while a user is connected', () => {
  test('removed: the open connection may nothing from then on, and no new one is let in', async () => {
    const uri = await access.makeCluster('Removed')
    await create()
    const client = await connected(uri)
    expect((await access.ask('DELETE', '/databaseUsers/admin/ada')).status).toBe(204)
    await expect.poll(() => insert(client), { timeout: 20_000 }).toMatch(/not authorized|requires authentication/)
    expect(await login(uri)).toMatch(/authentication failed/i)
  })

  test('another password: the old one opens nothing more; who is in stays in, as MongoDB has it', async () => {
    const uri = await access.makeCluster('Password')
    await create()
    const client = await connected(uri)
    await access.ask('PATCH', '/databaseUsers/admin/ada', { password: 'second password' })
    await expect.poll(() => login(uri, 'second password'), { timeout: 20_000 }).toBe('ok')
    expect(await login(uri)).toMatch(/authentication failed/i)
    expect(await insert(client)).toBe('ok')
  })

  test('other roles, and other scopes, count for the open connection', async () => {
    const uri = await access.makeCluster('Scoped')
    await create()
    const client = await connected(uri)
    await access.ask('PATCH', '/databaseUsers/admin/ada', { roles: [{ roleName: 'read', databaseName: 'shop' }] })
    await expect.poll(() => insert(client), { timeout: 20_000 }).toMatch(/not authorized/)
    await access.ask('PATCH', '/databaseUsers/admin/ada', { scopes: [{ name: 'Elsewhere', type: 'CLUSTER' }] })
    await expect.poll(() => login(uri), { timeout: 20_000 }).toMatch(/authentication failed/i)
    await access.ask('PATCH', '/databaseUsers/admin/ada', { scopes: [] })
    await expect.poll(() => login(uri), { timeout: 20_000 }).toMatch(/not authorized/)
  })

  test('deleteAfterDate: gone at that moment, with nobody asking', async () => {
    const uri = await access.makeCluster('Temporary')
    await create({ deleteAfterDate: new Date(Date.now() + 3000).toISOString() })
    await expect
      .poll(async () => (await access.ask('GET', '/databaseUsers')).body.totalCount, { timeout: 30_000 })
      .toBe(0)
    expect(await login(uri)).toMatch(/authentication failed/i)
    const [event] = await access.store.read
      .selectFrom('event')
      .select(['actor_kind', 'target'])
      .where('group_id', '=', access.api().groupId)
      .where('type', '=', 'MONGODB_USER_DELETED')
      .execute()
    expect(event).toMatchObject({ actor_kind: 'SYSTEM', target: { reason: 'deleteAfterDate has passed' } })
  })
})

describe('users who prove themselves otherwise', () => {
  test('are kept and shown, and made on no deployment', async () => {
    await access.makeCluster('Kept')
    const kept = [
      { username: 'ada', x509Type: 'MANAGED' },
      { username: 'CN=bob,O=Org', x509Type: 'CUSTOMER' },
      { username: 'CN=cy,DC=example,DC=com', ldapAuthType: 'USER' },
      { username: 'CN=devs,DC=example,DC=com', ldapAuthType: 'GROUP' },
      { username: 'arn:aws:iam::123456789012:user/dee', awsIAMType: 'USER' },
      { username: 'arn:aws:iam::123456789012:role/app', awsIAMType: 'ROLE' },
      { username: '6553f0c8a3b1c2d4e5f60718/eve', oidcAuthType: 'USER' },
      { username: '6553f0c8a3b1c2d4e5f60718/group', oidcAuthType: 'IDP_GROUP', databaseName: 'admin' },
    ]
    for (const each of kept) {
      const made = await create({ password: undefined, databaseName: '$external', ...each })
      expect(made).toMatchObject({ status: 201, body: each })
      const path = `/databaseUsers/${made.body.databaseName}/${encodeURIComponent(each.username)}`
      expect((await access.ask('GET', path)).text).toBe(made.text)
    }
    const states = async () =>
      (await access.own('/databaseAccess')).body.results.map(({ state }: { state: string }) => state)
    await expect.poll(states, { timeout: 20_000 }).toEqual(kept.map(() => 'NOT_MANAGED'))
    const info = await access.asRoot('Kept', (root) => root.db('admin').command({ usersInfo: { forAllDBs: true } }))
    expect(info.users).toHaveLength(1)
  })
})
