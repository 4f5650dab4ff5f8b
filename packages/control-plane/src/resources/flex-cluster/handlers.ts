// Flex clusters: the Flex API over the same rows, engine and turns as other clusters. What sets them apart is their one
// tier, which never gets a private string, and that each of the two APIs refuses the other's clusters.

import { AtlasError } from '@postern/contract/errors'
import type { FlexClusterReply } from '@postern/contract/schemas/flex-cluster'
import type { Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { createPassingStates, rowToShow } from '../cluster/passing-states.ts'
import {
  type ClusterRow,
  flexByName,
  flexForUpdate,
  groupDoors,
  type MemberRow,
  membersOf,
  pageOfClusters,
} from '../cluster/rows.ts'
import { parseSpec } from '../cluster/spec.ts'
import { changeCluster, makeCluster, terminateCluster } from '../cluster/write.ts'
import { flexSpec } from './spec.ts'
import { flexView } from './view.ts'

type Operations =
  | 'listGroupFlexClusters'
  | 'createGroupFlexCluster'
  | 'getGroupFlexCluster'
  | 'updateGroupFlexCluster'
  | 'deleteGroupFlexCluster'

export const flexClusterHandlers = (parts: Parts): Handlers<Operations> => {
  const { store, clock, ids, settings } = parts
  const passing = createPassingStates<{ readonly row: ClusterRow; readonly members: readonly MemberRow[] }>(clock)

  const view = async (row: ClusterRow, members: readonly MemberRow[]): Promise<FlexClusterReply> =>
    flexView({ row, members, doors: await groupDoors(store.read, row.group_id, settings) })
  const membersFor = async (row: ClusterRow) => (await membersOf(store.read, [row.id])).get(row.id) ?? []

  return {
    createGroupFlexCluster: async ({ params: { groupId = '' }, body: asked, actor, sourceAddress }) => {
      if (settings.sandbox === null) throw new AtlasError('POSTERN_NO_SANDBOX', {})
      const spec = flexSpec(asked, ids)
      const { name, terminationProtectionEnabled: terminationProtection } = asked
      const row = await store.transact((tx) =>
        makeCluster(tx, parts, { groupId, name, spec, terminationProtection, actor, sourceAddress }),
      )
      passing.began(`${groupId}/${name}`, { row, members: [] })
      const { tags, ...untagged } = await view(row, [])
      return { body: asked.tags === undefined ? untagged : await view(row, []) }
    },

    listGroupFlexClusters: async (call) => {
      const groupId = call.params.groupId ?? ''
      const { clusters, total } = await pageOfClusters(store.read, groupId, { flex: true, ...rowsOf(call) })
      const doors = await groupDoors(store.read, groupId, settings)
      return { body: pageOf(call, { results: clusters.map((each) => flexView({ ...each, doors })), total }) }
    },

    getGroupFlexCluster: async ({ params: { groupId = '', name = '' } }) => {
      const courtesy = passing.take(`${groupId}/${name}`)
      const row = await rowToShow(courtesy?.row, () => flexByName(store.read, groupId, name))
      return { body: await view(row, courtesy?.members ?? (await membersFor(row))) }
    },

    updateGroupFlexCluster: async ({ params: { groupId = '', name = '' }, body: patch, actor, sourceAddress }) => {
      const row = await store.transact(async (tx) => {
        const found = await flexForUpdate(tx, groupId, name)
        const before = parseSpec(found.spec)
        const spec = { ...before, tags: patch.tags ?? before.tags }
        const terminationProtection = patch.terminationProtectionEnabled ?? found.termination_protection
        return changeCluster(tx, parts, {
          row: found,
          change: { spec, terminationProtection, by: { actor, sourceAddress } },
        })
      })
      passing.take(`${groupId}/${name}`)
      return { body: await view(row, await membersFor(row)) }
    },

    deleteGroupFlexCluster: async ({ params: { groupId = '', name = '' }, actor, sourceAddress }) => {
      const deleting = await store.transact(async (tx) => {
        const row = await flexForUpdate(tx, groupId, name)
        return terminateCluster(tx, parts, { row, by: { actor, sourceAddress } })
      })
      passing.began(`${groupId}/${name}`, deleting)
      return {}
    },
  }
}
