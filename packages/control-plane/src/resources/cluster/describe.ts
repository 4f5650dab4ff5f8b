// A cluster's rows as the API describes them, for every handler that answers with one.

import type { ClusterReply } from '@postern/contract/schemas/cluster'
import { connectionStrings } from './connection-strings.ts'
import { heldStrings } from './reconfigure.ts'
import { type ClusterRow, endpointsFor, type GroupDoors, loadCluster, type MemberRow, stateOf } from './rows.ts'
import { clusterView } from './view.ts'

/** What a view needs of the call: the dialect, and how links are built. */
export interface Asked {
  readonly version: string
  readonly link: (path: string) => string
  readonly self: string
}

interface Rows {
  readonly row: ClusterRow
  readonly members: readonly MemberRow[]
  readonly doors: GroupDoors
}

export const describeCluster = ({ row, members, doors }: Rows, { version, link, self }: Asked): ClusterReply => {
  const { spec, strings } = loadCluster(row, members, doors)
  return clusterView(
    {
      id: row.id,
      groupId: row.group_id,
      name: row.name,
      created: row.created,
      state: stateOf(row),
      spec,
      mongoDBVersion: row.mongodb_version,
      terminationProtection: row.termination_protection,
      connectionStrings: heldStrings(row) ?? connectionStrings(strings, endpointsFor(row.name, doors)),
      link,
      api: self.startsWith('/api/atlas/v1.0/') ? '/api/atlas/v1.0' : '/api/atlas/v2',
    },
    version,
  )
}
