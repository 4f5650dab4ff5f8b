// Clusters and their connection strings.

export const clusterSchemas = {} as const
