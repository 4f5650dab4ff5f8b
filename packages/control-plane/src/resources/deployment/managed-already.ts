// One deployment has one who makes its users: two clusters of it, both with an administrator, would each take the other's
// passwords for somebody's change, and put them right for ever.

import type { Transaction } from 'kysely'
import { parseReach } from '../../engines/engine.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { refusedDeployment } from './connection-string.ts'

interface Wish {
  readonly groupId: string
  /** `host:port` of every member. */
  readonly hostPorts: readonly string[]
}

/** Throws POSTERN_DEPLOYMENT_REFUSED that names the cluster, where it is of the same group. */
export const refuseManagedTwice = async (
  tx: Transaction<Tables>,
  { seal }: Pick<Parts, 'seal'>,
  { groupId, hostPorts }: Wish,
): Promise<void> => {
  const known = await tx
    .selectFrom('cluster')
    .innerJoin('member', 'member.cluster_id', 'cluster.id')
    .select(['cluster.id', 'cluster.name', 'cluster.group_id', 'cluster.access', 'member.host_port'])
    .where('member.host_port', 'in', [...hostPorts])
    .where('cluster.engine', '=', 'registered')
    .orderBy('cluster.created')
    .execute()
  const managed = known.find(({ id, access }) => access !== null && parseReach(seal.open(id, access)).admin !== null)
  if (managed === undefined) return
  const where = managed.group_id === groupId ? `the cluster ${managed.name}` : 'a cluster of another project'
  throw refusedDeployment(
    'connectionString',
    `its member ${managed.host_port} belongs to ${where} already, by which database users are made on it; register it without an administrator, or delete that one first`,
  )
}
