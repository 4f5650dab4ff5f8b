// Clusters: of one region, as a file lists them. One of several regions, or a registered deployment, is compared by what
// the file says of it, and the server refuses what cannot be changed.

import { tiersWithoutPrivateEndpoints } from '@postern/contract/cluster'
import type { ClusterReply } from '@postern/contract/schemas/cluster'
import { at, itemsOf, textAt } from '../../print/json.ts'
import type { ClusterWish } from '../form.ts'
import { regionOf } from '../keys.ts'
import { compare, everyItem, type Kind } from '../kind.ts'

type Found = ClusterReply

/** What the replication specs of a cluster come down to. */
function shapeOf(found: Found) {
  const shards = itemsOf(at(found, 'replicationSpecs'))
  const regions = itemsOf(at(shards[0], 'regionConfigs'))
  const once = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
  return {
    shards: shards.length,
    providers: once(regions.map((region) => textAt(region, 'backingProviderName') || textAt(region, 'providerName'))),
    regions: once(regions.map((region) => textAt(region, 'regionName'))),
    tiers: once(regions.map((region) => textAt(region, 'electableSpecs.instanceSize'))),
    members: regions.reduce<number>((sum, region) => sum + Number(at(region, 'electableSpecs.nodeCount') ?? 0), 0),
  }
}

const shapeFields: ReadonlySet<string> = new Set(['provider', 'region', 'tier', 'members', 'shards'])

export const clusterKind: Kind<ClusterWish, Found> = {
  noun: 'cluster',
  wishes: ({ clusters }) => clusters,
  keyOf: ({ name }) => name,
  keyOfFound: ({ name }) => name,
  look: (client, { groupId }) => everyItem((query) => client.call('listGroupClusters', { params: { groupId }, query })),
  isLeaving: ({ stateName }) => stateName === 'DELETING',
  changes: (wish, found) => {
    const there = shapeOf(found)
    return compare([
      ['type', wish.type, found.clusterType, 'fixed'],
      ['provider', wish.provider, there.providers],
      ['region', regionOf(wish), there.regions],
      ['tier', wish.tier, there.tiers],
      ['members', wish.members, there.members],
      ['shards', wish.shards, there.shards],
      ['mongoDBVersion', wish.mongoDBVersion, found.mongoDBMajorVersion],
      ['paused', wish.paused, at(found, 'paused')],
      ['terminationProtection', wish.terminationProtection, found.terminationProtectionEnabled],
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
  },
  async change({ client }, { groupId }, { wish, found, changes }) {
    const changed = new Set(changes.map(({ field }) => field))
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

/** Where the file says nothing of members and shards, `there` says it. */
function specsOf(wish: ClusterWish, there: { readonly members: number; readonly shards: number }) {
  const shared = tiersWithoutPrivateEndpoints.has(wish.tier)
  const region = {
    providerName: shared ? 'TENANT' : wish.provider,
    ...(shared && { backingProviderName: wish.provider }),
    regionName: regionOf(wish),
    priority: 7,
    electableSpecs: { instanceSize: wish.tier, ...(!shared && { nodeCount: wish.members ?? there.members }) },
  }
  return Array.from({ length: wish.shards ?? there.shards }, () => ({ zoneName: 'Zone 1', regionConfigs: [region] }))
}
