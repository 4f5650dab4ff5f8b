// OAuth client credentials and what clients ask beside the API.

export const tokenSchemas = {} as const
