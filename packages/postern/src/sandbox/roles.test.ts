// Roles of the user's own, made with plain commands and met through the official driver.
import type { Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClusterReport } from './cluster.ts'
import { clientOf, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let cluster: ClusterReport
let root: MongoClient
let admin: Db
let count = 0
const clients: MongoClient[] = []

beforeAll(async () => {
  under = await startSandbox()
  cluster = await under.door.put('one', { members: 1 })
  root = clientOf(cluster)
  admin = root.db('admin')
  await root
    .db('app')
    .collection('things')
    .insertOne({ _id: 1 as never })
  await root.db('app').collection('secrets').insertOne({ a: 1 })
})
afterAll(async () => {
  await Promise.all([root?.close(), ...clients.map((client) => client.close())])
  await under?.end()
})
beforeEach(() => {
  count += 1
})

const things = { db: 'app', collection: 'things' }

/** Makes a role with these privileges and a user who holds nothing else; answers the user's client and the name. */
async function holder(...privileges: readonly object[]): Promise<{ client: MongoClient; name: string; app: Db }> {
  const name = `role${count}`
  await admin.command({ createRole: name, privileges, roles: [] })
  await admin.command({ createUser: name, pwd: 'a password', roles: [name] })
  const client = clientOf(cluster, {}, { user: name, password: 'a password' })
  clients.push(client)
  return { client, name, app: client.db('app') }
}

describe('what a role of one’s own allows', () => {
  test.each([
    ['find on a collection', { find: 'things' }, ['find'], undefined],
    ['not find on another', { find: 'secrets' }, ['find'], 13],
    ['not what it does not name', { insert: 'things', documents: [{}] }, ['find'], 13],
    ['insert', { insert: 'things', documents: [{}] }, ['insert'], undefined],
    ['update', { update: 'things', updates: [{ q: {}, u: { $set: { b: 1 } } }] }, ['update'], undefined],
    ['no upsert without insert', { update: 'things', updates: [{ q: {}, u: {}, upsert: true }] }, ['update'], 13],
    ['remove', { delete: 'things', deletes: [{ q: { none: 1 }, limit: 0 }] }, ['remove'], undefined],
    ['findAndModify that reads and writes', { findAndModify: 'things', query: {}, remove: true }, ['find'], 13],
    [
      'findAndModify with both',
      { findAndModify: 'things', query: { no: 1 }, remove: true },
      ['find', 'remove'],
      undefined,
    ],
    ['createIndex', { createIndexes: 'things', indexes: [{ key: { b: 1 }, name: 'b' }] }, ['createIndex'], undefined],
    ['collStats', { collStats: 'things' }, ['collStats'], undefined],
    ['not dbStats by a collection', { dbStats: 1 }, ['dbStats'], 13],
    ['no lookup in another collection', lookup('secrets'), ['find'], 13],
    ['a lookup in its own', lookup('things'), ['find'], undefined],
  ])('%s: %j', async (_, command, actions, code) => {
    const { app } = await holder({ resource: things, actions })
    const answer = app.command(command)
    if (code === undefined) expect(await answer).toMatchObject({ ok: 1 })
    else await expect(answer).rejects.toMatchObject({ code })
  })

  test('an action on the cluster, and no other', async () => {
    const { client } = await holder({ resource: { cluster: true }, actions: ['serverStatus'] })
    expect(await client.db('admin').command({ serverStatus: 1 })).toMatchObject({ ok: 1 })
    await expect(client.db('admin').command({ replSetGetStatus: 1 })).rejects.toMatchObject({ code: 13 })
  })

  test('names are listed as far as they may be read', async () => {
    const { client, app } = await holder({ resource: things, actions: ['find'] })
    expect((await client.db().admin().listDatabases()).databases.map(({ name }) => name)).toEqual(['app'])
    const named = await app.listCollections({}, { nameOnly: true, authorizedCollections: true }).toArray()
    expect(named.map(({ name }) => name)).toEqual(['things'])
    await expect(app.listCollections().toArray()).rejects.toMatchObject({ code: 13 })
  })

  test('changes, and the end of the role, count for open connections and open cursors', async () => {
    const { name, app } = await holder({ resource: things, actions: ['find', 'insert'] })
    await app.collection('things').insertMany(Array.from({ length: 5 }, () => ({})))
    const cursor = app.collection('things').find({}, { batchSize: 2 })
    await cursor.next()
    await admin.command({ updateRole: name, privileges: [{ resource: things, actions: ['insert'] }] })
    await expect(cursor.toArray()).rejects.toMatchObject({ code: 13 })
    await expect(app.collection('things').findOne()).rejects.toMatchObject({ code: 13 })
    await app.collection('things').insertOne({})
    await admin.command({ dropRole: name })
    await expect(app.collection('things').insertOne({})).rejects.toMatchObject({ code: 13 })
    expect((await admin.command({ usersInfo: name })).users).toMatchObject([{ roles: [] }])
  })

  test('a role that is granted later counts at once', async () => {
    const { name, app } = await holder()
    await expect(app.command({ find: 'secrets' })).rejects.toMatchObject({ code: 13 })
    await admin.command({ createRole: `${name}-more`, privileges: [], roles: [{ role: 'read', db: 'app' }] })
    await admin.command({ grantRolesToUser: name, roles: [`${name}-more`] })
    expect(await app.command({ find: 'secrets' })).toMatchObject({ ok: 1 })
    await admin.command({ revokeRolesFromUser: name, roles: [`${name}-more`] })
    await expect(app.command({ find: 'secrets' })).rejects.toMatchObject({ code: 13 })
  })
})

describe('managing roles', () => {
  test('rolesInfo shows privileges only when asked', async () => {
    const { name } = await holder({ resource: things, actions: ['find'] })
    const plain = { _id: `admin.${name}`, role: name, db: 'admin', roles: [], isBuiltin: false }
    expect((await admin.command({ rolesInfo: name })).roles).toEqual([plain])
    expect((await admin.command({ rolesInfo: { role: name, db: 'admin' }, showPrivileges: true })).roles).toEqual([
      { ...plain, privileges: [{ resource: things, actions: ['find'] }] },
    ])
    expect((await admin.command({ rolesInfo: 1 })).roles.length).toBeGreaterThan(0)
    expect((await admin.command({ rolesInfo: 'nobody' })).roles).toEqual([])
  })

  test('who does not manage users manages no roles', async () => {
    const { client } = await holder({ resource: things, actions: ['find'] })
    for (const command of [{ createRole: 'x', privileges: [], roles: [] }, { rolesInfo: 1 }, { dropRole: 'x' }])
      await expect(client.db('admin').command(command)).rejects.toMatchObject({ code: 13 })
  })

  test('credentials are shown to who manages users, and change with the password', async () => {
    const { name, client } = await holder()
    const shown = async () => (await admin.command({ usersInfo: name, showCredentials: true })).users[0].credentials
    const before = await shown()
    expect(Object.keys(before['SCRAM-SHA-256'])).toEqual(['iterationCount', 'salt', 'storedKey', 'serverKey'])
    await expect(client.db('admin').command({ usersInfo: name, showCredentials: true })).rejects.toMatchObject({
      code: 13,
    })
    await admin.command({ updateUser: name, pwd: 'another' })
    expect(await shown()).not.toEqual(before)
  })

  test('roles survive a restart, with the users who hold them', async () => {
    const dir = under.dir
    const { name } = await holder({ resource: things, actions: ['find'] })
    await under.sandbox.close()
    under = await startSandbox({ dir })
    cluster = await under.door.put('one', { members: 1 })
    await root.close()
    root = clientOf(cluster)
    admin = root.db('admin')
    const client = clientOf(cluster, {}, { user: name, password: 'a password' })
    clients.push(client)
    expect(
      await client
        .db('app')
        .collection('things')
        .findOne({ _id: 1 as never }),
    ).not.toBeNull()
    await expect(client.db('app').collection('secrets').findOne()).rejects.toMatchObject({ code: 13 })
  })

  const role = (more: object) => ({ createRole: 'x', privileges: [], roles: [], ...more })
  test.each([
    ['a built-in name', role({ createRole: 'read' }), 51002],
    ['an empty name', role({ createRole: '' }), 2],
    ['an unknown role to inherit', role({ roles: ['frob'] }), 31],
    ['no list of privileges', role({ privileges: undefined }), 2],
    ['a resource that is half a collection', role({ privileges: [{ resource: { db: 'a' }, actions: [] }] }), 9],
    ['an action that is no name', role({ privileges: [{ resource: { cluster: true }, actions: [7] }] }), 9],
    ['a role that is not there', { dropRole: 'nobody' }, 31],
    ['a change of one that is not there', { updateRole: 'nobody', roles: [] }, 31],
    ['nothing to change', { updateRole: 'cycle' }, 2],
    ['a role that inherits from itself', { updateRole: 'cycle', roles: ['cycle2'] }, 49],
    ['a second one of the name', role({ createRole: 'cycle' }), 51002],
  ])('%s is refused', async (_, command, code) => {
    await admin.command(role({ createRole: 'cycle' })).catch(() => {})
    await admin.command(role({ createRole: 'cycle2', roles: ['cycle'] })).catch(() => {})
    await expect(admin.command(command)).rejects.toMatchObject({ code })
  })

  test('a role of another database reaches no further than it', async () => {
    const app = root.db('app')
    const privileges = [{ resource: { db: 'other', collection: '' }, actions: ['find'] }]
    await expect(app.command({ createRole: 'far', privileges, roles: [] })).rejects.toMatchObject({ code: 49 })
  })
})

function lookup(from: string): object {
  return { aggregate: 'things', pipeline: [{ $lookup: { from, pipeline: [], as: 'more' } }], cursor: {} }
}
