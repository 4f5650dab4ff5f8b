// The shards that a body asks for, in any of Atlas's dialects: one replication spec each (2024-08-05), one per zone with
// `numShards` (2023-02-01), or one for all (2023-01-01). A replica set is one shard. In a change, what stood before keeps
// its ids, found by the id that the body names or by its place in its zone. Pure but for fresh ids.

import type { ClusterType } from '@postern/contract/cluster'
import type { ClusterBody, ClusterPatch } from '@postern/contract/schemas/cluster'
import type { Ids } from '../../parts.ts'
import { isSharedTier } from './connection-strings.ts'
import { invalidField } from './refusals.ts'
import { readRegions } from './regions.ts'
import { type ClusterSpec, memberPlaces, type RegionSpec, type ReplicationSpec, tierOf } from './spec.ts'

type Said = Parameters<typeof readRegions>[0] & Pick<ClusterPatch, 'numShards'>

interface Shard {
  /** Where in `replicationSpecs` it is described; null: by the oldest dialect's fields beside them. */
  readonly index: number | null
  readonly id: unknown
  readonly zoneName: string
}

/** As many members as a replica set may have votes (MongoDB manual, "Replica Set Members"). */
const mostMembers = 7
/** As many members as an endpoint service has ports for, unless its limit was raised. */
const mostNodes = 50

/** Throws MISSING_ATTRIBUTE, INVALID_ATTRIBUTE, CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API. */
export const readShards = (body: ClusterBody, ids: Pick<Ids, 'objectId'>): ReplicationSpec[] => {
  const shards = shardsOf(body, [])
  const regions = shards.map(({ index }) => readRegions(body, { index: index ?? 0 }))
  return identified(shards, { regions, before: [], ids })
}

interface Change {
  readonly name: string
  readonly before: readonly ReplicationSpec[]
  readonly ids: Pick<Ids, 'objectId'>
  /** The regions of the oldest dialect's fields: said once, for every shard. */
  readonly regionsForAll: () => RegionSpec[]
}

/** As `readShards`, after a change: what it leaves out stays. */
export const changedShards = (patch: ClusterPatch, { name, before, ids, regionsForAll }: Change): ReplicationSpec[] => {
  const shards = shardsOf({ ...patch, name }, before)
  const stood = match(shards, before)
  const regions = shards.map(({ index }, at) => {
    const earlier = stood[at] ?? before[0]
    return index !== null && patch.replicationSpecs?.[index]?.regionConfigs !== undefined
      ? readRegions({ ...patch, name }, { before: earlier?.regions ?? [], index })
      : regionsForAll()
  })
  return identified(shards, { regions, before, ids })
}

/** Throws INVALID_ATTRIBUTE for what is no cluster that can be made here. */
export const checkShards = (spec: ClusterSpec): void => {
  const { clusterType, replicationSpecs } = spec
  const problem = typeProblem(clusterType, replicationSpecs)
  if (problem !== null) throw invalidField('clusterType', problem)
  if (clusterType !== 'REPLICASET' && isSharedTier(tierOf(spec)))
    throw invalidField('clusterType', `an ${tierOf(spec)} cluster is a replica set`)
  for (const each of replicationSpecs) {
    const nodes = memberPlaces({ replicationSpecs: [each] }).length
    if (nodes < 1 || nodes > mostMembers)
      throw invalidField(
        'replicationSpecs',
        `${nodes} nodes: clusters made here have 1 to ${mostMembers} in each shard`,
      )
  }
  const all = memberPlaces(spec).length
  if (all > mostNodes)
    throw invalidField('replicationSpecs', `${all} nodes in all: clusters made here have ${mostNodes}`)
}

const typeProblem = (clusterType: ClusterType, shards: readonly ReplicationSpec[]): string | null => {
  const zones = new Set(shards.map(({ zoneName }) => zoneName)).size
  if (clusterType === 'REPLICASET' && shards.length > 1)
    return `${shards.length} shards are asked for, and a REPLICASET is one: say SHARDED`
  if (clusterType === 'SHARDED' && zones > 1) return `${zones} zones are asked for, and a SHARDED cluster has one`
  return null
}

const shardsOf = (said: Said, before: readonly ReplicationSpec[]): readonly Shard[] => {
  const specs = said.replicationSpecs ?? []
  const zone = before[0]?.zoneName ?? 'Zone 1'
  if (specs.length === 0) {
    const howMany = said.numShards ?? Math.max(before.length, 1)
    return Array.from({ length: howMany }, (_, at) => ({
      index: null,
      id: undefined,
      zoneName: before[at]?.zoneName ?? zone,
    }))
  }
  return specs.flatMap(({ id, zoneName = zone, numShards }, index) => {
    const howMany = numShards ?? (specs.length === 1 ? said.numShards : undefined) ?? 1
    return Array.from({ length: howMany }, () => ({ index, id, zoneName }))
  })
}

/** What stood before in each shard's place; undefined for a shard that is new. */
const match = (
  shards: readonly Shard[],
  before: readonly ReplicationSpec[],
): readonly (ReplicationSpec | undefined)[] => {
  const only = before[0]
  if (shards.length === 1 && before.length === 1) return [only]
  const named = new Set(shards.map(({ id }) => id))
  const left = [...before]
  const take = (fits: (each: ReplicationSpec) => boolean): ReplicationSpec | undefined => {
    const at = left.findIndex(fits)
    return at < 0 ? undefined : left.splice(at, 1)[0]
  }
  return shards.map(
    ({ id, zoneName }) =>
      take((each) => each.id === id) ??
      take((each) => each.zoneWideId === id) ??
      take((each) => each.zoneName === zoneName && !named.has(each.id)),
  )
}

interface Described {
  readonly regions: readonly RegionSpec[][]
  readonly before: readonly ReplicationSpec[]
  readonly ids: Pick<Ids, 'objectId'>
}

const identified = (shards: readonly Shard[], { regions, before, ids }: Described): ReplicationSpec[] => {
  const zones = new Map(before.map(({ zoneName, zoneId, zoneWideId }) => [zoneName, { zoneId, zoneWideId }]))
  const zoneOf = (zoneName: string) => {
    const zone = zones.get(zoneName) ?? { zoneId: ids.objectId(), zoneWideId: ids.objectId() }
    zones.set(zoneName, zone)
    return zone
  }
  const stood = match(shards, before)
  return shards.map(({ zoneName }, at) => {
    const same = stood[at]
    const zone = same === undefined ? zoneOf(zoneName) : { zoneId: same.zoneId, zoneWideId: same.zoneWideId }
    return { id: same?.id ?? ids.objectId(), ...zone, zoneName, regions: regions[at] ?? [] }
  })
}
