// The project's clusters of both APIs, by name.

import { useOperation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'
import { type ShownCluster, shownCluster, shownFlexCluster } from './shown-cluster.ts'

interface Clusters {
  /** Undefined until both have answered. */
  readonly data: readonly ShownCluster[] | undefined
  readonly error: Error | null
}

export function useClusters(): Clusters {
  const of = { params: { groupId: useGroupId() }, query: { itemsPerPage: 500 } } as const
  const clusters = useOperation('listGroupClusters', of)
  const flex = useOperation('listGroupFlexClusters', of)
  const error = clusters.error ?? flex.error
  if (clusters.data === undefined || flex.data === undefined) return { data: undefined, error }
  const shown = [...clusters.data.results.map(shownCluster), ...flex.data.results.map(shownFlexCluster)]
  return { data: shown.toSorted((one, other) => one.name.localeCompare(other.name)), error }
}
