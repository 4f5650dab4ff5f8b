// Guessing is slowed down, by all control planes of a store together.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { createThrottle, type Throttle } from './throttle.ts'

let store: TestStore
let now: number
/** Two control planes. */
let one: Throttle
let other: Throttle
beforeAll(async () => {
  store = await createTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.store.transact((tx) => tx.deleteFrom('failed_attempt').execute())
  now = Date.UTC(2026, 0, 1)
  const parts = { store: store.store, clock: { now: () => now } }
  one = createThrottle(parts)
  other = createThrottle(parts)
})

const rateLimited = expect.objectContaining({ code: 'RATE_LIMITED', status: 429 })
const rows = () => store.store.read.selectFrom('failed_attempt').selectAll().execute()

test('a name is refused after 20 failures from one address, whoever counts them, until tokens have come back', async () => {
  for (let failure = 0; failure < 20; failure += 1) {
    await one.check('key', 'here')
    await (failure % 2 === 0 ? one : other).failed('key', 'here')
  }
  for (const throttle of [one, other]) await expect(throttle.check('key', 'here')).rejects.toThrow(rateLimited)
  await one.check('key', 'there')
  await one.check('other', 'here')
  now += 1999
  await expect(other.check('key', 'here')).rejects.toThrow(rateLimited)
  now += 1
  await other.check('key', 'here')
})

test('a bucket comes along with another statement', async () => {
  const level = async () => {
    const row = await store.store.read.selectNoFrom(one.bucketOf('key', 'here').as('bucket')).executeTakeFirstOrThrow()
    return row.bucket
  }
  one.judge(await level())
  for (let failure = 0; failure < 20; failure += 1) await one.failed('key', 'here')
  expect(await level()).toEqual({ tokens: 0, at: now })
  const bucket = await level()
  expect(() => one.judge(bucket)).toThrow(rateLimited)
})

test('failures at once, which were all let in, are paid back', async () => {
  await Promise.all(Array.from({ length: 30 }, () => one.failed('key', 'here')))
  now += 20_000
  await expect(one.check('key', 'here')).rejects.toThrow(rateLimited)
  now += 2000
  await one.check('key', 'here')
})

test('a clock that runs backwards takes no tokens', async () => {
  await one.failed('key', 'here')
  now -= 10_000
  await one.failed('key', 'here')
  expect(await rows()).toMatchObject([{ tokens: 18 }])
  await one.check('key', 'here')
})

test('one name that fails locks out no other one, not even from the same address', async () => {
  for (let failure = 0; failure < 100; failure += 1) await one.failed('wrong', 'here')
  await one.check('right', 'here')
})

test('names are not kept in clear, and are swept out once their bucket has long been full', async () => {
  await one.failed('my-password', 'here')
  expect(JSON.stringify(await rows())).not.toContain('my-password')
  now += 81_000
  await one.failed('another', 'here')
  expect(await rows()).toHaveLength(1)
})
