// The rest of what the official driver asks for: indexes, catalogues, retries, refusals, and other ways to connect.
import { type Collection, type Document, Long, type MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clientOf, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let client: MongoClient
let things: Collection
let count = 0

beforeAll(async () => {
  under = await startSandbox()
  client = clientOf(await under.door.put('one'))
  await client.connect()
})
afterAll(async () => {
  await client?.close()
  await under?.end()
})
beforeEach(() => {
  count += 1
  things = client.db('test').collection(`things${count}`)
})

describe('indexes', () => {
  test('a unique index refuses a second document with the same key', async () => {
    await things.createIndex({ mail: 1 }, { unique: true, sparse: true })
    await things.insertMany([{ _id: 1 as never, mail: 'a' }, { _id: 2 as never }, { _id: 3 as never }])
    const refused = { code: 11000, keyPattern: { mail: 1 }, keyValue: { mail: 'a' } }
    await expect(things.insertOne({ mail: 'a' })).rejects.toMatchObject(refused)
    await expect(things.updateOne({ _id: 2 as never }, { $set: { mail: 'a' } })).rejects.toMatchObject({ code: 11000 })
    await things.deleteOne({ _id: 1 as never })
    await things.insertOne({ mail: 'a' })
    expect(await things.countDocuments()).toBe(3)
  })

  test('a unique index is not made over documents that break it', async () => {
    await things.insertMany([{ a: 1 }, { a: 1 }])
    await expect(things.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 })
    expect(await things.indexes()).toHaveLength(1)
  })

  test('indexes are listed, made twice without complaint, and dropped', async () => {
    await things.createIndexes([{ key: { a: 1, b: -1 } }, { key: { c: 1 }, name: 'see' }])
    await things.createIndex({ a: 1, b: -1 })
    expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1_b_-1', 'see'])
    await expect(things.createIndex({ d: 1 }, { name: 'see' })).rejects.toMatchObject({ code: 86 })
    await things.dropIndex('see')
    await expect(things.dropIndex('see')).rejects.toMatchObject({ code: 27 })
    await things.dropIndexes()
    expect(await things.indexes()).toHaveLength(1)
  })
})

describe('databases and collections', () => {
  test('they are made, listed and dropped', async () => {
    const db = client.db('shop')
    await db.createCollection('orders')
    await db.collection('items').insertOne({ a: 1 })
    expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(['items', 'orders'])
    await expect(db.createCollection('orders')).rejects.toMatchObject({ code: 48 })
    expect((await client.db().admin().listDatabases()).databases.map(({ name }) => name)).toContain('shop')
    expect(await db.command({ dbStats: 1 })).toMatchObject({ collections: 2, objects: 1 })
    expect(await db.collection('orders').drop()).toBe(true)
    await db.dropDatabase()
    expect(await db.listCollections().toArray()).toEqual([])
  })
})

describe('a retryable write that is sent again', () => {
  test('is answered again and not applied twice', async () => {
    await things.insertOne({ _id: 1 as never, n: 0 })
    // A client of its own: its session has moved on to numbers that the driver would not choose.
    const own = clientOf(await under.door.report('GET', '/clusters/one'))
    const session = own.startSession()
    const again = async (command: Document) => {
      const answers = []
      for (const _ of [1, 2]) answers.push(await own.db('test').command({ ...command }, { session }))
      expect(answers[1]).toEqual(answers[0])
      return answers[1]
    }
    const name = things.collectionName
    const updates = [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }]
    expect(await again({ update: name, updates, txnNumber: Long.fromNumber(1001) })).toMatchObject({
      n: 1,
      nModified: 1,
    })
    const upserts = [{ q: { _id: 2 }, u: { $inc: { n: 5 } }, upsert: true }]
    expect(await again({ update: name, updates: upserts, txnNumber: Long.fromNumber(1002) })).toMatchObject({
      upserted: [{ _id: 2 }],
    })
    const change = { findAndModify: name, query: { _id: 1 }, update: { $inc: { n: 1 } } }
    expect(await again({ ...change, txnNumber: Long.fromNumber(1003) })).toMatchObject({ value: { _id: 1, n: 1 } })
    const documents = [{ _id: 3 }, { _id: 4 }]
    expect(await again({ insert: name, documents, txnNumber: Long.fromNumber(1004) })).toMatchObject({ n: 2 })
    const deletes = [{ q: { _id: { $gt: 2 } }, limit: 1 }]
    expect(await again({ delete: name, deletes, txnNumber: Long.fromNumber(1005) })).toMatchObject({ n: 1 })
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 1, n: 2 }, { _id: 2, n: 5 }, { _id: 4 }])
    const older = own.db('test').command({ update: name, updates, txnNumber: Long.fromNumber(1001) }, { session })
    await expect(older).rejects.toMatchObject({ code: 225 })
    await session.endSession()
    await own.close()
  })
})

describe('what it cannot do it says', () => {
  test.each([
    ['an unknown command', { frobnicate: 1 }, 59],
    ['a tailable cursor', { find: 'a', tailable: true }, 115],
    ['a view', { create: 'v', viewOn: 'a', pipeline: [] }, 115],
  ])('%s', async (_, command, code) => {
    await expect(client.db('test').command(command)).rejects.toMatchObject({ code })
  })

  test('a transaction', async () => {
    const write = client.withSession((session) =>
      session.withTransaction(() => things.insertOne({ a: 1 }, { session })),
    )
    await expect(write).rejects.toMatchObject({ code: 263 })
    expect(await things.countDocuments()).toBe(0)
  })
})

describe('other ways in', () => {
  test('compressed with zlib', async () => {
    const compressed = clientOf(await under.door.report('GET', '/clusters/one'), { compressors: ['zlib'] })
    const collection = compressed.db('test').collection('compressed')
    await collection.insertOne({ text: 'x'.repeat(10_000) })
    expect(await collection.findOne({}, { projection: { _id: 0 } })).toEqual({ text: 'x'.repeat(10_000) })
    await compressed.close()
  })

  test('without acknowledgement', async () => {
    await things.insertOne({ a: 1 }, { writeConcern: { w: 0 } })
    await expect.poll(() => things.countDocuments()).toBe(1)
  })

  test('a secondary is read when the client says so, and refuses otherwise', async () => {
    await things.insertOne({ a: 1 })
    expect(await things.find({}, { readPreference: 'secondary' }).toArray()).toHaveLength(1)
    const [, second] = (await under.door.report('GET', '/clusters/one')).members
    const direct = clientOf(
      { ...(await under.door.report('GET', '/clusters/one')), members: second ? [second] : [] },
      { directConnection: true },
    )
    const there = direct.db('test').collection(things.collectionName)
    expect(await there.find().toArray()).toHaveLength(1)
    await expect(there.insertOne({ b: 1 }, {})).rejects.toMatchObject({ code: 10107 })
    await direct.close()
  })

  test('a server API version', async () => {
    const strict = clientOf(await under.door.report('GET', '/clusters/one'), { serverApi: '1' })
    expect(await strict.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 })
    await strict.close()
  })
})
