// Health and readiness.

export const serverSchemas = {} as const
