// Flex clusters on a real sandbox: they live as others do, in an API of their own, and neither API shows the other's.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Deployed, startDeployed } from '../../engines/deployed.testing.ts'
import type { TestApi } from '../../http/testing.ts'
import { clusterHandlers } from '../cluster/handlers.ts'
import { clusterReconciler } from '../cluster/reconcile.ts'
import { clusterSettingsHandlers } from '../cluster/settings-handlers.ts'
import { flexClusterHandlers } from './handlers.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; each test says what it must be.
type Body = any

let on: Deployed
let api: TestApi
beforeAll(async () => {
  on = await startDeployed({
    handlers: (parts) => ({
      ...clusterHandlers(parts),
      ...clusterSettingsHandlers(parts),
      ...flexClusterHandlers(parts),
    }),
    reconcilers: (parts, engines) => [clusterReconciler(parts, engines)],
  })
})
afterAll(() => on?.close())
beforeEach(async () => {
  ;({ api } = await on.begin())
})

const ask = async (method: string, path: string, body?: object, version = '2024-11-13') => {
  const answer = await api.ask({
    method,
    path: `/api/atlas/v2/groups/${api.groupId}${path}`,
    version,
    ...(body && { body }),
  })
  return { ...answer, body: answer.body as Body }
}
const becomes = (path: string, state: string) =>
  expect.poll(async () => (await ask('GET', path)).body.stateName, { timeout: 20_000, interval: 20 }).toBe(state)
const flex = (name: string, more: object = {}) => ({
  name,
  providerSettings: { backingProviderName: 'AWS', regionName: 'US_EAST_1' },
  ...more,
})

test('they live as others do, in an API of their own', async () => {
  const made = await ask('POST', '/flexClusters', flex('Bends'))
  expect(made).toMatchObject({ status: 201, body: { stateName: 'CREATING', providerSettings: { diskSizeGB: 5 } } })
  expect(Object.keys(made.body.connectionStrings)).toEqual(['standardSrv'])
  expect((await ask('GET', '/flexClusters/Bends')).body.stateName).toBe('CREATING')
  await becomes('/flexClusters/Bends', 'IDLE')
  const { body } = await ask('GET', '/flexClusters/Bends')
  expect(body.connectionStrings.standard.split(',')).toHaveLength(3)
  expect((await ask('GET', '/flexClusters')).body).toMatchObject({ totalCount: 1, results: [{ name: 'Bends' }] })
  expect((await ask('GET', '/clusters')).body).toMatchObject({ totalCount: 0, results: [] })

  const patch = { tags: [{ key: 'a', value: 'b' }], terminationProtectionEnabled: true }
  expect((await ask('PATCH', '/flexClusters/Bends', patch)).body).toMatchObject({ ...patch, stateName: 'IDLE' })
  expect(await ask('DELETE', '/flexClusters/Bends')).toMatchObject({ status: 400 })
  await ask('PATCH', '/flexClusters/Bends', { terminationProtectionEnabled: false })
  expect((await ask('DELETE', '/flexClusters/Bends')).status).toBe(204)
  await expect
    .poll(async () => (await ask('GET', '/flexClusters/Bends')).body.errorCode, { timeout: 20_000 })
    .toBe('CLUSTER_NOT_FOUND')
})
test.each([
  { says: 'described', method: 'GET', path: '/clusters/Flexible' },
  { says: 'changed', method: 'PATCH', path: '/clusters/Flexible', body: {} },
  { says: 'deleted', method: 'DELETE', path: '/clusters/Flexible' },
  { says: 'given arguments', method: 'PATCH', path: '/clusters/Flexible/processArgs', body: {} },
])('one is not $says through the Cluster API', async ({ method, path, body }) => {
  await ask('POST', '/flexClusters', flex('Flexible'))
  expect(await ask(method, path, body)).toMatchObject({
    status: 400,
    body: { errorCode: 'CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API', parameters: ['Flexible'] },
  })
})
test('whether the changes of one are applied is said by the Cluster API all the same, as the official Kubernetes operator asks', async () => {
  await ask('POST', '/flexClusters', flex('Settles'))
  await becomes('/flexClusters/Settles', 'IDLE')
  expect(await ask('GET', '/clusters/Settles/status')).toMatchObject({
    status: 200,
    body: { changeStatus: 'APPLIED' },
  })
})
test('no other cluster is shown or made through the Flex API', async () => {
  const regionConfigs = [
    {
      providerName: 'AWS',
      regionName: 'US_EAST_1',
      priority: 7,
      electableSpecs: { instanceSize: 'M10', nodeCount: 1 },
    },
  ]
  const stiff = { name: 'Stiff', clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs }] }
  expect((await ask('POST', '/clusters', stiff)).status).toBe(201)
  expect(await ask('GET', '/flexClusters/Stiff')).toMatchObject({
    status: 400,
    body: { errorCode: 'CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API' },
  })
  expect(await ask('POST', '/flexClusters', flex('Stiff'))).toMatchObject({
    body: { errorCode: 'DUPLICATE_CLUSTER_NAME' },
  })
  const nowhere = { ...flex('x'), providerSettings: { backingProviderName: 'AWS', regionName: 'MOON_1' } }
  expect(await ask('POST', '/flexClusters', nowhere)).toMatchObject({ status: 400 })
})
