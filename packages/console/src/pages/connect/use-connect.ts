// What the Connect dialog reads: the cluster's strings, who may sign in, and what was chosen so far.

import { useQuery } from '@tanstack/react-query'
import { operation, useOperation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'
import type { ShownCluster } from '../cluster/shown-cluster.ts'
import { useDialog } from '../cluster/use-dialog.ts'
import { type Choice, choiceOf, type Strings } from './choice.ts'
import { usersOf } from './database-user.ts'

/** A Flex cluster has its own string, and none through an endpoint. */
const flexStrings = ({ standard }: ShownCluster): Strings => ({
  ready: false,
  reason: null,
  standard: standard ?? null,
  missing: [],
  endpoints: [],
})

export function useStrings(cluster: ShownCluster) {
  const groupId = useGroupId()
  return useQuery({
    ...operation('getGroupClusterConnectionStrings', { params: { groupId, clusterName: cluster.name } }),
    ...(cluster.flex && { queryFn: async () => flexStrings(cluster) }),
  })
}

/** Undefined until they are read. */
export function useUsers(clusterName: string) {
  const groupId = useGroupId()
  const { data } = useOperation('listGroupDatabaseUsers', { params: { groupId }, query: { itemsPerPage: 500 } })
  return data === undefined ? undefined : { all: data.results, here: usersOf(clusterName, data.results) }
}

export function useChoice(strings: Strings): Choice {
  return choiceOf(useDialog().search, strings)
}
