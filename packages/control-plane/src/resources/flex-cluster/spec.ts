// A Flex cluster as the description that every cluster has (cluster/spec.ts): three nodes in one region. Pure but for
// fresh ids.

import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Ids } from '../../parts.ts'
import { checkClusterName } from '../cluster/body.ts'
import { readPlace } from '../cluster/regions.ts'
import { type ClusterSpec, fixedRegion, fixedSettings } from '../cluster/spec.ts'

/** As much as Atlas gives a Flex cluster, in GB (recorded). */
const diskSizeGB = 5

/** Throws CLUSTER_NAME_INVALID, CLUSTER_NAME_TOO_LONG, INVALID_ATTRIBUTE. */
export const flexSpec = (body: BodyOf<'createGroupFlexCluster'>, ids: Pick<Ids, 'objectId'>): ClusterSpec => {
  checkClusterName(body.name)
  const { backingProviderName, regionName } = body.providerSettings
  const { backingProvider, regionName: region } = readPlace(
    { providerName: 'TENANT', backingProviderName, regionName },
    'providerSettings',
  )
  return {
    clusterType: 'REPLICASET',
    replicationSpecs: [
      {
        id: ids.objectId(),
        zoneWideId: ids.objectId(),
        zoneId: ids.objectId(),
        zoneName: 'Zone 1',
        regions: [
          {
            ...fixedRegion,
            providerName: 'FLEX',
            backingProvider,
            regionName: region,
            instanceSize: 'FLEX',
            electableNodes: 3,
          },
        ],
      },
    ],
    diskSizeGB,
    mongoDBMajorVersion: '8.0',
    backupEnabled: true,
    tags: body.tags ?? [],
    ...fixedSettings,
  }
}
