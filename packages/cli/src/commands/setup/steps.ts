// The steps of `setup`, in the order in which they can be waited for: what takes long is begun first.

import { randomInt } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { makeLocalEndpoint } from '../../local-endpoint.ts'
import { untilIdle } from '../clusters/any-cluster.ts'
import { currentAddress } from '../current-address.ts'
import { timeoutOf } from '../watch-flags.ts'
import { watchUntil } from '../watch-until.ts'
import type { Settings } from './settings.ts'

export interface Made {
  readonly clusterName: string
  readonly provider: string
  readonly region: string
  readonly endpointServiceId: string
  readonly endpointId: string
  readonly username: string
  /** Only where it was made up. */
  readonly password?: string
  readonly connectionString: string
  /** Of a sharded cluster, for drivers in load balanced mode. */
  readonly loadBalancedConnectionString?: string
}

/** Throws ApiError for what the server refuses, UsageError for what ends FAILED or takes longer than `--timeout`. */
export async function setUp(context: Context, settings: Settings): Promise<Made> {
  const groupId = await context.groupId()
  const { clusterName, provider, region, username } = settings
  await createCluster(context, groupId, settings)
  await createUser(context, groupId, settings)
  await letIn(context, groupId, settings)
  const service = await availableService(context, groupId, settings)
  const { endpointId, body } = await makeLocalEndpoint(await context.client(), {
    service,
    name: `setup-${randomInt(10_000, 100_000)}`,
  })
  const at = { groupId, cloudProvider: provider, endpointServiceId: service.id }
  await (await context.client()).call('createGroupPrivateEndpointEndpointServiceEndpoint', { params: at, body })
  await available(context, { ...at, endpointId })
  await untilIdle(context, { groupId, clusterName })
  return {
    clusterName,
    provider,
    region,
    endpointServiceId: service.id,
    endpointId,
    username,
    ...(settings.passwordMade ? { password: settings.password } : {}),
    ...(await strings(context, { groupId, clusterName, endpointId })),
  }
}

async function createCluster(context: Context, groupId: string, settings: Settings): Promise<void> {
  const { clusterName, clusterType, provider, region, tier, mdbVersion, enableTerminationProtection, tags } = settings
  const electableSpecs = { instanceSize: tier, nodeCount: 3 }
  await (await context.client()).call('createGroupCluster', {
    params: { groupId },
    body: {
      name: clusterName,
      clusterType,
      terminationProtectionEnabled: enableTerminationProtection,
      ...(mdbVersion === undefined ? {} : { mongoDBMajorVersion: mdbVersion }),
      ...(tags === undefined ? {} : { tags }),
      replicationSpecs: [
        { regionConfigs: [{ providerName: provider, regionName: region, priority: 7, electableSpecs }] },
      ],
    },
  })
}

async function createUser(context: Context, groupId: string, { username, password }: Settings): Promise<void> {
  await (await context.client()).call('createGroupDatabaseUser', {
    params: { groupId },
    body: { username, password, databaseName: 'admin', roles: [{ roleName: 'atlasAdmin', databaseName: 'admin' }] },
  })
}

async function letIn(context: Context, groupId: string, { accessList, currentIp }: Settings): Promise<void> {
  const entries = currentIp ? [await currentAddress(context)] : accessList
  if (entries.length === 0) return
  await (await context.client()).call('createGroupAccessListEntry', {
    params: { groupId },
    body: entries.map((ipAddress) => ({ ipAddress })),
  })
}

/** The one that the region has, or a new one. */
async function availableService(context: Context, groupId: string, { provider, region }: Settings) {
  const client = await context.client()
  const ensured = await client.call('ensureGroupEndpointService', {
    params: { groupId },
    body: { providerName: provider, region, ...(provider === 'GCP' ? { portMappingEnabled: true } : {}) },
  })
  const params = { groupId, cloudProvider: provider, endpointServiceId: ensured.body.id }
  return watchUntil(context.io, {
    what: `private endpoint ${params.endpointServiceId}`,
    look: async () => (await client.call('getGroupPrivateEndpointEndpointService', { params })).body,
    statusOf: ({ status }) => status,
    done: ['AVAILABLE'],
    failed: ['FAILED', 'DELETING'],
    timeoutSeconds: timeoutOf(context),
  })
}

async function available(
  context: Context,
  params: {
    readonly groupId: string
    readonly cloudProvider: string
    readonly endpointServiceId: string
    readonly endpointId: string
  },
): Promise<void> {
  const client = await context.client()
  await watchUntil(context.io, {
    what: `interface endpoint ${params.endpointId}`,
    look: async () => (await client.call('getGroupPrivateEndpoint', { params })).body,
    statusOf: ({ status }) => status,
    done: ['AVAILABLE'],
    failed: ['REJECTED', 'FAILED', 'DELETING'],
    timeoutSeconds: timeoutOf(context),
  })
}

async function strings(
  context: Context,
  at: { readonly groupId: string; readonly clusterName: string; readonly endpointId: string },
): Promise<Pick<Made, 'connectionString' | 'loadBalancedConnectionString'>> {
  const client = await context.client()
  const { body } = await client.call('getGroupCluster', { params: at })
  const found = body.connectionStrings?.privateEndpoint?.find((element) =>
    element.endpoints?.some(({ endpointId }) => endpointId === at.endpointId),
  )
  if (found === undefined)
    throw new UsageError(`cluster ${at.clusterName} has no connection string for ${at.endpointId} yet`)
  const { connectionString } = found
  if (body.clusterType === 'REPLICASET') return { connectionString }
  const { endpoints } = (await client.call('getGroupClusterConnectionStrings', { params: at })).body
  const spread = endpoints.find(({ endpointId }) => endpointId === at.endpointId)
  const loadBalanced = spread?.form === 'name' ? spread.loadBalanced?.srv : spread?.loadBalanced?.standard
  return { connectionString, ...(loadBalanced !== undefined && { loadBalancedConnectionString: loadBalanced }) }
}
