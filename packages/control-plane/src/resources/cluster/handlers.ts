// Clusters: create, list, describe, change, delete, and every form of their connection strings. What is asked for is
// stored and answered at once (write.ts); members are made and watched by turns (reconcile.ts).

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { specFromBody } from './body.ts'
import { endpointConnectionStrings, listedMembers } from './connection-strings.ts'
import { describeCluster } from './describe.ts'
import { createPassingStates, rowToShow } from './passing-states.ts'
import {
  type ClusterRow,
  clusterByName,
  clusterForUpdate,
  endpointsFor,
  groupDoors,
  loadCluster,
  type MemberRow,
  membersOf,
  pageOfClusters,
  shownMember,
} from './rows.ts'
import { parseSpec } from './spec.ts'
import { deploymentAfter, specAfter } from './update.ts'
import { changeCluster, makeCluster, terminateCluster } from './write.ts'

type Operations =
  | 'listGroupClusters'
  | 'createGroupCluster'
  | 'getGroupCluster'
  | 'updateGroupCluster'
  | 'deleteGroupCluster'
  | 'getGroupClusterConnectionStrings'
  | 'listGroupClusterMembers'

export const clusterHandlers = (parts: Parts): Handlers<Operations> => {
  const { store, clock, ids, settings } = parts
  const passing = createPassingStates<{ readonly row: ClusterRow; readonly members: readonly MemberRow[] }>(clock)
  const doorsOf = (groupId: string) => groupDoors(store.read, groupId, settings)
  const membersFor = async (row: ClusterRow) => (await membersOf(store.read, [row.id])).get(row.id) ?? []

  return {
    createGroupCluster: async (call) => {
      if (settings.sandbox === null) throw new AtlasError('POSTERN_NO_SANDBOX', {})
      const groupId = call.params.groupId ?? ''
      const { actor, sourceAddress, body: asked, version } = call
      const spec = specFromBody(asked, { ids, version })
      const { name, terminationProtectionEnabled: terminationProtection } = asked
      const row = await store.transact((tx) =>
        makeCluster(tx, parts, { groupId, name, spec, terminationProtection, actor, sourceAddress }),
      )
      passing.began(`${groupId}/${row.name}`, { row, members: [] })
      const body = describeCluster({ row, members: [], doors: await doorsOf(groupId) }, call)
      if (asked.tags === undefined) Reflect.deleteProperty(body, 'tags')
      return { body }
    },

    listGroupClusters: async (call) => {
      const groupId = call.params.groupId ?? ''
      const { clusters, total } = await pageOfClusters(store.read, groupId, { flex: false, ...rowsOf(call) })
      const doors = await doorsOf(groupId)
      return {
        body: pageOf(call, { results: clusters.map((each) => describeCluster({ ...each, doors }, call)), total }),
      }
    },

    getGroupCluster: async (call) => {
      const { groupId = '', clusterName = '' } = call.params
      const courtesy = passing.take(`${groupId}/${clusterName}`)
      const row = await rowToShow(courtesy?.row, () => clusterByName(store.read, groupId, clusterName))
      const members = courtesy?.members ?? (await membersFor(row))
      return { body: describeCluster({ row, members, doors: await doorsOf(groupId) }, call) }
    },

    updateGroupCluster: async (call) => {
      const { groupId = '', clusterName = '' } = call.params
      const { body: patch, version, actor, sourceAddress } = call
      const row = await store.transact(async (tx) => {
        const found = await clusterForUpdate(tx, groupId, clusterName)
        const current = { name: clusterName, spec: parseSpec(found.spec), version, ids }
        const spec = found.engine === 'registered' ? deploymentAfter(patch, current) : specAfter(patch, current)
        const terminationProtection = patch.terminationProtectionEnabled ?? found.termination_protection
        return changeCluster(tx, parts, {
          row: found,
          change: { spec, terminationProtection, by: { actor, sourceAddress } },
        })
      })
      passing.take(`${groupId}/${clusterName}`)
      return { body: describeCluster({ row, members: await membersFor(row), doors: await doorsOf(groupId) }, call) }
    },

    deleteGroupCluster: async ({ params: { groupId = '', clusterName = '' }, actor, sourceAddress }) => {
      const deleting = await store.transact(async (tx) => {
        const row = await clusterForUpdate(tx, groupId, clusterName)
        return terminateCluster(tx, parts, { row, by: { actor, sourceAddress } })
      })
      passing.began(`${groupId}/${clusterName}`, deleting)
      return { body: {} }
    },

    listGroupClusterMembers: async ({ params: { groupId = '', clusterName = '' } }) => {
      const row = await clusterByName(store.read, groupId, clusterName)
      const members = (await membersFor(row)).map(shownMember)
      const listed = new Set(listedMembers(members).map(({ id }) => id))
      const results = members.map(({ id, hostPort, provider, region, role }) => ({
        id,
        hostPort,
        providerName: provider,
        regionName: region,
        role,
        healthy: role !== 'unknown' && row.error_message === null,
        listed: listed.has(id),
      }))
      return { body: { results, totalCount: results.length, errorMessage: row.error_message } }
    },

    getGroupClusterConnectionStrings: async ({ params: { groupId = '', clusterName = '' } }) => {
      const row = await clusterByName(store.read, groupId, clusterName)
      const doors = await doorsOf(groupId)
      const { strings } = loadCluster(row, await membersFor(row), doors)
      return { body: endpointConnectionStrings(strings, endpointsFor(clusterName, doors)) }
    },
  }
}
