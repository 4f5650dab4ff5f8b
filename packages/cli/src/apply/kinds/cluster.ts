// Clusters, of one region or of several. A registered deployment is compared by what the file says of it, and the server
// refuses what cannot be changed.

import type { Client } from '@postern/contract/client'
import { tiersWithoutPrivateEndpoints } from '@postern/contract/cluster'
import type { ClusterReply } from '@postern/contract/schemas/cluster'
import type { StandardListenerView } from '@postern/contract/schemas/standard-listener'
import { at, itemsOf, type Json, textAt } from '../../print/json.ts'
import type { ClusterWish } from '../form.ts'
import { regionOf } from '../keys.ts'
import { compare, everyItem, type Kind } from '../kind.ts'

type Found = ClusterReply & {
  /** Asked for where the file says something of it. */
  readonly standardListener?: Pick<StandardListenerView, 'enabled' | 'policy'>
}

/** In one region: `AWS US_EAST_1: 3 members, priority 7`. */
const placed = (
  place: { readonly provider: string; readonly region: string; readonly members: number },
  priority: number,
) => `${place.provider} ${place.region}: ${place.members} members, priority ${priority}`

/** What the replication specs of a cluster come down to. */
function shapeOf(found: Found) {
  const shards = itemsOf(at(found, 'replicationSpecs'))
  const regions = itemsOf(at(shards[0], 'regionConfigs'))
  const once = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
  return {
    shards: shards.length,
    providers: once(regions.map(providerOf)),
    regions: once(regions.map((region) => textAt(region, 'regionName'))),
    places: regions.map((region) =>
      placed(
        {
          provider: providerOf(region),
          region: textAt(region, 'regionName'),
          members: Number(at(region, 'electableSpecs.nodeCount') ?? 0),
        },
        Number(at(region, 'priority') ?? 0),
      ),
    ),
    tiers: once(regions.map((region) => textAt(region, 'electableSpecs.instanceSize'))),
    members: regions.reduce<number>((sum, region) => sum + Number(at(region, 'electableSpecs.nodeCount') ?? 0), 0),
  }
}

const providerOf = (region: Json): string => textAt(region, 'backingProviderName') || textAt(region, 'providerName')

const shapeFields: ReadonlySet<string> = new Set(['provider', 'region', 'regions', 'tier', 'members', 'shards'])

export const clusterKind: Kind<ClusterWish, Found> = {
  noun: 'cluster',
  wishes: ({ clusters }) => clusters,
  keyOf: ({ name }) => name,
  keyOfFound: ({ name }) => name,
  async look(client, { groupId, wish }) {
    const found = await everyItem((query) => client.call('listGroupClusters', { params: { groupId }, query }))
    const said = new Set(
      (wish.clusters ?? []).flatMap(({ name, standardListener }) => (standardListener === undefined ? [] : [name])),
    )
    return Promise.all(
      found.map(async (cluster): Promise<Found> => {
        if (!said.has(cluster.name)) return cluster
        const params = { groupId, clusterName: cluster.name }
        const { body } = await client.call('getGroupClusterStandardListener', { params })
        return { ...cluster, standardListener: body }
      }),
    )
  },
  isLeaving: ({ stateName }) => stateName === 'DELETING',
  changes: (wish, found) => {
    const there = shapeOf(found)
    return compare([
      ['type', wish.type, found.clusterType, 'fixed'],
      ['provider', wish.regions ? undefined : wish.provider, there.providers],
      ['region', wish.region && regionOf({ provider: wish.provider, region: wish.region }), there.regions],
      ['regions', wish.regions && placesOf(wish).map((place, index) => placed(place, 7 - index)), there.places],
      ['tier', wish.tier, there.tiers],
      ['members', wish.members, there.members],
      ['shards', wish.shards, there.shards],
      ['mongoDBVersion', wish.mongoDBVersion, found.mongoDBMajorVersion],
      ['paused', wish.paused, at(found, 'paused')],
      ['terminationProtection', wish.terminationProtection, found.terminationProtectionEnabled],
      ['standardListener', wish.standardListener, found.standardListener?.enabled],
      [
        'standardListenerPolicy.maxSnapshotAgeSeconds',
        wish.standardListenerPolicy && (wish.standardListenerPolicy.maxSnapshotAgeSeconds ?? 'none'),
        found.standardListener?.policy.maxSnapshotAgeSeconds ?? 'none',
      ],
      ['tags', wish.tags, tagsOf(found)],
    ])
  },
  async make({ client }, { groupId }, wish) {
    await client.call('createGroupCluster', {
      params: { groupId },
      body: {
        name: wish.name,
        clusterType: wish.type ?? 'REPLICASET',
        replicationSpecs: specsOf(wish, { members: 3, shards: 1 }),
        ...settingsOf(wish, allFields),
      },
    })
    if (wish.standardListener === true || wish.standardListenerPolicy !== undefined)
      await putListener(client, groupId, wish)
  },
  async change({ client }, { groupId }, { wish, found, changes }) {
    const changed = new Set(changes.map(({ field }) => field))
    const listener = [...changed].filter((field) => field.startsWith('standardListener'))
    if (listener.length > 0) await putListener(client, groupId, wish)
    for (const field of listener) changed.delete(field)
    if (changed.size === 0) return
    await client.call('updateGroupCluster', {
      params: { groupId, clusterName: wish.name },
      body: {
        ...([...changed].some((field) => shapeFields.has(field)) && {
          replicationSpecs: specsOf(wish, shapeOf(found)),
        }),
        ...settingsOf(wish, changed),
      },
    })
  },
  isPruned: (_, { wish }) => wish.clusters !== undefined,
  async remove({ client }, { groupId }, { name }) {
    await client.call('deleteGroupCluster', { params: { groupId, clusterName: name } })
  },
  async standings(client, site) {
    const found = await clusterKind.look(client, site)
    return new Map(found.map(({ name, stateName }) => [name, { state: stateName, settled: stateName === 'IDLE' }]))
  },
}

const putListener = (
  client: Client,
  groupId: string,
  { name, standardListener = false, standardListenerPolicy: policy }: ClusterWish,
) =>
  client.call('updateGroupClusterStandardListener', {
    params: { groupId, clusterName: name },
    body: {
      enabled: standardListener,
      ...(policy && { policy: { maxSnapshotAgeSeconds: policy.maxSnapshotAgeSeconds ?? null } }),
    },
  })

const tagsOf = (found: Found) =>
  Object.fromEntries(itemsOf(at(found, 'tags')).map((tag) => [textAt(tag, 'key'), textAt(tag, 'value')]))

const allFields: ReadonlySet<string> = new Set(['mongoDBVersion', 'paused', 'terminationProtection', 'tags'])

const settingsOf = (wish: ClusterWish, fields: ReadonlySet<string>) => ({
  ...(fields.has('mongoDBVersion') &&
    wish.mongoDBVersion !== undefined && { mongoDBMajorVersion: wish.mongoDBVersion }),
  ...(fields.has('paused') && wish.paused !== undefined && { paused: wish.paused }),
  ...(fields.has('terminationProtection') &&
    wish.terminationProtection !== undefined && { terminationProtectionEnabled: wish.terminationProtection }),
  ...(fields.has('tags') &&
    wish.tags !== undefined && { tags: Object.entries(wish.tags).map(([key, value]) => ({ key, value })) }),
})

/** Its regions, each with its members; `otherwise` many where a cluster of one region does not say. */
const placesOf = ({ provider, region = '', regions, members }: ClusterWish, otherwise = 3) =>
  (regions ?? [{ region, members: members ?? otherwise }]).map((each) => {
    const place = { provider, ...each }
    return { ...place, region: regionOf(place) }
  })

/** Where the file says nothing of members and shards, `there` says it. */
function specsOf(wish: ClusterWish, there: { readonly members: number; readonly shards: number }) {
  const instanceSize = wish.tier
  const shared = tiersWithoutPrivateEndpoints.has(instanceSize)
  const regionConfigs = placesOf(wish, there.members).map(({ provider, region, members }, index) => ({
    providerName: shared ? 'TENANT' : provider,
    ...(shared && { backingProviderName: provider }),
    regionName: region,
    priority: 7 - index,
    electableSpecs: { instanceSize, ...(!shared && { nodeCount: members }) },
  }))
  return Array.from({ length: wish.shards ?? there.shards }, () => ({ zoneName: 'Zone 1', regionConfigs }))
}
