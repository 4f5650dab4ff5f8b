// A cluster's standard listener, as the API has it now. What gateways report is told by no event, so it is looked at again.

import { useQuery } from '@tanstack/react-query'
import { operation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'
import type { ShownCluster } from '../cluster/shown-cluster.ts'

const passing: ReadonlySet<string> = new Set(['OPENING', 'CLOSING', 'FAILED'])

/** Never answers for a Flex cluster, which has none. */
export function useStandardListener({ name, flex }: Pick<ShownCluster, 'name' | 'flex'>) {
  const groupId = useGroupId()
  return useQuery({
    ...operation('getGroupClusterStandardListener', { params: { groupId, clusterName: name } }),
    enabled: !flex,
    refetchInterval: ({ state }) => (passing.has(state.data?.state ?? '') ? 1_000 : 10_000),
  })
}
