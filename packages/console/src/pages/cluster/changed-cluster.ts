// What an edited cluster is asked to become: only what is otherwise than before. Replication specs replace the old ones
// as a whole, so they are sent back with nothing changed but what was meant.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { RegionConfig, ShownCluster } from './shown-cluster.ts'

export interface ClusterEdit {
  readonly tier: string
  /** Electable nodes of the preferred region. */
  readonly nodes: number | null
  readonly version: string
  readonly terminationProtection: boolean
}

export const editOf = (cluster: ShownCluster): ClusterEdit => ({
  tier: cluster.tier,
  nodes: cluster.replicationSpecs[0]?.regionConfigs?.[0]?.electableSpecs?.nodeCount ?? null,
  version: cluster.majorVersion,
  terminationProtection: cluster.terminationProtection,
})

/** Undefined: nothing is otherwise. */
export function changedCluster(
  cluster: ShownCluster,
  edit: ClusterEdit,
): BodyInputOf<'updateGroupCluster'> | undefined {
  const before = editOf(cluster)
  const shape = edit.tier !== before.tier || edit.nodes !== before.nodes
  const body: BodyInputOf<'updateGroupCluster'> = {
    ...(edit.terminationProtection !== before.terminationProtection && {
      terminationProtectionEnabled: edit.terminationProtection,
    }),
    ...(edit.version !== before.version && { mongoDBMajorVersion: edit.version }),
    ...(shape && { replicationSpecs: specsAfter(cluster, edit) }),
  }
  return Object.keys(body).length === 0 ? undefined : body
}

type Specs = NonNullable<BodyInputOf<'updateGroupCluster'>['replicationSpecs']>

const specsAfter = ({ replicationSpecs, tier }: ShownCluster, edit: ClusterEdit): Specs =>
  replicationSpecs.map((spec) => ({
    ...spec,
    regionConfigs: (spec.regionConfigs ?? []).map((config, index) => configAfter(config, index, tier, edit)),
  })) as Specs

/** Analytics nodes of another tier keep it. */
function configAfter(config: RegionConfig, index: number, tier: string, edit: ClusterEdit): RegionConfig {
  const resized = Object.fromEntries(
    (['electableSpecs', 'readOnlySpecs', 'analyticsSpecs'] as const).flatMap((kind) => {
      const specs = config[kind]
      return specs === undefined
        ? []
        : [[kind, specs.instanceSize === tier ? { ...specs, instanceSize: edit.tier } : specs]]
    }),
  ) as Pick<RegionConfig, 'electableSpecs' | 'readOnlySpecs' | 'analyticsSpecs'>
  const counted =
    index === 0 && edit.nodes !== null && resized.electableSpecs !== undefined
      ? { electableSpecs: { ...resized.electableSpecs, nodeCount: edit.nodes } }
      : {}
  return { ...config, ...resized, ...counted }
}
