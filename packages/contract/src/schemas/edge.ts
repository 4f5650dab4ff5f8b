// Snapshots and reports of the edge.

export const edgeSchemas = {} as const
