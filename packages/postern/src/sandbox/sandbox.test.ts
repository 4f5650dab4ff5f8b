// The sandbox as the official driver sees it: one seed, the whole set, and reading and writing through it.
import {
  Binary,
  type Collection,
  Decimal128,
  Double,
  Int32,
  Long,
  type MongoClient,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb'
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

test('from one seed the driver finds the whole set', async () => {
  await client.db('admin').command({ ping: 1 })
  const report = await under.door.report('GET', '/clusters/one')
  const { hosts, me, setName } = await client.db('admin').command({ hello: 1 })
  expect(hosts).toEqual(report.members.map(({ hostPort }) => hostPort))
  expect([me, setName]).toEqual([report.members[0]?.hostPort, 'rs0'])
})

describe('inserting and finding', () => {
  test('what is inserted is found', async () => {
    const { insertedId } = await things.insertOne({ title: 'Dune', year: 1965 })
    expect(await things.findOne({ title: 'Dune' })).toEqual({ _id: insertedId, title: 'Dune', year: 1965 })
  })

  test('every BSON type comes back as it was', async () => {
    const document = {
      _id: new ObjectId(),
      int: new Int32(1),
      double: new Double(1),
      long: Long.fromString('9007199254740993'),
      decimal: Decimal128.fromString('1.10'),
      binary: new Binary(Buffer.from([0xff, 0xfe, 0]), 0),
      uuid: new UUID(),
      date: new Date(0),
      time: new Timestamp({ t: 5, i: 6 }),
      pattern: /^a.b$/i,
      nothing: null,
      nested: { list: [1, 'two', { three: 3 }] },
    }
    await things.insertOne(document)
    const found = await things.findOne({ _id: document._id }, { promoteValues: false })
    expect(found).toEqual({
      ...document,
      nested: { list: [new Int32(1), 'two', { three: new Int32(3) }] },
    })
  })

  test('filters, order, skip, limit and projection', async () => {
    await things.insertMany(Array.from({ length: 20 }, (_, n) => ({ n, even: n % 2 === 0, tags: [`t${n % 3}`] })))
    const found = await things
      .find({ even: true, tags: 't0', n: { $gt: 0 } })
      .sort({ n: -1 })
      .toArray()
    expect(found.map(({ n }) => n)).toEqual([18, 12, 6])
    const page = await things
      .find({}, { projection: { _id: 0, n: 1 } })
      .sort({ n: 1 })
      .skip(5)
      .limit(2)
      .toArray()
    expect(page).toEqual([{ n: 5 }, { n: 6 }])
  })

  test('a projection keeps the types', async () => {
    await things.insertOne({
      price: Decimal128.fromString('9.99'),
      count: Long.fromString('9007199254740993'),
      other: 1,
    })
    const found = await things.findOne({}, { projection: { _id: 0, price: 1, count: 1 } })
    expect(found).toEqual({ price: Decimal128.fromString('9.99'), count: Long.fromString('9007199254740993') })
  })

  test('binary ids that differ in one byte are different documents', async () => {
    const ids = [0x80, 0x81].map((last) => new Binary(Buffer.from([0xff, last]), 0))
    await things.insertMany(ids.map((_id) => ({ _id })) as never)
    expect(await things.countDocuments({ _id: ids[1] as never })).toBe(1)
    expect(await things.deleteMany({ _id: { $in: [ids[0]] } as never })).toMatchObject({ deletedCount: 1 })
  })

  test('a result of many batches comes whole, and an abandoned cursor is forgotten', async () => {
    await things.insertMany(Array.from({ length: 950 }, (_, n) => ({ n })))
    const all = await things.find({}, { batchSize: 100 }).sort({ n: 1 }).toArray()
    expect(all.map(({ n }) => n)).toEqual(Array.from({ length: 950 }, (_, n) => n))
    const abandoned = things.find({}, { batchSize: 10 })
    await abandoned.next()
    const { id } = abandoned
    await abandoned.close()
    const next = things.db.command({ getMore: id, collection: things.collectionName })
    await expect(next).rejects.toMatchObject({ code: 43 })
  })

  test('a result larger than one message comes in several', async () => {
    const blob = Buffer.alloc(7 * 1024 * 1024)
    for (const _id of [1, 2, 3, 4]) await things.insertOne({ _id: _id as never, blob })
    expect(
      await things
        .find()
        .map(({ _id }) => _id)
        .toArray(),
    ).toEqual([1, 2, 3, 4])
  })
})

describe('updating', () => {
  test('operators, and how many were changed', async () => {
    await things.insertMany([
      { _id: 1 as never, n: 1 },
      { _id: 2 as never, n: 1 },
    ])
    expect(await things.updateMany({ n: 1 }, { $inc: { n: 4 }, $push: { log: 'up' } as never })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 2,
    })
    expect(await things.updateOne({ n: 5 }, { $set: { n: 5 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 })
    expect(await things.findOne({ _id: 2 as never })).toEqual({ _id: 2, n: 5, log: ['up'] })
  })

  test('a replacement keeps the id and nothing else', async () => {
    await things.insertOne({ _id: 1 as never, a: 1 })
    await things.replaceOne({ _id: 1 as never }, { b: 2 })
    expect(await things.find().toArray()).toEqual([{ _id: 1, b: 2 }])
  })

  test('a pipeline computes from the document', async () => {
    await things.insertOne({ _id: 1 as never, a: 2, b: { c: 3 } })
    await things.updateOne({ _id: 1 as never }, [{ $set: { sum: { $add: ['$a', '$b.c'] }, 'b.d': 1 } }])
    expect(await things.findOne()).toEqual({ _id: 1, a: 2, b: { c: 3, d: 1 }, sum: 5 })
  })

  test('array filters and the positional operator', async () => {
    await things.insertOne({ _id: 1 as never, list: [{ n: 1 }, { n: 5 }, { n: 9 }] })
    await things.updateOne(
      { _id: 1 as never },
      { $set: { 'list.$[big].big': true } },
      { arrayFilters: [{ 'big.n': { $gt: 4 } }] },
    )
    await things.updateOne({ 'list.n': 1 }, { $set: { 'list.$.first': true } })
    expect(await things.findOne()).toEqual({
      _id: 1,
      list: [
        { n: 1, first: true },
        { n: 5, big: true },
        { n: 9, big: true },
      ],
    })
  })

  test('an upsert takes the equalities of its filter and $setOnInsert', async () => {
    const first = await things.updateOne(
      { key: 'a', 'sub.x': 1 },
      { $inc: { n: 1 }, $setOnInsert: { made: true } },
      { upsert: true },
    )
    expect(first).toMatchObject({ matchedCount: 0, upsertedCount: 1 })
    await things.updateOne({ key: 'a' }, { $inc: { n: 1 }, $setOnInsert: { made: false } }, { upsert: true })
    expect(await things.findOne({}, { projection: { _id: 0 } })).toEqual({ key: 'a', sub: { x: 1 }, n: 2, made: true })
  })

  test('types that an update does not touch stay, and touched ones keep their kind', async () => {
    await things.insertOne({
      _id: 1 as never,
      double: new Double(2),
      long: Long.fromString('9007199254740993'),
      grow: new Long(5),
    })
    await things.updateOne({ _id: 1 as never }, { $inc: { double: 1, grow: 1 }, $set: { other: new Double(3) } })
    expect(await things.findOne({}, { promoteValues: false, projection: { _id: 0 } })).toEqual({
      double: new Double(3),
      long: Long.fromString('9007199254740993'),
      grow: new Long(6),
      other: new Double(3),
    })
  })

  test.each([
    ['the id cannot be changed', { $set: { _id: 2 } }, 66],
    ['an unknown operator is refused', { $frobnicate: { a: 1 } }, 9],
  ])('%s', async (_, update, code) => {
    await things.insertOne({ _id: 1 as never })
    const answer = things.db.command({ update: things.collectionName, updates: [{ q: {}, u: update }] })
    const { writeErrors } = await answer
    expect(writeErrors).toMatchObject([{ index: 0, code }])
    expect(await things.find().toArray()).toEqual([{ _id: 1 }])
  })

  test('findOneAndUpdate, findOneAndReplace, findOneAndDelete', async () => {
    await things.insertMany([
      { _id: 1 as never, n: 1 },
      { _id: 2 as never, n: 2 },
    ])
    expect(
      await things.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: -1 }, returnDocument: 'after' }),
    ).toEqual({ _id: 2, n: 12 })
    expect(await things.findOneAndReplace({ _id: 1 as never }, { m: 1 }, { projection: { _id: 0 } })).toEqual({ n: 1 })
    expect(await things.findOneAndDelete({ _id: 2 as never })).toEqual({ _id: 2, n: 12 })
    expect(await things.findOneAndUpdate({ _id: 3 as never }, { $set: { n: 3 } }, { upsert: true })).toBeNull()
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, m: 1 },
      { _id: 3, n: 3 },
    ])
  })

  test('an ordered batch ends at its first error, an unordered one does not', async () => {
    await things.insertOne({ _id: 2 as never })
    const batch = [1, 2, 3].map((_id) => ({ _id }) as never)
    await expect(things.insertMany(batch)).rejects.toMatchObject({ code: 11000, insertedCount: 1 })
    await things.deleteMany({ _id: 1 as never })
    await expect(things.insertMany(batch, { ordered: false })).rejects.toMatchObject({ code: 11000, insertedCount: 2 })
    expect(await things.countDocuments()).toBe(3)
  })
})

describe('aggregating', () => {
  test('groups, lookups and computed fields leave what is stored alone', async () => {
    await things.insertMany([
      { _id: 1 as never, k: 'a', v: { n: 1 } },
      { _id: 2 as never, k: 'a', v: { n: 2 } },
      { _id: 3 as never, k: 'b', v: { n: 3 } },
    ])
    const groups = await things
      .aggregate([
        { $match: { _id: { $gt: 0 } } },
        { $group: { _id: '$k', sum: { $sum: '$v.n' } } },
        { $sort: { _id: 1 } },
      ])
      .toArray()
    expect(groups).toEqual([
      { _id: 'a', sum: 3 },
      { _id: 'b', sum: 3 },
    ])
    await things.aggregate([{ $addFields: { 'v.n': 99 } }]).toArray()
    const joined = await things
      .aggregate([
        { $match: { _id: 3 } },
        { $lookup: { from: things.collectionName, localField: 'k', foreignField: 'k', as: 'same' } },
        { $addFields: { 'same.v.n': 0 } },
      ])
      .toArray()
    expect(joined).toHaveLength(1)
    expect(await things.findOne({ _id: 3 as never })).toEqual({ _id: 3, k: 'b', v: { n: 3 } })
    expect(await things.distinct('v.n', { k: 'a' })).toEqual([1, 2])
    expect(await things.countDocuments({ k: 'a' })).toBe(2)
    expect(await things.estimatedDocumentCount()).toBe(3)
  })

  test.each([
    ['$out', [{ $out: 'elsewhere' }], 115],
    ['$merge inside $facet', [{ $facet: { a: [{ $merge: 'elsewhere' }] } }], 115],
    ['a change stream', [{ $changeStream: {} }], 115],
    ['code', [{ $match: { $where: 'true' } }], 2],
  ])('%s is refused', async (_, pipeline, code) => {
    await things.insertOne({ a: 1 })
    await expect(things.aggregate(pipeline).toArray()).rejects.toMatchObject({ code })
    await expect(things.findOne({ $where: 'true' })).rejects.toMatchObject({ code: 2 })
  })
})
