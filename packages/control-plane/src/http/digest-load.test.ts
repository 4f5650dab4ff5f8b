// Digest under load: many clients at once, each with a challenge for every request, and no right answer refused. A nonce
// that were believed once too seldom would show as a 401 after a correct proof.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { groupAccessListHandlers } from '../resources/group-access-list/handlers.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { createTestApi, type TestApi } from './testing.ts'

const clients = 20
const rounds = 50

let store: TestStore
let api: TestApi
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, groupAccessListHandlers)
})
afterAll(() => store.close())

test(`${clients} clients create, get and delete ${rounds} times each without one refused nonce`, async () => {
  const list = `/api/atlas/v2/groups/${api.groupId}/accessList`
  const callers = await Promise.all(
    // Half of them share one key: a key's own requests must not collide either.
    Array.from({ length: clients }, () => api.newCaller('API_KEY', { group: ['GROUP_OWNER'] })),
  ).then((all) => all.map((caller, at) => (at % 2 === 0 ? (all[0] ?? caller) : caller)))
  const statuses = await Promise.all(
    callers.map(async (as, client) => {
      const seen: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        const entry = `10.0.${client}.${round}`
        const steps = [
          { method: 'POST', path: list, body: [{ ipAddress: entry }] },
          { method: 'GET', path: `${list}/${entry}` },
          { method: 'DELETE', path: `${list}/${entry}` },
        ]
        for (const step of steps) seen.push((await api.ask({ ...step, as })).status)
      }
      return seen
    }),
  )
  const counted = new Map<number, number>()
  for (const status of statuses.flat()) counted.set(status, (counted.get(status) ?? 0) + 1)
  const each = clients * rounds
  expect(Object.fromEntries(counted)).toEqual({ 200: each, 201: each, 204: each })
})
