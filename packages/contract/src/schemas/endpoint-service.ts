// Endpoint services and the regional mode.

export const endpointServiceSchemas = {} as const
