// Programmatic API keys of a group.

export const apiKeySchemas = {} as const
