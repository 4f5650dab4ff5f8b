// What the three clouds call what they share.

export const providerNames = { AWS: 'AWS', AZURE: 'Azure', GCP: 'Google Cloud' } as const
