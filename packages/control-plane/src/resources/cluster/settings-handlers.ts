// What a cluster's processes are started with, how it scales, and whether what was asked of it is done.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { changedSettings, processArgsView } from './process-args.ts'
import { anyClusterByName, clusterByName, clusterForUpdate, stateOf } from './rows.ts'
import { parseSpec } from './spec.ts'
import { tellOfCluster } from './write.ts'

type Operations =
  | 'autoGroupClusterScalingConfiguration'
  | 'getGroupClusterProcessArgs'
  | 'updateGroupClusterProcessArgs'
  | 'getGroupClusterStatus'
  | 'getGroupClusterGlobalWrites'

export const clusterSettingsHandlers = (parts: Parts): Handlers<Operations> => {
  const { read } = parts.store
  return {
    autoGroupClusterScalingConfiguration: async ({ params: { groupId = '', clusterName = '' } }) => {
      const { spec } = await clusterByName(read, groupId, clusterName)
      return { body: { autoScalingMode: parseSpec(spec).autoScalingMode } }
    },

    getGroupClusterProcessArgs: async ({ params: { groupId = '', clusterName = '' }, version }) => {
      const { spec } = await clusterByName(read, groupId, clusterName)
      return { body: processArgsView(parseSpec(spec), version) }
    },

    updateGroupClusterProcessArgs: async (call) => {
      const { groupId = '', clusterName = '' } = call.params
      const spec = await parts.store.transact(async (tx) => {
        const row = await clusterForUpdate(tx, groupId, clusterName)
        if (row.engine === 'registered') {
          throw new AtlasError('POSTERN_DEPLOYMENT_NOT_MANAGED', { clusterName, attribute: 'processArgs' })
        }
        const before = parseSpec(row.spec)
        const after = { ...before, ...changedSettings(before, call.body) }
        await tx
          .updateTable('cluster')
          .set(({ eb }) => ({ spec: JSON.stringify(after), revision: eb('revision', '+', 1) }))
          .where('id', '=', row.id)
          .execute()
        await tellOfCluster(tx, parts, { row, type: 'CLUSTER_PROCESS_ARGS_UPDATE_SUBMITTED', by: call })
        return after
      })
      return { body: processArgsView(spec, call.version) }
    },

    // Of Flex clusters too: the official Kubernetes operator asks it of every cluster that it lists.
    getGroupClusterStatus: async ({ params: { groupId = '', clusterName = '' }, link, self }) => {
      const row = await anyClusterByName(read, groupId, clusterName)
      const settled = stateOf(row) === 'IDLE'
      return {
        body: {
          changeStatus: settled ? 'APPLIED' : 'PENDING',
          links: [{ href: link(self.split('?', 1)[0] ?? self), rel: 'self' }],
        },
      }
    },

    // Zones are never bound to places here, nor namespaces to zones.
    getGroupClusterGlobalWrites: async ({ params: { groupId = '', clusterName = '' }, version }) => {
      const { globalClusterSelfManagedSharding } = parseSpec((await clusterByName(read, groupId, clusterName)).spec)
      const selfManagedSharding = version === '2024-08-05' ? globalClusterSelfManagedSharding : undefined
      return { body: { customZoneMapping: {}, managedNamespaces: [], selfManagedSharding } }
    },
  }
}
