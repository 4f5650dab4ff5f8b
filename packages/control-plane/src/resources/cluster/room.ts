// What a group may hold: so many clusters, and no more members than each of its endpoint services can address. Every
// member of a dedicated cluster takes a port of every service of its group (design, "Two ports"). A cluster that would go
// beyond is refused. Call these in the transaction that adds it.

import { isCloudProvider } from '@postern/contract/cloud'
import { addressableTargets } from '@postern/contract/endpoint-service'
import { AtlasError } from '@postern/contract/errors'
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import { effectiveLimit } from '../limit/effective.ts'
import { isSharedTier } from './connection-strings.ts'
import { type ClusterSpec, memberPlaces, parseSpec, tierOf } from './spec.ts'

/** Throws POSTERN_GROUP_CLUSTERS_LIMIT_EXCEEDED when the group has as many clusters as it may. */
export const checkClusterLimit = async (db: Kysely<Tables>, groupId: string): Promise<void> => {
  const limit = await effectiveLimit(db, groupId, 'atlas.project.deployment.clusters')
  const { count } = await db
    .selectFrom('cluster')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('group_id', '=', groupId)
    .executeTakeFirstOrThrow()
  if (Number(count) >= limit) throw new AtlasError('POSTERN_GROUP_CLUSTERS_LIMIT_EXCEEDED', { limit })
}

/**
 * Throws POSTERN_REGIONALIZED_MODE_NEEDS_SHARDED for a replica set in a group whose endpoints are regionalized. Holds the
 * mode as it is until the transaction ends.
 */
export const checkRegionalMode = async (
  tx: Transaction<Tables>,
  groupId: string,
  { clusterName, clusterType }: { readonly clusterName: string; readonly clusterType: string },
): Promise<void> => {
  if (clusterType !== 'REPLICASET') return
  const group = await tx
    .selectFrom('group')
    .select('regional_mode')
    .where('id', '=', groupId)
    .forShare()
    .executeTakeFirst()
  if (group?.regional_mode === true) throw new AtlasError('POSTERN_REGIONALIZED_MODE_NEEDS_SHARDED', { clusterName })
}

interface Service {
  readonly provider: string
  readonly port_mapping: boolean
}

/** Most members that a service may address: what the owner set for AWS and for GCP's legacy form, else the cloud's. */
export const targetLimit = async (db: Kysely<Tables>, groupId: string, service: Service): Promise<number> => {
  const { provider, port_mapping } = service
  if (provider === 'AWS') return effectiveLimit(db, groupId, 'atlas.project.deployment.nodesPerPrivateLinkRegion')
  if (provider === 'GCP' && !port_mapping) {
    return effectiveLimit(db, groupId, 'atlas.project.deployment.privateServiceConnectionsPerRegionGroup')
  }
  return isCloudProvider(provider) ? addressableTargets[provider] : 0
}

/** Throws CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK when `more` members are too many for a service of the group. */
export const checkTargetLimits = async (db: Kysely<Tables>, groupId: string, more: number): Promise<void> => {
  const services = await db
    .selectFrom('endpoint_service')
    .select(['provider', 'region', 'port_mapping'])
    .where('group_id', '=', groupId)
    .execute()
  if (services.length === 0) return
  const addressed = (await countTargets(db, groupId)) + more
  for (const service of services) {
    const limit = await targetLimit(db, groupId, service)
    if (addressed <= limit) continue
    throw new AtlasError('CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK', { region: service.region, limit })
  }
}

/** Throws CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK when the group has more members than a new service may address. */
export const checkServiceRoom = async (
  db: Kysely<Tables>,
  groupId: string,
  service: Service & { readonly region: string },
): Promise<void> => {
  const limit = await targetLimit(db, groupId, service)
  if ((await countTargets(db, groupId)) <= limit) return
  throw new AtlasError('CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK', { region: service.region, limit })
}

/** Members known or still to come in the group's clusters, shared tiers left out. */
const countTargets = async (db: Kysely<Tables>, groupId: string): Promise<number> => {
  const clusters = await db
    .selectFrom('cluster')
    .leftJoin('member', (join) => join.onRef('member.cluster_id', '=', 'cluster.id').on('member.role', '<>', 'hidden'))
    .select(({ fn }) => ['cluster.id', 'cluster.spec', 'cluster.engine', fn.count<string>('member.id').as('known')])
    .where('cluster.group_id', '=', groupId)
    .groupBy(['cluster.id', 'cluster.spec', 'cluster.engine'])
    .execute()
  return clusters
    .map(({ spec, engine, known }) =>
      engine === 'registered' ? Number(known) : targetsOf(parseSpec(spec), Number(known)),
    )
    .reduce((sum, targets) => sum + targets, 0)
}

/** A registered deployment has the members that it has; of a cluster in the making some are still to come. */
const targetsOf = (spec: ClusterSpec, known: number): number =>
  isSharedTier(tierOf(spec)) ? 0 : Math.max(known, memberPlaces(spec).length)
