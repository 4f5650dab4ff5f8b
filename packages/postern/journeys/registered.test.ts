// A deployment of the user's own: here a second, independent process of the sandbox, with and without TLS, registered by
// its connection string and reached through a private endpoint like any other cluster.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
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

// What the gateway shows is given to it by whoever runs it: the control plane keeps its own, and hands out none.
describe('a set of the user’s own that lets nobody in without a certificate', () => {
  let set: IndependentSet
  let own: Running
  let folder: string

  beforeAll(async () => {
    set = await startIndependentSet({ tls: true, asksForCertificate: true })
    folder = mkdtempSync(join(tmpdir(), 'postern-member-'))
    for (const [name, pem] of [
      ['CERT', set.tls?.certificate],
      ['KEY', set.tls?.key],
    ] as const) {
      const file = join(folder, `${name}.pem`)
      writeFileSync(file, pem ?? '', { mode: 0o600 })
      vi.stubEnv(`POSTERN_MEMBER_${name}`, file)
    }
    own = await startForTest()
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    await own?.stop()
    await set?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  test('is not registered without one', async () => {
    const { groupId } = own.bootstrap
    const { connectionString, tls } = set
    const body = {
      name: 'Closed',
      connectionString,
      provider: 'AZURE',
      region: 'westeurope',
      tls: { ca: tls?.ca ?? '' },
    }
    await expect(own.client.call('registerGroupDeployment', { params: { groupId }, body })).rejects.toMatchObject({
      errorCode: 'POSTERN_DEPLOYMENT_UNREACHABLE',
    })
  })

  test('is registered with one, and the driver, which has none, reaches it through an endpoint', async () => {
    const reached = await reachThroughEndpoint(own, { set, clusterName: 'Open', region: 'eu-west-2' })
    await findsEndpointNamesOnly(reached)
    await survivesStepDown(reached)
  })
})
