// The regions of a cluster as the three dialects of the API spell them; keys in the recorded order. Pure.

import type { ClusterSpec, RegionSpec, ReplicationSpec } from './spec.ts'

/** A shared tier shows less: no disks, no node counts. */
export const isShared = ({ providerName }: RegionSpec): boolean => providerName === 'TENANT' || providerName === 'FLEX'

/** Sizes are shown where they bound something. */
const computeScaling = (autoScaling: RegionSpec['autoScaling']): object => ({
  enabled: autoScaling.compute,
  ...(autoScaling.maxInstanceSize !== null && { maxInstanceSize: autoScaling.maxInstanceSize }),
  ...(autoScaling.minInstanceSize !== null && { minInstanceSize: autoScaling.minInstanceSize }),
  scaleDownEnabled: autoScaling.scaleDown,
})

const scaling = (autoScaling: RegionSpec['autoScaling']): object => ({
  compute: computeScaling(autoScaling),
  diskGB: { enabled: autoScaling.diskGB },
})

/** 2024-08-05: one per shard; `withEffective` for what is asked for, not for what is in effect. */
export const shardSpec = (spec: ClusterSpec, each: ReplicationSpec, withEffective: boolean): object => ({
  id: each.id,
  regionConfigs: each.regions.map((region) => regionConfig(region, { diskSizeGB: spec.diskSizeGB, withEffective })),
  zoneId: each.zoneId,
  zoneName: each.zoneName,
})

/** 2023-02-01: one per zone; its shards are alike in this dialect. */
export const zoneSpec = ({ first: each, numShards }: Zone): object => ({
  id: each.zoneWideId,
  numShards,
  regionConfigs: each.regions.map((region) => regionConfig(region, { diskSizeGB: null, withEffective: false })),
  zoneId: each.zoneId,
  zoneName: each.zoneName,
})

export interface Zone {
  readonly first: ReplicationSpec
  readonly numShards: number
}

/** The zones of a cluster, in the order of their first shards. */
export const zonesOf = (shards: readonly ReplicationSpec[]): readonly Zone[] =>
  shards
    .filter(({ zoneId }, at) => shards.findIndex((each) => each.zoneId === zoneId) === at)
    .map((first) => ({ first, numShards: shards.filter(({ zoneId }) => zoneId === first.zoneId).length }))

interface RegionConfigOptions {
  /** Null: this dialect has the size at the top. */
  readonly diskSizeGB: number | null
  readonly withEffective: boolean
}

const regionConfig = (region: RegionSpec, { diskSizeGB, withEffective }: RegionConfigOptions): object => {
  const { instanceSize } = region
  const disk = diskSizeGB === null ? {} : { diskSizeGB }
  if (isShared(region)) {
    return {
      electableSpecs: { effectiveInstanceSize: instanceSize, instanceSize, ...disk },
      backingProviderName: region.backingProvider,
      priority: region.priority,
      providerName: region.providerName,
      regionName: region.regionName,
    }
  }
  const nodes = (nodeCount: number, on: NonNullable<RegionSpec['analyticsHardware']> = region): object => ({
    instanceSize: on.instanceSize,
    ...(on.diskIOPS !== null && { diskIOPS: on.diskIOPS }),
    ...disk,
    ...(on.ebsVolumeType !== null && { ebsVolumeType: on.ebsVolumeType }),
    nodeCount,
  })
  const analyticsSpecs = nodes(region.analyticsNodes, region.analyticsHardware ?? region)
  const electableSpecs = nodes(region.electableNodes)
  const readOnlySpecs = nodes(region.readOnlyNodes)
  return {
    ...(region.analyticsAutoScaling !== null && { analyticsAutoScaling: scaling(region.analyticsAutoScaling) }),
    analyticsSpecs,
    autoScaling: scaling(region.autoScaling),
    ...(withEffective && {
      effectiveAnalyticsSpecs: analyticsSpecs,
      effectiveElectableSpecs: electableSpecs,
      effectiveReadOnlySpecs: readOnlySpecs,
    }),
    electableSpecs,
    priority: region.priority,
    providerName: region.providerName,
    readOnlySpecs,
    regionName: region.regionName,
  }
}

/** 2023-01-01: node counts by region name. */
export const regionsByName = (spec: ReplicationSpec | undefined): object =>
  Object.fromEntries(
    (spec?.regions ?? []).map((region) => [
      region.regionName,
      {
        analyticsNodes: region.analyticsNodes,
        electableNodes: region.electableNodes,
        priority: region.priority,
        readOnlyNodes: region.readOnlyNodes,
      },
    ]),
  )

/** 2023-01-01: provider and tier, once for all regions. */
export const providerSettings = (region: RegionSpec): object =>
  isShared(region)
    ? {
        providerName: region.providerName,
        autoScaling: { compute: { maxInstanceSize: null, minInstanceSize: null } },
        backingProviderName: region.backingProvider,
        effectiveInstanceSizeName: region.instanceSize,
        instanceSizeName: region.instanceSize,
        regionName: region.regionName,
      }
    : {
        providerName: region.providerName,
        autoScaling: {
          compute: {
            maxInstanceSize: region.autoScaling.maxInstanceSize,
            minInstanceSize: region.autoScaling.minInstanceSize,
          },
        },
        ...(region.diskIOPS !== null && { diskIOPS: region.diskIOPS }),
        ...(region.providerName === 'AWS' && { encryptEBSVolume: true }),
        instanceSizeName: region.instanceSize,
        regionName: region.regionName,
        ...(region.ebsVolumeType !== null && { volumeType: region.ebsVolumeType }),
      }
