// A Flex cluster as the Flex API shows it; keys in the recorded order. Pure.

import type { FlexClusterReply } from '@postern/contract/schemas/flex-cluster'
import { connectionStrings } from '../cluster/connection-strings.ts'
import { type ClusterRow, type GroupDoors, loadCluster, type MemberRow, stateOf } from '../cluster/rows.ts'

interface Rows {
  readonly row: ClusterRow
  readonly members: readonly MemberRow[]
  readonly doors: GroupDoors
}

/** Throws TypeError for a row of another kind of cluster. */
export const flexView = ({ row, members, doors }: Rows): FlexClusterReply => {
  const { spec, strings } = loadCluster(row, members, doors)
  const region = spec.replicationSpecs[0]?.regions[0]
  if (region === undefined) throw new TypeError(`cluster ${row.id} stands in no region`)
  const { standard, standardSrv } = connectionStrings(strings, [])
  return {
    backupSettings: { enabled: spec.backupEnabled },
    clusterType: 'REPLICASET',
    connectionStrings: {
      ...(standard !== undefined && { standard }),
      ...(standardSrv !== undefined && { standardSrv }),
    },
    createDate: row.created.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    groupId: row.group_id,
    id: row.id,
    mongoDBVersion: row.mongodb_version ?? `${spec.mongoDBMajorVersion}.0`,
    name: row.name,
    providerSettings: {
      backingProviderName: region.backingProvider,
      diskSizeGB: spec.diskSizeGB,
      providerName: 'FLEX',
      regionName: region.regionName,
    },
    stateName: stateOf(row),
    tags: spec.tags,
    terminationProtectionEnabled: row.termination_protection,
    versionReleaseSystem: spec.versionReleaseSystem,
  }
}
