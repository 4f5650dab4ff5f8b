// How many members an endpoint service can address: each member of the group's dedicated clusters takes a port of each
// service, and the clouds limit those (Atlas, "Private Endpoint Limitations"). A cluster that would go beyond is refused.

import { AtlasError } from '@postern/contract/errors'
import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import { isSharedTier } from './connection-strings.ts'
import { parseSpec, tierOf } from './spec.ts'

/** Limits that a group's owner may set, by API name, and what they are otherwise. */
const awsLimit = { name: 'atlas.project.deployment.nodesPerPrivateLinkRegion', value: 50 }
const gcpLimit = { name: 'atlas.project.deployment.privateServiceConnectionsPerRegionGroup', value: 50 }
/** Azure's, and GCP's where one address and ports pick the member. */
const fixedLimit = 150

interface Service {
  readonly provider: string
  readonly region: string
  readonly port_mapping: boolean
}

/** Most members that a service may address; `set` are the group's own limits by name. */
export const targetLimit = (
  { provider, port_mapping }: Omit<Service, 'region'>,
  set: ReadonlyMap<string, number>,
): number => {
  if (provider === 'AWS') return set.get(awsLimit.name) ?? awsLimit.value
  if (provider === 'GCP' && !port_mapping) return set.get(gcpLimit.name) ?? gcpLimit.value
  return fixedLimit
}

/**
 * Throws CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK when `more` members would be too many for a service of the
 * group. Call it in the transaction that adds them.
 */
export const checkTargetLimits = async (db: Kysely<Tables>, groupId: string, more: number): Promise<void> => {
  const services: readonly Service[] = await db
    .selectFrom('endpoint_service')
    .select(['provider', 'region', 'port_mapping'])
    .where('group_id', '=', groupId)
    .execute()
  if (services.length === 0) return
  const limits = await db.selectFrom('group_limit').selectAll().where('group_id', '=', groupId).execute()
  const set = new Map(limits.map(({ name, value }) => [name, Number(value)]))
  const addressed = (await countTargets(db, groupId)) + more
  for (const service of services) {
    const limit = targetLimit(service, set)
    if (addressed <= limit) continue
    throw new AtlasError('CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK', { region: service.region, limit })
  }
}

/** Members wished for or known in the group's clusters, shared tiers left out. */
const countTargets = async (db: Kysely<Tables>, groupId: string): Promise<number> => {
  const clusters = await db
    .selectFrom('cluster')
    .leftJoin('member', 'member.cluster_id', 'cluster.id')
    .select(({ fn }) => ['cluster.id', 'cluster.spec', fn.count<string>('member.id').as('known')])
    .where('cluster.group_id', '=', groupId)
    .groupBy(['cluster.id', 'cluster.spec'])
    .execute()
  return clusters
    .map(({ spec, known }) => ({ spec: parseSpec(spec), known: Number(known) }))
    .filter(({ spec }) => !isSharedTier(tierOf(spec)))
    .reduce((sum, { spec, known }) => sum + Math.max(known, wishedNodes(spec)), 0)
}

const wishedNodes = ({ replicationSpecs }: ReturnType<typeof parseSpec>): number =>
  replicationSpecs
    .flatMap(({ regions }) => regions)
    .reduce((sum, region) => sum + region.electableNodes + region.readOnlyNodes + region.analyticsNodes, 0)
