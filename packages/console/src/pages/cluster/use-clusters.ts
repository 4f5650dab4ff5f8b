// The project's clusters of both APIs, by name, and which of them are registered deployments.

import { useOperation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'
import { type ShownCluster, shownCluster, shownFlexCluster } from './shown-cluster.ts'

interface Clusters {
  /** Undefined until all have answered. */
  readonly data: readonly ShownCluster[] | undefined
  readonly error: Error | null
}

export function useClusters(): Clusters {
  const of = { params: { groupId: useGroupId() }, query: { itemsPerPage: 500 } } as const
  const clusters = useOperation('listGroupClusters', of)
  const flex = useOperation('listGroupFlexClusters', of)
  const deployments = useOperation('listGroupDeployments', of)
  const error = clusters.error ?? flex.error ?? deployments.error
  if (clusters.data === undefined || flex.data === undefined || deployments.data === undefined)
    return { data: undefined, error }
  const registered = new Map(deployments.data.results.map((each) => [each.name, each]))
  const shown = [
    ...clusters.data.results.map((told) => shownCluster(told, registered.get(told.name))),
    ...flex.data.results.map(shownFlexCluster),
  ]
  return { data: shown.toSorted((one, other) => one.name.localeCompare(other.name)), error }
}
