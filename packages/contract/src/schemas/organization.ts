// Organizations.

export const organizationSchemas = {} as const
