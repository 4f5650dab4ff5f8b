// A deployment of the user's own: here a second, independent process of the sandbox, with and without TLS, registered by
// its connection string and reached through a private endpoint like any other cluster.

import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { type IndependentSet, startIndependentSet } from './independent-set.ts'
import { findsEndpointNamesOnly, type Reached, reachThroughEndpoint, survivesStepDown } from './registration.ts'
import { startForTest } from './running.ts'

let running: Running

beforeAll(async () => {
  running = await startForTest()
})

afterAll(async () => {
  await running?.stop()
})

describe.each([
  { says: 'without TLS', tls: false, clusterName: 'Plain', region: 'eu-west-2' },
  { says: 'with TLS under its own CA', tls: true, clusterName: 'Secured', region: 'eu-west-3' },
])('a set of the user’s own $says', ({ tls, clusterName, region }) => {
  let set: IndependentSet
  let reached: Reached

  beforeAll(async () => {
    set = await startIndependentSet({ tls })
    reached = await reachThroughEndpoint(running, { set, clusterName, region })
  })

  afterAll(async () => {
    await set?.stop()
  })

  test.each([
    { says: 'as it comes', options: {} },
    { says: 'compressing with zlib', options: { compressors: ['zlib' as const] } },
  ])('the driver, $says, finds it under the endpoint’s names only', async ({ options }) => {
    await findsEndpointNamesOnly(reached, options)
  })

  test('a step-down under retryable writes costs no error and no acknowledged write', async () => {
    await survivesStepDown(reached)
  })
})
