// Who gets in and what they may do, as the official driver meets it; users managed with plain commands.
import type { Db, MongoClient } from 'mongodb'
import { MongoClient as Client } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClusterReport } from './cluster.ts'
import { admin, clientOf, type Login, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let cluster: ClusterReport
let root: MongoClient
let users: Db
let count = 0
const clients: MongoClient[] = []

beforeAll(async () => {
  under = await startSandbox()
  cluster = await under.door.put('one', { members: 1 })
  root = clientOf(cluster)
  users = root.db('admin')
  await root.db('app').collection('things').insertOne({ a: 1 })
})
afterAll(async () => {
  await Promise.all([root?.close(), ...clients.map((client) => client.close())])
  await under?.end()
})
beforeEach(() => {
  count += 1
})

async function newUser(...roles: readonly { role: string; db: string }[]): Promise<Login & { client: MongoClient }> {
  const login = { user: `user${count}`, password: `pass ${count} =,ä` }
  await users.command({ createUser: login.user, pwd: login.password, roles })
  return { ...login, client: as(login) }
}

function as(login: Login): MongoClient {
  const client = clientOf(cluster, { serverSelectionTimeoutMS: 3000 }, login)
  clients.push(client)
  return client
}

describe('getting in', () => {
  test.each([
    ['a wrong password', { user: admin.user, password: 'wrong' }],
    ['an unknown user', { user: 'nobody', password: 'x' }],
  ])('%s is refused with code 18', async (_, login) => {
    await expect(as(login).db('app').command({ ping: 1 })).rejects.toMatchObject({
      code: 18,
      codeName: 'AuthenticationFailed',
    })
  })

  test('names and passwords with every kind of character', async () => {
    const login = { user: 'a,b=c/ü@:x', password: 'p=,%:@ ſ\u00a0x' }
    await users.command({ createUser: login.user, pwd: login.password, roles: ['read'] })
    expect(await as(login).db('admin').command({ connectionStatus: 1 })).toMatchObject({
      authInfo: { authenticatedUsers: [{ user: login.user, db: 'admin' }] },
    })
  })

  test('without a user nothing but the handshake works', async () => {
    const stranger = new Client(`mongodb://${cluster.members[0]?.hostPort}/?directConnection=true`)
    clients.push(stranger)
    expect(await stranger.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 })
    for (const command of [
      { find: 'things' },
      { insert: 'things', documents: [{}] },
      { listDatabases: 1 },
      { usersInfo: 1 },
      { replSetGetStatus: 1 },
    ]) {
      await expect(stranger.db('admin').command(command)).rejects.toMatchObject({ code: 13 })
    }
    await expect(stranger.db('admin').command({ frobnicate: 1 })).rejects.toMatchObject({ code: 59 })
  })

  test('without a speculative start, by saslStart, and with the empty exchange', async () => {
    const { conversation } = await saslByHand()
    expect(conversation).toEqual([false, false, true])
  })
})

describe('what a user may do', () => {
  test.each([
    ['read', 'app', { find: 'things' }, undefined],
    ['read', 'app', { insert: 'things', documents: [{}] }, 13],
    ['read', 'other', { find: 'things' }, 13],
    ['readWrite', 'app', { insert: 'things', documents: [{}] }, undefined],
    ['readWrite', 'app', { dropDatabase: 1 }, 13],
    ['readAnyDatabase', 'admin', { count: 'things' }, undefined],
    ['readAnyDatabase', 'admin', { delete: 'things', deletes: [{ q: {}, limit: 0 }] }, 13],
    ['readWriteAnyDatabase', 'admin', { createUser: 'x', pwd: 'y', roles: [] }, 13],
    ['clusterMonitor', 'admin', { find: 'things' }, 13],
  ])('%s on %s: %j is answered with %s', async (role, db, command, code) => {
    const { client } = await newUser({ role, db })
    const answer = client.db('app').command(command)
    if (code === undefined) expect(await answer).toMatchObject({ ok: 1 })
    else await expect(answer).rejects.toMatchObject({ code })
  })

  test('databases are listed as far as they may be read', async () => {
    await root.db('hidden').collection('a').insertOne({})
    const { client } = await newUser({ role: 'read', db: 'app' })
    expect((await client.db().admin().listDatabases()).databases.map(({ name }) => name)).toEqual(['app'])
  })

  test("another user's cursor is not theirs", async () => {
    await root
      .db('app')
      .collection('many')
      .insertMany(Array.from({ length: 10 }, () => ({})))
    const cursor = root.db('app').collection('many').find({}, { batchSize: 2 })
    await cursor.next()
    const { client } = await newUser({ role: 'root', db: 'admin' })
    await expect(client.db('app').command({ getMore: cursor.id, collection: 'many' })).rejects.toMatchObject({
      code: 13,
    })
    await cursor.close()
  })
})

describe('managing users', () => {
  test('roles are granted and revoked under open connections', async () => {
    const { client, user } = await newUser({ role: 'read', db: 'app' })
    const write = () => client.db('app').collection('things').insertOne({})
    await expect(write()).rejects.toMatchObject({ code: 13 })
    await users.command({ grantRolesToUser: user, roles: [{ role: 'readWrite', db: 'app' }] })
    await write()
    await users.command({ revokeRolesFromUser: user, roles: [{ role: 'readWrite', db: 'app' }] })
    await expect(write()).rejects.toMatchObject({ code: 13 })
    await users.command({ updateUser: user, roles: [{ role: 'readWriteAnyDatabase', db: 'admin' }] })
    await write()
  })

  test('a new password counts for the next connection', async () => {
    const { client, user, password } = await newUser({ role: 'read', db: 'app' })
    await client.db('app').command({ ping: 1 })
    await users.command({ updateUser: user, pwd: 'another' })
    await expect(as({ user, password }).db('app').command({ ping: 1 })).rejects.toMatchObject({ code: 18 })
    expect(await as({ user, password: 'another' }).db('app').command({ find: 'things' })).toMatchObject({ ok: 1 })
  })

  test('a user that was dropped is nobody, also under the same name again', async () => {
    const { client, user, password } = await newUser({ role: 'read', db: 'app' })
    const read = () => client.db('app').collection('things').findOne()
    await read()
    await users.command({ dropUser: user })
    await expect(read()).rejects.toMatchObject({ code: 13 })
    await users.command({ createUser: user, pwd: password, roles: [{ role: 'read', db: 'app' }] })
    await expect(read()).rejects.toMatchObject({ code: 13 })
    expect(await as({ user, password }).db('app').collection('things').findOne()).not.toBeNull()
  })

  test('usersInfo shows roles and never a verifier', async () => {
    const { user } = await newUser({ role: 'read', db: 'app' })
    const { users: found } = await users.command({ usersInfo: user })
    expect(found).toMatchObject([
      { _id: `admin.${user}`, user, db: 'admin', roles: [{ role: 'read', db: 'app' }], mechanisms: ['SCRAM-SHA-256'] },
    ])
    expect(Object.keys(found[0]).sort()).toEqual(['_id', 'db', 'mechanisms', 'roles', 'user', 'userId'])
    expect((await users.command({ usersInfo: { forAllDBs: true } })).users.length).toBeGreaterThan(1)
    expect((await users.command({ usersInfo: { user: 'nobody', db: 'admin' } })).users).toEqual([])
  })

  test('users see and change themselves, and nobody else', async () => {
    const { client, user } = await newUser({ role: 'read', db: 'app' })
    expect((await client.db('admin').command({ usersInfo: user })).users).toHaveLength(1)
    await client.db('admin').command({ updateUser: user, pwd: 'mine' })
    await expect(client.db('admin').command({ usersInfo: admin.user })).rejects.toMatchObject({ code: 13 })
    await expect(client.db('admin').command({ updateUser: admin.user, pwd: 'mine' })).rejects.toMatchObject({
      code: 13,
    })
    await expect(client.db('admin').command({ updateUser: user, roles: ['root'] })).rejects.toMatchObject({ code: 13 })
  })

  test.each([
    ['a user that is there', { createUser: admin.user, pwd: 'x', roles: [] }, 51003],
    ['a role that is not there', { createUser: 'x', pwd: 'x', roles: ['frob'] }, 31],
    ['no password', { createUser: 'x', roles: [] }, 14],
    ['an empty password', { createUser: 'x', pwd: '', roles: [] }, 2],
    ['a mechanism that is not there', { createUser: 'x', pwd: 'x', roles: [], mechanisms: ['SCRAM-SHA-1'] }, 2],
    ['a user that is not there', { dropUser: 'nobody' }, 11],
    ['nothing to update', { updateUser: admin.user }, 2],
  ])('%s is refused', async (_, command, code) => {
    await expect(users.command(command)).rejects.toMatchObject({ code })
  })
})

/** The exchange that a driver falls back to, spelt out with the driver's own connection-less pieces. */
async function saslByHand() {
  const { createHash, createHmac, pbkdf2Sync, randomBytes } = await import('node:crypto')
  const stranger = new Client(`mongodb://${cluster.members[0]?.hostPort}/?directConnection=true&maxPoolSize=1`)
  clients.push(stranger)
  const db = stranger.db('admin')
  const nonce = randomBytes(18).toString('base64')
  const bare = `n=${admin.user},r=${nonce}`
  const first = await db.command({
    saslStart: 1,
    mechanism: 'SCRAM-SHA-256',
    payload: Buffer.from(`n,,${bare}`),
    autoAuthorize: 1,
  })
  const serverFirst = Buffer.from(first.payload.buffer).toString()
  const [, serverNonce = '', salt = '', iterations = ''] = /^r=(.*),s=(.*),i=(.*)$/.exec(serverFirst) ?? []
  const salted = pbkdf2Sync(admin.password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const stored = createHash('sha256').update(clientKey).digest()
  const withoutProof = `c=biws,r=${serverNonce}`
  const signature = createHmac('sha256', stored).update(`${bare},${serverFirst},${withoutProof}`).digest()
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))).toString('base64')
  const { conversationId } = first
  const second = await db.command({
    saslContinue: 1,
    conversationId,
    payload: Buffer.from(`${withoutProof},p=${proof}`),
  })
  const third = await db.command({ saslContinue: 1, conversationId, payload: Buffer.alloc(0) })
  await db.command({ usersInfo: 1 })
  return { conversation: [first.done, second.done, third.done] }
}
