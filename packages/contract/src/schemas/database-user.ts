// Database users.

export const databaseUserSchemas = {} as const
