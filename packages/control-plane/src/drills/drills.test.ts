// What the door for test suites promises where something is in the way: the whole control plane with the real sandbox,
// and no seed kept. What it does otherwise is shown on a whole Postern, in the journey drills.test.ts.

import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startWhole, type Whole } from '../http/whole.testing.ts'

const clusterName = 'Drilled'
const version = '2024-08-05'

let whole: Whole
beforeAll(async () => {
  whole = await startWhole()
  const made = await atlas('POST', '/clusters', { name: clusterName, clusterType: 'REPLICASET', ...members(5) })
  expect(made.status).toBe(201)
  await isIdle()
})
afterEach(() => door('DELETE', '/faults'))
afterAll(() => whole?.close())

const members = (nodeCount: number) => {
  const electableSpecs = { instanceSize: 'M10', nodeCount }
  const place = { providerName: 'AWS', regionName: 'EU_WEST_1', priority: 7 }
  return { replicationSpecs: [{ regionConfigs: [{ ...place, electableSpecs }] }] }
}
const atlas = (method: string, path: string, body?: object) =>
  whole.api.ask({ method, path: `/api/atlas/v2/groups/${whole.api.groupId}${path}`, version, ...(body && { body }) })
const door = (method: string, path: string, body?: object) =>
  whole.api.ask({ method, path: `/api/postern/v1/testing${path}`, ...(body && { body }) })
const isIdle = () =>
  vi.waitFor(
    async () => expect((await atlas('GET', `/clusters/${clusterName}`)).body).toMatchObject({ stateName: 'IDLE' }),
    { timeout: 20_000, interval: 20 },
  )
const setFault = async (body: object): Promise<string> => {
  const made = await door('POST', '/faults', body)
  expect(made.status).toBe(201)
  return (made.body as { id: string }).id
}
const faultNames = async (): Promise<readonly string[]> =>
  ((await door('GET', '/faults')).body as { results: { name: string }[] }).results.map(({ name }) => name)
const now = async (): Promise<number> =>
  Date.parse(((await door('POST', ':advance', { ms: 1 })).body as { now: string }).now)

test('a reset with no seed to go back to changes nothing: faults stay set, time stays where it is', async () => {
  await setFault({ name: 'member-down', clusterName, member: 0 })
  await door('POST', ':advance', { ms: 60_000 })
  const before = await now()
  const refused = await door('POST', ':reset')
  expect(refused).toMatchObject({ status: 409, body: { errorCode: 'POSTERN_NO_SEED' } })
  expect(await faultNames()).toEqual(['member-down'])
  expect(await now()).toBeGreaterThan(before)
})

test('a fault of a member that is gone since can be cleared', async () => {
  const id = await setFault({ name: 'member-down', clusterName, member: 4 })
  expect((await atlas('PATCH', `/clusters/${clusterName}`, members(3))).status).toBe(200)
  await isIdle()
  expect((await door('DELETE', `/faults/${id}`)).status).toBe(204)
  expect(await faultNames()).toEqual([])
})
