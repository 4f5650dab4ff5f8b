// Limits of a group.

export const limitSchemas = {} as const
