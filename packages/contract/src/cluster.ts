// A cluster: one MongoDB deployment of a group, its members being mongod or mongos processes.

export const clusterStates = ['CREATING', 'IDLE', 'UPDATING', 'REPAIRING', 'DELETING'] as const
export type ClusterState = (typeof clusterStates)[number]

export const clusterTypes = ['REPLICASET', 'SHARDED', 'GEOSHARDED'] as const
export type ClusterType = (typeof clusterTypes)[number]

/** Where the members come from: the embedded sandbox, or a deployment of the user's own. */
export const clusterEngines = ['sandbox', 'registered'] as const
export type ClusterEngine = (typeof clusterEngines)[number]

/** Tiers that never get a private endpoint (Atlas, "Manage and Connect from Private Endpoints"). */
export const tiersWithoutPrivateEndpoints: ReadonlySet<string> = new Set(['M0', 'M2', 'M5', 'FLEX'])

/** Atlas API schemas: `name` of a cluster. */
export const clusterNamePattern = /^[a-zA-Z0-9][a-zA-Z0-9-]*$/
export const clusterNameWords = 'must be letters, digits and hyphens, and begin with no hyphen'
/** Longest cluster name (MongoDB Atlas, "Atlas Service Limits"). */
export const clusterNameLength = 64

/** Tiers by provider, as the API's `instanceSize` enums list them; TENANT stands for the shared tiers. */
export const instanceSizes = {
  AWS: sizes(
    'M10 M20 M30 M40 M50 M60 M80 M100 M140 M200 M300 R40 R50 R60 R80 R200 R300 R400 R700',
    'M40_NVME M50_NVME M60_NVME M80_NVME M200_NVME M400_NVME',
    'M30_GEN_2 M40_GEN_2 M50_GEN_2 M60_GEN_2 M80_GEN_2 M140_GEN_2 M200_GEN_2 M300_GEN_2',
    'R40_GEN_2 R50_GEN_2 R60_GEN_2 R80_GEN_2 R200_GEN_2 R300_GEN_2 R400_GEN_2 R700_GEN_2',
    'M40_NVME_GEN_2 M50_NVME_GEN_2 M60_NVME_GEN_2 M80_NVME_GEN_2 M200_NVME_GEN_2 M400_NVME_GEN_2',
  ),
  AZURE: sizes(
    'M10 M20 M30 M40 M50 M60 M80 M90 M200 R40 R50 R60 R80 R200 R300 R400',
    'M60_NVME M80_NVME M200_NVME M300_NVME M400_NVME M600_NVME',
  ),
  GCP: sizes(
    'M10 M20 M30 M40 M50 M60 M80 M140 M200 M250 M300 M400 R40 R50 R60 R80 R200 R300 R400 R600',
    'M30_GEN_2 M40_GEN_2 M50_GEN_2 M60_GEN_2 M80_GEN_2 M140_GEN_2 M200_GEN_2',
    'R40_GEN_2 R50_GEN_2 R60_GEN_2 R80_GEN_2 R200_GEN_2 R300_GEN_2 R400_GEN_2',
  ),
  TENANT: sizes('M0 M2 M5'),
} as const

function sizes(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')))
}
