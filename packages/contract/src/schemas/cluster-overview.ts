// What is said about clusters without describing one: whether it is settled, how it scales, where one can be made, and
// which there are in all groups that the caller sees.

import { z } from 'zod'
import { cloudProviders } from '../cloud.ts'
import { link, pageOf } from './paging.ts'
import { repeated } from './query.ts'

const providerRegions = z.object({
  instanceSizes: z.array(
    z.object({ availableRegions: z.array(z.object({ default: z.boolean(), name: z.string() })), name: z.string() }),
  ),
  provider: z.enum(cloudProviders),
})

const details = z.object({
  clusters: z.array(
    z.object({
      alertCount: z.int(),
      authEnabled: z.boolean(),
      availability: z.enum(['available', 'dead', 'unavailable', 'warning']),
      backupEnabled: z.boolean(),
      clusterId: z.string(),
      name: z.string(),
      nodeCount: z.int(),
      sslEnabled: z.boolean(),
      type: z.enum(['REPLICA_SET', 'SHARDED_CLUSTER']),
      versions: z.array(z.string()),
    }),
  ),
  groupId: z.string(),
  groupName: z.string(),
  orgId: z.string(),
  orgName: z.string(),
})

export const clusterOverviewSchemas = {
  listClusterDetails: { reply: pageOf(details) },
  autoGroupClusterScalingConfiguration: {
    reply: z.object({ autoScalingMode: z.enum(['CLUSTER_WIDE_SCALING', 'INDEPENDENT_SHARD_SCALING']) }),
  },
  restartGroupClusterPrimaries: { reply: z.object({}) },
  getGroupClusterStatus: {
    reply: z.object({ changeStatus: z.enum(['PENDING', 'APPLIED']), links: z.array(link) }),
  },
  getGroupClusterGlobalWrites: {
    reply: z.object({
      customZoneMapping: z.record(z.string(), z.string()),
      managedNamespaces: z.array(z.never()),
      selfManagedSharding: z.boolean().optional(),
    }),
  },
  listGroupClusterProviderRegions: {
    query: z.object({
      providers: repeated(z.enum(cloudProviders)),
      tier: z.string().max(30).optional(),
    }),
    reply: pageOf(providerRegions),
  },
} as const

export type ClusterDetails = z.output<typeof details>
export type ProviderRegions = z.output<typeof providerRegions>
