// Private endpoints.

export const privateEndpointSchemas = {} as const
