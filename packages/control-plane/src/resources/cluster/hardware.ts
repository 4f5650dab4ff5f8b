// What a region's nodes run on, and between which sizes they may scale. Pure; a refusal names the field.

import type { CloudProvider } from '@postern/contract/cloud'
import { instanceSizes } from '@postern/contract/cluster'
import type { ClusterBody } from '@postern/contract/schemas/cluster'
import { invalidField, missingField } from './refusals.ts'
import { noAutoScaling, type RegionSpec } from './spec.ts'

type Provider = CloudProvider | 'TENANT'
type Config = NonNullable<NonNullable<ClusterBody['replicationSpecs']>[number]['regionConfigs']>[number]
type Hardware = NonNullable<RegionSpec['analyticsHardware']>

/** Throws MISSING_ATTRIBUTE, INVALID_ATTRIBUTE. */
export const readSize = (provider: Provider, text: string | undefined, field: string): string => {
  if (text === undefined) throw missingField(field)
  if (instanceSizes[provider].has(text)) return text
  throw invalidField(field, `${provider} has no tier ${text}`)
}

/** Atlas's defaults; GCP and the shared tiers show neither. */
export const disks = (
  provider: Provider,
  iops: number | null | undefined,
  volume: string | null | undefined,
): Pick<RegionSpec, 'diskIOPS' | 'ebsVolumeType'> => ({
  diskIOPS: provider === 'AWS' ? (iops ?? 3000) : provider === 'AZURE' ? (iops ?? 120) : null,
  ebsVolumeType: provider === 'AWS' ? (volume ?? 'STANDARD') : null,
})

interface BaseNodes {
  readonly provider: Provider
  readonly base: Hardware
  readonly before: Hardware | null
  readonly at: string
}

/**
 * What analytics nodes run on, where it is not what all others do. Throws INVALID_ATTRIBUTE, also for read-only nodes
 * of another tier: they are of the electable ones' in Atlas.
 */
export const readAnalyticsHardware = (
  { electableSpecs, readOnlySpecs, analyticsSpecs }: Config,
  { provider, base, before, at }: BaseNodes,
): Hardware | null => {
  const readOnlySize = readOnlySpecs?.instanceSize
  if (electableSpecs && readOnlySpecs?.nodeCount && readOnlySize !== undefined && readOnlySize !== base.instanceSize)
    throw invalidField(`${at}.readOnlySpecs.instanceSize`, `must be that of electableSpecs, ${base.instanceSize}`)
  if (analyticsSpecs === undefined || provider === 'TENANT') return before
  const instanceSize = readSize(
    provider,
    analyticsSpecs.instanceSize ?? base.instanceSize,
    `${at}.analyticsSpecs.instanceSize`,
  )
  const like = before ?? base
  const own = {
    instanceSize,
    ...disks(provider, analyticsSpecs.diskIOPS ?? like.diskIOPS, analyticsSpecs.ebsVolumeType ?? like.ebsVolumeType),
  }
  const same =
    own.instanceSize === base.instanceSize && own.diskIOPS === base.diskIOPS && own.ebsVolumeType === base.ebsVolumeType
  return same ? null : own
}

interface Bounded {
  readonly provider: Provider
  readonly before?: RegionSpec['autoScaling'] | null | undefined
  readonly at: string
}

/** What is not said stays; shared tiers do not scale. Throws INVALID_ATTRIBUTE for a size that the provider does not have. */
export const readAutoScaling = (
  said: Config['autoScaling'],
  { provider, before, at }: Bounded,
): RegionSpec['autoScaling'] => {
  if (provider === 'TENANT') return noAutoScaling
  const { compute, scaleDown, diskGB, minInstanceSize, maxInstanceSize } = before ?? noAutoScaling
  const bound = (name: 'minInstanceSize' | 'maxInstanceSize', earlier: string | null): string | null => {
    const size = said?.compute?.[name]
    if (size === undefined) return earlier
    return size === null ? null : readSize(provider, size, `${at}.compute.${name}`)
  }
  return {
    compute: said?.compute?.enabled ?? compute,
    scaleDown: said?.compute?.scaleDownEnabled ?? scaleDown,
    diskGB: said?.diskGB?.enabled ?? diskGB,
    minInstanceSize: bound('minInstanceSize', minInstanceSize),
    maxInstanceSize: bound('maxInstanceSize', maxInstanceSize),
  }
}
