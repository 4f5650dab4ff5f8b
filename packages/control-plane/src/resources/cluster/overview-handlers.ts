// Clusters from further away: where one of which tier can be made, and which there are in every group that the caller
// sees.

import { type CloudProvider, cloudProviders, regions } from '@postern/contract/cloud'
import { instanceSizes } from '@postern/contract/cluster'
import { AtlasError } from '@postern/contract/errors'
import type { ClusterDetails, ProviderRegions } from '@postern/contract/schemas/cluster-overview'
import { actorOf } from '../../http/actor-of.ts'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { seenGroups, sightOf } from '../group/sight.ts'
import { type ClusterRow, isNoFlexRow, type MemberRow, membersOf } from './rows.ts'
import { parseSpec } from './spec.ts'

type Operations = 'listClusterDetails' | 'listGroupClusterProviderRegions'

/** The regions that Atlas offers first (recorded for AWS). */
const offeredFirst: ReadonlySet<string> = new Set(['US_EAST_1', 'US_WEST_2'])

export const clusterOverviewHandlers = (parts: Pick<Parts, 'store'>): Handlers<Operations> => ({
  listGroupClusterProviderRegions: async (call) => {
    const { providers, tier } = call.query
    if (tier !== undefined && !Object.values(instanceSizes).some((sizes) => sizes.has(tier))) {
      throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter: 'tier', value: tier })
    }
    const asked = cloudProviders.filter((provider) => providers.length === 0 || providers.includes(provider))
    const results = asked.map((provider) => regionsOf(provider, tier)).filter((each) => each.instanceSizes.length > 0)
    return { body: cutPage(call, results) }
  },

  listClusterDetails: async (call) => {
    const { read } = parts.store
    const seen = seenGroups(sightOf(actorOf(call)))
    const { limit, offset } = rowsOf(call)
    const groups = await read
      .selectFrom('group')
      .innerJoin('organization', 'organization.id', 'group.org_id')
      .select(['group.id', 'group.name', 'group.org_id', 'organization.name as org_name'])
      .where(seen)
      .orderBy('group.name')
      .orderBy('group.id')
      .limit(limit)
      .offset(offset)
      .execute()
    const { total } = await read
      .selectFrom('group')
      .where(seen)
      .select(({ fn }) => fn.countAll<string>().as('total'))
      .executeTakeFirstOrThrow()
    const clusters = await clustersOf(groups.map(({ id }) => id))
    const results = groups.map((group) => ({
      clusters: clusters.get(group.id) ?? [],
      groupId: group.id,
      groupName: group.name,
      orgId: group.org_id,
      orgName: group.org_name,
    }))
    return { body: pageOf(call, { results, total: Number(total) }) }

    async function clustersOf(groupIds: readonly string[]): Promise<ReadonlyMap<string, ClusterDetails['clusters']>> {
      if (groupIds.length === 0) return new Map()
      const rows = await read
        .selectFrom('cluster')
        .selectAll()
        .where('group_id', 'in', groupIds)
        .where(isNoFlexRow)
        .orderBy('created')
        .execute()
      const members = await membersOf(
        read,
        rows.map(({ id }) => id),
      )
      return new Map(
        groupIds.map((groupId) => [
          groupId,
          rows.filter(({ group_id }) => group_id === groupId).map((row) => detailsOf(row, members.get(row.id) ?? [])),
        ]),
      )
    }
  },
})

/** Tiers of a cloud in which a cluster can be made, each in every region of it; with `tier`, of that one only. */
const regionsOf = (provider: CloudProvider, tier: string | undefined): ProviderRegions => {
  const sizes = [...instanceSizes.TENANT, ...instanceSizes[provider]]
  const availableRegions = Object.keys(regions[provider]).map((name) => ({ default: offeredFirst.has(name), name }))
  return {
    instanceSizes: sizes
      .filter((name) => tier === undefined || name === tier)
      .map((name) => ({ availableRegions, name })),
    provider,
  }
}

/** Unavailable while paused or silent; a member that is away is a warning. */
const availability = (
  row: ClusterRow,
  members: readonly MemberRow[],
): ClusterDetails['clusters'][number]['availability'] => {
  if (parseSpec(row.spec).paused || row.error_message !== null || members.length === 0) return 'unavailable'
  return members.some(({ role }) => role === 'unknown') ? 'warning' : 'available'
}

const detailsOf = (row: ClusterRow, members: readonly MemberRow[]): ClusterDetails['clusters'][number] => ({
  alertCount: 0,
  authEnabled: true,
  availability: availability(row, members),
  backupEnabled: parseSpec(row.spec).backupEnabled,
  clusterId: row.id,
  name: row.name,
  nodeCount: members.length,
  sslEnabled: row.tls !== null,
  type: row.cluster_type === 'REPLICASET' ? 'REPLICA_SET' : 'SHARDED_CLUSTER',
  versions: row.mongodb_version === null ? [] : [row.mongodb_version],
})
