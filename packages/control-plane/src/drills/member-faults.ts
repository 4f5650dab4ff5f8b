// Faults of a cluster's members: made where the members are made, and mended there.

import { AtlasError } from '@postern/contract/errors'
import type { EngineDrills } from '../engines/engine.ts'
import type { Engines } from '../engines/engines.ts'
import type { Store } from '../parts.ts'
import type { NewFault } from './faults.ts'

export interface MemberFaults {
  /** Throws VALIDATION_ERROR, which names the field, and POSTERN_DEPLOYMENT_NOT_MANAGED for a deployment that is somebody's own. */
  readonly make: (fault: NewFault) => Promise<void>
  /** A cluster or a member that is gone has nothing to mend. */
  readonly mend: (fault: NewFault) => Promise<void>
}

export const createMemberFaults = ({
  store,
  engines,
}: {
  readonly store: Store
  readonly engines: Engines
}): MemberFaults => {
  const clusterOf = async ({ clusterName = '', groupId }: NewFault) => {
    const query = store.read.selectFrom('cluster').select(['id', 'engine']).where('name', '=', clusterName)
    return (groupId === undefined ? query : query.where('group_id', '=', groupId)).orderBy('id').executeTakeFirst()
  }
  const membersOf = async (clusterId: string): Promise<number> => {
    const { members } = await store.read
      .selectFrom('member')
      .select(({ fn }) => fn.countAll<string>().as('members'))
      .where('cluster_id', '=', clusterId)
      .executeTakeFirstOrThrow()
    return Number(members)
  }
  const on = async (fault: NewFault, work: (drills: EngineDrills, clusterId: string) => Promise<void>) => {
    const { clusterName = '', member = 0 } = fault
    const cluster = await clusterOf(fault)
    if (cluster === undefined)
      throw new AtlasError('VALIDATION_ERROR', { problem: `clusterName: no ${clusterName} exists` })
    const drills = engines.of(cluster.engine)?.drills
    if (drills === undefined)
      throw new AtlasError('POSTERN_DEPLOYMENT_NOT_MANAGED', { clusterName, attribute: 'whether a member runs' })
    const members = await membersOf(cluster.id)
    if (member >= members)
      throw new AtlasError('VALIDATION_ERROR', {
        problem: `member: ${clusterName} has the members 0 to ${members - 1}`,
      })
    await work(drills, cluster.id)
  }
  return {
    make: async (fault) => {
      if (fault.name === 'member-down') await on(fault, (drills, id) => drills.kill(id, fault.member ?? 0))
      if (fault.name === 'primary-steps-down') await on(fault, (drills, id) => drills.stepDown(id))
    },
    mend: async (fault) => {
      const { name, member = 0 } = fault
      const cluster = name === 'member-down' ? await clusterOf(fault) : undefined
      if (cluster === undefined || member >= (await membersOf(cluster.id))) return
      await engines.of(cluster.engine)?.drills?.revive(cluster.id, member)
    },
  }
}
