// A cluster as these pages show it, whichever of the two APIs tells of it: Flex clusters have one of their own. What a
// description says depends on the version asked for; this reads the newest.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { regionWords } from '../../words/region.ts'

type Told = ReplyOf<'getGroupCluster'>
type ToldFlex = ReplyOf<'getGroupFlexCluster'>

interface Hardware {
  readonly instanceSize?: string
  readonly nodeCount?: number
}

export interface RegionConfig {
  readonly providerName?: string
  readonly backingProviderName?: string
  readonly regionName?: string
  readonly electableSpecs?: Hardware
  readonly readOnlySpecs?: Hardware
  readonly analyticsSpecs?: Hardware
}

export interface ReplicationSpec {
  readonly regionConfigs?: readonly RegionConfig[]
}

export interface ShownCluster {
  readonly name: string
  readonly flex: boolean
  /** A deployment of somebody's own, that is only known here. */
  readonly registered: boolean
  /** Why hidden members of a registered deployment are not known; null where there is no reason. */
  readonly hiddenUnknown: string | null
  readonly state: string
  readonly paused: boolean
  /** `M10`; `FLEX` of a Flex cluster; a registered deployment has none. */
  readonly tier: string
  readonly providers: readonly CloudProvider[]
  /** As people call them. */
  readonly regions: readonly string[]
  /** Of all regions and shards; null where the API does not say. */
  readonly nodes: number | null
  readonly shards: number
  readonly type: string
  readonly version: string
  readonly majorVersion: string
  readonly created: string
  readonly terminationProtection: boolean
  /** The deployment's own; undefined until there is one. */
  readonly standard: string | undefined
  /** One for each shard; none of a Flex cluster. */
  readonly replicationSpecs: readonly ReplicationSpec[]
}

const typeWords = { REPLICASET: 'Replica set', SHARDED: 'Sharded cluster', GEOSHARDED: 'Global cluster' } as const

type Deployment = Pick<ReplyOf<'listGroupDeployments'>['results'][number], 'hiddenMembersUnknownReason'>

/** `deployment`: of a registered one. */
export function shownCluster(told: Told, deployment?: Deployment): ShownCluster {
  const registered = deployment !== undefined
  const { replicationSpecs = [], paused = false } = told as {
    readonly replicationSpecs?: readonly ReplicationSpec[]
    readonly paused?: boolean
  }
  const configs = replicationSpecs.flatMap(({ regionConfigs }) => regionConfigs ?? [])
  const nodesOf = ({ electableSpecs, readOnlySpecs, analyticsSpecs }: RegionConfig): number =>
    [electableSpecs, readOnlySpecs, analyticsSpecs].reduce((sum, specs) => sum + (specs?.nodeCount ?? 0), 0)
  const nodes = configs.reduce((sum, config) => sum + nodesOf(config), 0)
  return {
    name: told.name,
    flex: false,
    registered,
    hiddenUnknown: deployment?.hiddenMembersUnknownReason ?? null,
    state: told.stateName,
    paused,
    tier: registered ? '' : (configs[0]?.electableSpecs?.instanceSize ?? ''),
    providers: each(configs.map(providerOf)),
    regions: each(configs.map(regionOf)),
    nodes: nodes === 0 ? null : nodes,
    shards: replicationSpecs.length,
    type: typeWords[told.clusterType],
    version: told.mongoDBVersion,
    majorVersion: told.mongoDBMajorVersion,
    created: told.createDate,
    terminationProtection: told.terminationProtectionEnabled,
    standard: told.connectionStrings.standard,
    replicationSpecs,
  }
}

export const shownFlexCluster = (told: ToldFlex): ShownCluster => ({
  name: told.name,
  flex: true,
  registered: false,
  hiddenUnknown: null,
  state: told.stateName,
  paused: false,
  tier: 'FLEX',
  providers: [told.providerSettings.backingProviderName],
  regions: [regionWords(told.providerSettings.backingProviderName, told.providerSettings.regionName)],
  nodes: null,
  shards: 1,
  type: typeWords[told.clusterType],
  version: told.mongoDBVersion,
  majorVersion: '',
  created: told.createDate,
  terminationProtection: told.terminationProtectionEnabled,
  standard: told.connectionStrings.standard,
  replicationSpecs: [],
})

/** Of a shared tier, the cloud behind it. */
const providerOf = ({ providerName, backingProviderName }: RegionConfig): CloudProvider | undefined =>
  [backingProviderName, providerName].find((name) => name !== undefined && isCloudProvider(name)) as
    | CloudProvider
    | undefined

const regionOf = (config: RegionConfig): string | undefined => {
  const provider = providerOf(config)
  const { regionName } = config
  return provider === undefined || regionName === undefined ? regionName : regionWords(provider, regionName)
}

/** Each once, in the cluster's own order: the preferred region first. */
const each = <Text extends string>(values: readonly (Text | undefined)[]): Text[] => [
  ...new Set(values.filter((value) => value !== undefined)),
]

export const sharedTiers: ReadonlySet<string> = new Set(['M0', 'M2', 'M5', 'FLEX'])
