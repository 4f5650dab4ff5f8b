// A cluster by its name, of whichever kind: a Flex cluster has operations of its own, to which the API sends one on with
// an error code. So do the waits for one.

import { ApiError, type Client } from '@postern/contract/client'
import type { Argument } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { timeoutOf } from '../watch-flags.ts'
import { watchUntil, watchUntilGone } from '../watch-until.ts'

export const clusterName: Argument = { name: 'clusterName', usage: 'Name of the cluster.' }

interface Named {
  readonly groupId: string
  readonly clusterName: string
}

export const namedCluster = async (context: Context, name = context.arg('clusterName')): Promise<Named> => ({
  groupId: await context.groupId(),
  clusterName: name,
})

export const getAnyCluster = (client: Client, { groupId, clusterName: name }: Named) =>
  eitherKind(
    async () => (await client.call('getGroupCluster', { params: { groupId, clusterName: name } })).body,
    async () => (await client.call('getGroupFlexCluster', { params: { groupId, name } })).body,
  )

export const deleteAnyCluster = (client: Client, { groupId, clusterName: name }: Named): Promise<unknown> =>
  eitherKind<unknown, unknown>(
    () => client.call('deleteGroupCluster', { params: { groupId, clusterName: name } }),
    () => client.call('deleteGroupFlexCluster', { params: { groupId, name } }),
  )

async function eitherKind<Dedicated, Flex>(
  dedicated: () => Promise<Dedicated>,
  flex: () => Promise<Flex>,
): Promise<Dedicated | Flex> {
  try {
    return await dedicated()
  } catch (problem) {
    if (problem instanceof ApiError && problem.errorCode === 'CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API') return flex()
    throw problem
  }
}

export async function untilIdle(context: Context, named: Named) {
  const client = await context.client()
  return watchUntil(context.io, {
    what: `cluster ${named.clusterName}`,
    look: () => getAnyCluster(client, named),
    statusOf: (cluster) => cluster.stateName,
    done: ['IDLE'],
    failed: ['DELETING'],
    timeoutSeconds: timeoutOf(context),
  })
}

export async function untilGone(context: Context, named: Named): Promise<void> {
  const client = await context.client()
  await watchUntilGone(context.io, {
    what: `cluster ${named.clusterName}`,
    look: () => getAnyCluster(client, named),
    statusOf: (cluster) => cluster.stateName,
    timeoutSeconds: timeoutOf(context),
  })
}
