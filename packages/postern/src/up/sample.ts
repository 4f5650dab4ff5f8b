// The sample of a first start: Cluster0 on the sandbox (AWS US_EAST_1), an endpoint service there with one endpoint
// from the local cloud, and a database user; all made through the API, as anyone would. Each step looks first, so a
// start that was killed half-way goes on where it stopped.

import type { Client } from '@postern/contract/client'
import { ApiError } from '@postern/contract/client'
import type { Bootstrap } from './home.ts'
import { until } from './wait.ts'

const region = 'US_EAST_1'
const provider = 'AWS'
const waitMs = 30_000

export async function makeSample(client: Client, bootstrap: Bootstrap): Promise<void> {
  const { groupId, clusterName } = bootstrap
  await Promise.all([makeCluster(client, bootstrap), makeEndpoint(client, groupId)])
  await until(`cluster ${clusterName} becoming IDLE`, waitMs, async () => {
    const { body } = await client.call('getGroupCluster', { params: { groupId, clusterName } })
    return body.stateName === 'IDLE' ? true : undefined
  })
  await makeDatabaseUser(client, bootstrap)
}

async function makeCluster(client: Client, { groupId, clusterName }: Bootstrap): Promise<void> {
  if ((await unless404(() => client.call('getGroupCluster', { params: { groupId, clusterName } }))) !== undefined)
    return
  const electableSpecs = { instanceSize: 'M10', nodeCount: 3 } as const
  const regionConfigs = [{ providerName: provider, regionName: region, priority: 7, electableSpecs }] as const
  await client.call('createGroupCluster', {
    params: { groupId },
    body: { name: clusterName, clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs: [...regionConfigs] }] },
  })
}

async function makeDatabaseUser(client: Client, { groupId, dbUser, dbPassword }: Bootstrap): Promise<void> {
  const params = { groupId, databaseName: 'admin', username: dbUser }
  if ((await unless404(() => client.call('getGroupDatabaseUser', { params }))) !== undefined) return
  await client.call('createGroupDatabaseUser', {
    params: { groupId },
    body: {
      databaseName: 'admin',
      username: dbUser,
      password: dbPassword,
      roles: [{ databaseName: 'admin', roleName: 'atlasAdmin' }],
    },
  })
}

async function makeEndpoint(client: Client, groupId: string): Promise<void> {
  const at = { groupId, cloudProvider: provider }
  const listed = await client.call('listGroupPrivateEndpointEndpointService', { params: at })
  const endpointServiceId =
    listed.body.find((service) => service.regionName === region)?.id ??
    (
      await client.call('createGroupPrivateEndpointEndpointService', {
        params: { groupId },
        body: { providerName: provider, region },
      })
    ).body.id
  const serviceName = await until(`endpoint service ${endpointServiceId} becoming AVAILABLE`, waitMs, async () => {
    const { body } = await client.call('getGroupPrivateEndpointEndpointService', {
      params: { ...at, endpointServiceId },
    })
    return body.status === 'AVAILABLE' && 'endpointServiceName' in body && body.endpointServiceName !== null
      ? body.endpointServiceName
      : undefined
  })
  const existing = await client.call('listLocalAwsVpcEndpoints', {})
  const vpcEndpointId =
    existing.body.results.find((endpoint) => endpoint.serviceName === serviceName)?.vpcEndpointId ??
    (await client.call('createLocalAwsVpcEndpoint', { body: { serviceName } })).body.vpcEndpointId
  const params = { ...at, endpointServiceId, endpointId: vpcEndpointId }
  if ((await unless404(() => client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params }))) === undefined)
    await client.call('createGroupPrivateEndpointEndpointServiceEndpoint', {
      params: { ...at, endpointServiceId },
      body: { id: vpcEndpointId },
    })
  await until(`endpoint ${vpcEndpointId} becoming AVAILABLE`, waitMs, async () => {
    const { body } = await client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params })
    if ('connectionStatus' in body && body.connectionStatus === 'REJECTED')
      throw new Error(`endpoint ${vpcEndpointId} was rejected: ${body.errorMessage}`)
    return 'connectionStatus' in body && body.connectionStatus === 'AVAILABLE' ? true : undefined
  })
}

/** The private-endpoint connection strings of the sample cluster as they are now; none when the cluster is gone. */
export async function connectionStringsOf(client: Client, { groupId, clusterName }: Bootstrap): Promise<string[]> {
  const found = await unless404(() => client.call('getGroupCluster', { params: { groupId, clusterName } }))
  return (found?.body.connectionStrings?.privateEndpoint ?? []).map((element) => element.connectionString)
}

async function unless404<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}
