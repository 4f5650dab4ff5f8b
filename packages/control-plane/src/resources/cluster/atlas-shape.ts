// Clusters that can be made here and that Atlas would not deploy, refused where Atlas's behaviour is asked for. Pure.

import { invalidField } from './refusals.ts'
import { isShared } from './region-view.ts'
import type { ClusterSpec, RegionSpec } from './spec.ts'

/** As `electableNodes` and `replicationFactor` of Atlas's contract list them; over all regions of a shard. */
const electableCounts: readonly number[] = [3, 5, 7]
/** GB, as the contract bounds `diskSizeGB`. */
const disk = { least: 10, most: 4096 }

/** Throws INVALID_ATTRIBUTE that names the field. */
export const checkAtlasShape = ({ replicationSpecs, diskSizeGB }: ClusterSpec): void => {
  for (const { regions } of replicationSpecs) {
    if (regions.some(isShared)) return
    const problem = shapeProblem(regions)
    if (problem !== null) throw invalidField('replicationSpecs', problem)
  }
  if (diskSizeGB < disk.least || diskSizeGB > disk.most)
    throw invalidField('diskSizeGB', `must be ${disk.least} to ${disk.most}`)
}

const shapeProblem = (regions: readonly RegionSpec[]): string | null => {
  const electable = regions.filter(({ electableNodes }) => electableNodes > 0)
  const count = electable.reduce((sum, { electableNodes }) => sum + electableNodes, 0)
  if (!electableCounts.includes(count)) return `${count} electable nodes in all regions: it must be 3, 5 or 7`
  const priorities = electable.map(({ priority }) => priority).sort((one, other) => other - one)
  if (priorities.every((priority, place) => priority === 7 - place)) return null
  return `priorities ${priorities.join(', ')}: regions with electable nodes have 7, 6, 5 and so on, each once`
}
