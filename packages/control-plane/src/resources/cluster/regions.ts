// Where and how large the nodes of a requested cluster are, from either way of saying it: region configs, or the oldest
// dialect's provider settings with node counts by region name. Pure; a refusal names the field.

import { atlasRegion, type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import type { ClusterBody, ClusterPatch } from '@postern/contract/schemas/cluster'
import { disks, readAnalyticsHardware, readAutoScaling, readSize } from './hardware.ts'
import { invalidField, missingField } from './refusals.ts'
import type { RegionSpec } from './spec.ts'

type Said = Pick<
  ClusterPatch,
  'replicationSpecs' | 'providerSettings' | 'replicationSpec' | 'replicationFactor' | 'autoScaling'
> &
  Pick<ClusterBody, 'name'>

interface Which {
  /** Those of the shard that it changes: disks and auto-scaling of which the body says nothing stay. */
  readonly before?: readonly RegionSpec[]
  /** Which of `replicationSpecs` is read. */
  readonly index?: number
}

/**
 * The regions that a body asks for in one replication spec. Throws MISSING_ATTRIBUTE, INVALID_ATTRIBUTE,
 * CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API.
 */
export const readRegions = (body: Said, { before = [], index = 0 }: Which = {}): RegionSpec[] => {
  const configs = body.replicationSpecs?.[index]?.regionConfigs
  const regions =
    configs === undefined
      ? fromProviderSettings(body, { earlier: before, index })
      : fromRegionConfigs(body.name, { configs, earlier: before, index })
  const twice = regions.find((one, at) => regions.findIndex((other) => sameRegion([other], one)) < at)
  if (twice) throw invalidField(`replicationSpecs[${index}].regionConfigs`, `${twice.regionName} is told twice`)
  const tiers = new Set(regions.map(({ instanceSize }) => instanceSize))
  if (tiers.size > 1) throw invalidField('instanceSize', 'must be the same in every region')
  return regions
}

type RegionConfigs = NonNullable<NonNullable<ClusterBody['replicationSpecs']>[number]['regionConfigs']>

interface Given {
  readonly configs: RegionConfigs
  readonly earlier: readonly RegionSpec[]
  readonly index: number
}

const fromRegionConfigs = (clusterName: string, { configs, earlier, index }: Given): RegionSpec[] =>
  configs.map((config, place) => {
    const at = `replicationSpecs[${index}].regionConfigs[${place}]`
    if (config.providerName === 'FLEX') throw new AtlasError('CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API', { clusterName })
    const where = readPlace(config, at)
    const shown = config.electableSpecs ?? config.readOnlySpecs ?? config.analyticsSpecs
    const instanceSize = readSize(where.providerName, shown?.instanceSize, `${at}.electableSpecs.instanceSize`)
    const shared = where.providerName === 'TENANT'
    const before = sameRegion(earlier, where)
    const base = {
      instanceSize,
      ...disks(where.providerName, shown?.diskIOPS ?? before?.diskIOPS, shown?.ebsVolumeType ?? before?.ebsVolumeType),
    }
    const provider = where.providerName
    const analytics = config.analyticsAutoScaling
    return {
      ...where,
      priority: config.priority ?? Math.max(7 - place, 0),
      ...base,
      electableNodes: shared ? 3 : (config.electableSpecs?.nodeCount ?? 0),
      readOnlyNodes: config.readOnlySpecs?.nodeCount ?? 0,
      analyticsNodes: config.analyticsSpecs?.nodeCount ?? 0,
      autoScaling: readAutoScaling(config.autoScaling, {
        provider,
        before: before?.autoScaling,
        at: `${at}.autoScaling`,
      }),
      analyticsHardware: readAnalyticsHardware(config, {
        provider,
        base,
        before: before?.analyticsHardware ?? null,
        at,
      }),
      analyticsAutoScaling:
        analytics === undefined
          ? (before?.analyticsAutoScaling ?? null)
          : readAutoScaling(analytics, {
              provider,
              before: before?.analyticsAutoScaling,
              at: `${at}.analyticsAutoScaling`,
            }),
    }
  })

/** 2023-01-01: one provider and tier for all, and node counts by region name. */
const fromProviderSettings = (body: Said, { earlier, index }: Omit<Given, 'configs'>): RegionSpec[] => {
  const provider = body.providerSettings
  if (provider === undefined) throw missingField('replicationSpecs')
  const counts = body.replicationSpecs?.[index]?.regionsConfig ??
    body.replicationSpec ?? {
      [provider.regionName ?? '']: { electableNodes: body.replicationFactor ?? 3, priority: 7 },
    }
  return Object.entries(counts).map(([regionName, count]) => {
    const { providerName } = provider
    if (providerName === undefined) throw missingField('providerSettings.providerName')
    const place = readPlace({ ...provider, providerName, regionName }, 'providerSettings')
    const before = sameRegion(earlier, place)
    return {
      ...place,
      priority: count.priority ?? 7,
      instanceSize: readSize(place.providerName, provider.instanceSizeName, 'providerSettings.instanceSizeName'),
      ...disks(place.providerName, provider.diskIOPS ?? before?.diskIOPS, provider.volumeType ?? before?.ebsVolumeType),
      electableNodes: place.providerName === 'TENANT' ? 3 : (count.electableNodes ?? 0),
      readOnlyNodes: count.readOnlyNodes ?? 0,
      analyticsNodes: count.analyticsNodes ?? 0,
      autoScaling: readAutoScaling(
        {
          compute: { ...body.autoScaling?.compute, ...provider.autoScaling?.compute },
          diskGB: { enabled: body.autoScaling?.diskGBEnabled },
        },
        { provider: place.providerName, before: before?.autoScaling, at: 'providerSettings.autoScaling' },
      ),
      analyticsHardware: before?.analyticsHardware ?? null,
      analyticsAutoScaling: before?.analyticsAutoScaling ?? null,
    }
  })
}

type PlaceName = Pick<RegionSpec, 'providerName' | 'backingProvider' | 'regionName'>

const sameRegion = (earlier: readonly RegionSpec[], place: PlaceName): RegionSpec | undefined =>
  earlier.find(
    ({ providerName, backingProvider, regionName }) =>
      providerName === place.providerName &&
      backingProvider === place.backingProvider &&
      regionName === place.regionName,
  )

interface GivenPlace {
  readonly providerName: string
  readonly backingProviderName?: string | undefined
  readonly regionName: string
}

/** Throws INVALID_ATTRIBUTE that names the provider's or the region's field under `at`. */
export const readPlace = (
  given: GivenPlace,
  at: string,
): PlaceName & { readonly providerName: CloudProvider | 'TENANT' } => {
  const providerName = readProvider(given.providerName, `${at}.providerName`)
  const backingProvider =
    providerName === 'TENANT' ? readBacking(given.backingProviderName, `${at}.backingProviderName`) : providerName
  const regionName = atlasRegion(backingProvider, given.regionName)
  if (regionName === undefined) {
    throw invalidField(`${at}.regionName`, `${backingProvider} has no region ${given.regionName || '""'}`)
  }
  return { providerName, backingProvider, regionName }
}

const readProvider = (text: string, field: string): CloudProvider | 'TENANT' => {
  if (text === 'TENANT' || isCloudProvider(text)) return text
  throw invalidField(field, 'must be AWS, AZURE, GCP or TENANT')
}

const readBacking = (text: string | undefined, field: string): CloudProvider => {
  if (text !== undefined && isCloudProvider(text)) return text
  throw invalidField(field, 'must be AWS, AZURE or GCP')
}
