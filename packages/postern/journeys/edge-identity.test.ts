// The programs as production runs them, over TLS: the edge has enrolled, proves itself by its certificate, and serves a
// driver; revoked, it ends what it served and is sent nothing more.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../src/up/wait.ts'
import { attachTo, createJourneyUser, journeyUser } from './attached.ts'
import { type HttpsServer, startHttpsServer } from './https-server.ts'

const clusterName = 'Cluster0'
let server: HttpsServer
let driver: MongoClient | undefined
beforeAll(async () => {
  server = await startHttpsServer()
}, 60_000)
afterAll(async () => {
  await driver?.close(true)
  await server?.stop()
})

const edges = async () => (await server.client.call('listEdges', {})).body.results

test('an edge enrols, serves a driver, and serves nobody once it is revoked', { timeout: 120_000 }, async () => {
  const { client, seed } = server
  const { groupId } = seed
  expect(await edges()).toMatchObject([{ edge: 'local', identity: { proof: 'CERTIFICATE', revoked: null } }])

  await client.call('createGroupCluster', {
    params: { groupId },
    body: {
      name: clusterName,
      clusterType: 'REPLICASET',
      replicationSpecs: [
        {
          regionConfigs: [
            {
              providerName: 'AWS',
              regionName: 'EU_WEST_1',
              priority: 7,
              electableSpecs: { instanceSize: 'M10', nodeCount: 3 },
            },
          ],
        },
      ],
    },
  })
  await until('the cluster becoming IDLE', 30_000, async () => {
    const { body } = await client.call('getGroupCluster', { params: { groupId, clusterName } })
    return body.stateName === 'IDLE' || undefined
  })
  await createJourneyUser(client, groupId)
  const { uri, endpointServiceId, endpointId } = await attachTo(client, { groupId, clusterName })
  const { username, password } = journeyUser
  driver = new MongoClient(uri, { auth: { username, password }, serverSelectionTimeoutMS: 500 })
  const application = driver
  await until('a first ping', 30_000, () =>
    application
      .db('a')
      .command({ ping: 1 })
      .catch(() => undefined),
  )

  await client.call('revokeEdge', { params: { edge: 'local' } })
  await until('the gateway ending what it served', 10_000, () =>
    application
      .db('a')
      .command({ ping: 1 })
      .then(
        () => undefined,
        () => true,
      ),
  )
  await until('the endpoint saying so', 10_000, async () => {
    const { body } = await client.call('getGroupPrivateEndpoint', {
      params: { groupId, cloudProvider: 'AWS', endpointServiceId, endpointId },
    })
    return body.errorMessage?.includes('edge local was revoked') || undefined
  })
  expect(await edges()).toMatchObject([{ edge: 'local', state: 'REVOKED' }])
})
