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
