// "Test failover": the primary really steps down, and another member is elected. Done while the caller waits, since
// there is nothing to finish afterwards; a deployment that cannot be told to do it says why.

import { AtlasError } from '@postern/contract/errors'
import { parseReach } from '../../engines/engine.ts'
import type { Engines } from '../../engines/engines.ts'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { type ClusterRow, clusterByName, membersOf } from './rows.ts'
import { parseSpec } from './spec.ts'
import { tellOfCluster } from './write.ts'

/** How long the old primary stands for no election, in seconds (MongoDB's own default). */
const stepDownSeconds = 60

export const clusterRestartHandlers = (
  parts: Parts,
  { watch }: Pick<Engines, 'watch'>,
): Handlers<'restartGroupClusterPrimaries'> => {
  const reachOf = (row: ClusterRow) => parseReach(parts.seal.open(row.id, row.access ?? ''))

  /** Null when the deployment can be told to; else why not. */
  const hindrance = async (row: ClusterRow): Promise<string | null> => {
    const reach = reachOf(row)
    if (reach.admin === null) return 'the deployment was registered without an administrator'
    const members = (await membersOf(parts.store.read, [row.id])).get(row.id) ?? []
    const seen = await watch.look(row.id, reach, { hosts: members.map(({ host_port }) => host_port) })
    if (seen.kind === 'unreachable') return `it does not answer: ${seen.reason}`
    if (seen.kind === 'routers' && row.engine === 'sandbox') return 'a sharded cluster of the sandbox has no primaries'
    if (seen.kind === 'routers') return 'the primaries of its shards are behind its routers; step them down there'
    if (seen.kind === 'standalone') return 'it is no replica set'
    return seen.hasPrimary ? null : 'it has no primary at the moment'
  }

  return {
    restartGroupClusterPrimaries: async (call) => {
      const { groupId = '', clusterName = '' } = call.params
      const row = await clusterByName(parts.store.read, groupId, clusterName)
      if (parseSpec(row.spec).paused) throw new AtlasError('CANNOT_UPDATE_PAUSED_CLUSTER', { clusterName })
      const problem = await hindrance(row)
      if (problem !== null) throw new AtlasError('POSTERN_PRIMARY_NOT_RESTARTED', { clusterName, problem })
      await parts.store.transact((tx) => tellOfCluster(tx, parts, { row, type: 'TEST_FAILOVER_REQUESTED', by: call }))
      await watch
        .asAdmin(row.id, reachOf(row), (client) => client.db('admin').command({ replSetStepDown: stepDownSeconds }))
        .catch((cause: unknown) => {
          const said = cause instanceof Error ? cause.message : String(cause)
          throw new AtlasError('POSTERN_PRIMARY_NOT_RESTARTED', { clusterName, problem: said }, { cause })
        })
      return { body: {} }
    },
  }
}
