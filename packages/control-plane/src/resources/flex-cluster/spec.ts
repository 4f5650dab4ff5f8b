// A Flex cluster as the description that every cluster has (cluster/spec.ts): three nodes in one region. Pure but for
// fresh ids.

import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Ids } from '../../parts.ts'
import { checkClusterName } from '../cluster/body.ts'
import { noProcessArgs } from '../cluster/process-args.ts'
import { readPlace } from '../cluster/regions.ts'
import type { ClusterSpec } from '../cluster/spec.ts'

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
            providerName: 'FLEX',
            backingProvider,
            regionName: region,
            priority: 7,
            instanceSize: 'FLEX',
            diskIOPS: null,
            ebsVolumeType: null,
            electableNodes: 3,
            readOnlyNodes: 0,
            analyticsNodes: 0,
            autoScaling: {
              compute: false,
              scaleDown: false,
              diskGB: false,
              minInstanceSize: null,
              maxInstanceSize: null,
            },
          },
        ],
      },
    ],
    diskSizeGB,
    mongoDBMajorVersion: '8.0',
    backupEnabled: true,
    biConnector: { enabled: false, readPreference: 'secondary' },
    diskWarmingMode: 'FULLY_WARMED',
    encryptionAtRestProvider: 'NONE',
    globalClusterSelfManagedSharding: false,
    labels: [],
    tags: body.tags ?? [],
    paused: false,
    pitEnabled: false,
    redactClientLogData: false,
    retainBackups: false,
    rootCertType: 'ISRGROOTX1',
    useAwsTimeBasedSnapshotCopyForFastInitialSync: false,
    versionReleaseSystem: 'LTS',
    advancedConfiguration: {
      customOpensslCipherConfigTls12: [],
      customOpensslCipherConfigTls13: [],
      minimumEnabledTlsProtocol: 'TLS1_2',
      tlsCipherConfigMode: 'DEFAULT',
    },
    autoScalingMode: 'CLUSTER_WIDE_SCALING',
    processArgs: noProcessArgs,
  }
}
