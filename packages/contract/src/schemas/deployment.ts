// Registering a deployment of the user's own.

export const deploymentSchemas = {} as const
