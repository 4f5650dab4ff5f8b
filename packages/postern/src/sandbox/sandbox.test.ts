// The sandbox as the official driver sees it: one seed, the whole set, and reading and writing through it.
import type { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, type SandboxUnderTest, startSandbox } from './sandbox-under-test.ts'

let under: SandboxUnderTest
let client: MongoClient

beforeAll(async () => {
  under = await startSandbox()
  client = clientOf(await under.door.put('one'))
  await client.connect()
})
afterAll(async () => {
  await client?.close()
  await under?.end()
})

describe('reading and writing', () => {
  test('what is inserted is found', async () => {
    const books = client.db('test').collection('books')
    const { insertedId } = await books.insertOne({ title: 'Dune', year: 1965 })
    expect(await books.findOne({ title: 'Dune' })).toEqual({ _id: insertedId, title: 'Dune', year: 1965 })
  })
})
