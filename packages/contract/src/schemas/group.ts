// Groups (projects).

export const groupSchemas = {} as const
