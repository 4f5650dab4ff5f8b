// The application's own code would be imported here; a few lines of driver stand for it.

import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { type Postern, startPostern } from 'postern/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

let postern: Postern
let shop: MongoClient
beforeAll(async () => {
  postern = await startPostern({ apply: fileURLToPath(new URL('seed.yaml', import.meta.url)) })
  shop = new MongoClient(postern.uri ?? '')
}, 60_000)
beforeEach(() => postern.reset())
afterAll(async () => {
  await shop?.close()
  await postern?.stop()
})

const carts = () => shop.db('shop').collection('carts')

test('a cart is kept, through the private endpoint', async () => {
  await carts().insertOne({ customer: 'ada' })
  expect(await carts().countDocuments()).toBe(1)
})

test('and the next test knows nothing of it', async () => {
  expect(await carts().countDocuments()).toBe(0)
})

test('writes go on when a member dies', async () => {
  await carts().insertOne({ customer: 'ada' })
  await postern.faults.set({ name: 'member-down', clusterName: 'Cluster0', member: 0 })
  await carts().insertOne({ customer: 'grace' })
  expect(await carts().countDocuments()).toBe(2)
})
