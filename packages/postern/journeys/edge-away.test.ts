// The edge is killed and kept away while endpoints are created and deleted. Nothing is called AVAILABLE or gone before
// it has said so (docs/decisions/0009-endpoints.md); when it is back, it makes true what was wished meanwhile. That an
// edge which is away for long is named is shown under a clock of its own, in private-endpoint/deleting.test.ts.

import { ApiError } from '@postern/contract/client'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectionStringThrough, createService, endpointAvailable } from '../src/quickstart/forms.ts'
import type { Child } from '../src/up/child.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { type Attached, anyForm, attachNew } from './attached.ts'
import { loseEdge } from './lose-edge.ts'
import { startForTest } from './running.ts'

const linux = process.platform === 'linux'

let running: Running
let edge: Child | null = null

beforeAll(async () => {
  if (linux) running = await startForTest({ sample: true })
})

afterAll(async () => {
  await edge?.stop(4_000)
  await running?.stop()
})

const attachIn = (region: string): Promise<Attached> =>
  attachNew(running.client, { groupId: running.bootstrap.groupId, form: { ...anyForm, region } })

/** What the API says of it; GONE for 404. */
async function statusOf(at: Attached): Promise<string> {
  try {
    const { body } = await running.client.call('getGroupPrivateEndpointEndpointServiceEndpoint', {
      params: { ...at, cloudProvider: 'AWS' },
    })
    return body.cloudProvider === 'AWS' ? body.connectionStatus : body.status
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return 'GONE'
    throw error
  }
}

async function ping(uri: string): Promise<void> {
  const { dbUser: username, dbPassword: password } = running.bootstrap
  const driver = new MongoClient(uri, { auth: { username, password }, serverSelectionTimeoutMS: 2_000 })
  try {
    await driver.db('admin').command({ ping: 1 })
  } finally {
    await driver.close(true)
  }
}

test.skipIf(!linux)('what was wished while the edge was away comes true when it is back, and not before', async () => {
  const { client } = running
  const stringOf = ({ groupId, endpointId }: Attached) =>
    connectionStringThrough(client, { groupId, clusterName: running.bootstrap.clusterName, endpointId })
  const leaving = await attachIn('eu-west-1')
  await endpointAvailable(client, anyForm, leaving)
  const leavingUri = await stringOf(leaving)
  await ping(leavingUri)

  const comeBack = await loseEdge(running)
  const coming = await attachIn('eu-west-2')
  await client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', {
    params: { ...leaving, cloudProvider: 'AWS' },
  })
  await until('the cloud having accepted the new one', 20_000, async () => {
    const { body } = await client.call('listLocalAwsVpcEndpoints')
    return body.results.find(({ vpcEndpointId }) => vpcEndpointId === coming.endpointId)?.state === 'available'
      ? true
      : undefined
  })
  // A whole wish later that needs no edge, both still wait for it.
  await createService(client, leaving.groupId, { ...anyForm, region: 'eu-west-3' })
  expect(await Promise.all([statusOf(coming), statusOf(leaving)])).toEqual([expect.stringMatching(waits), 'DELETING'])

  edge = await comeBack()
  await endpointAvailable(client, anyForm, coming)
  await ping(await stringOf(coming))
  await until('the deleted one being gone', 20_000, async () =>
    (await statusOf(leaving)) === 'GONE' ? true : undefined,
  )
  await expect(ping(leavingUri)).rejects.toThrow(/ECONNREFUSED/)
})

const waits = /^(INITIATING|PENDING_ACCEPTANCE|PENDING)$/
