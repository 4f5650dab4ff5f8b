// What the three clouds call what they share.

export const providerNames = { AWS: 'AWS', AZURE: 'Azure', GCP: 'Google Cloud' } as const

/** What names an endpoint in its cloud. */
export const endpointIdNames = {
  AWS: 'VPC Endpoint ID',
  AZURE: 'Private Endpoint Resource ID',
  GCP: 'Endpoint Group Name',
} as const

/** What the consumer's side is pointed at. */
export const serviceNameNames = {
  AWS: 'Endpoint Service Name',
  AZURE: 'Private Link Service Resource ID',
  GCP: 'Service Attachment',
} as const
