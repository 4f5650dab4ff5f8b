// An endpoint service: the provider's side of private endpoints, one per (group, provider, region).
// States as recorded from Atlas: INITIATING goes straight to AVAILABLE with no endpoint attached;
// WAITING_FOR_USER is accepted in types because clients know it, and is never emitted.

import type { CloudProvider } from './cloud.ts'

export const endpointServiceStatuses = ['INITIATING', 'WAITING_FOR_USER', 'AVAILABLE', 'FAILED', 'DELETING'] as const
export type EndpointServiceStatus = (typeof endpointServiceStatuses)[number]

/** Which status may follow which; the end of DELETING is that the row is gone (404), unless somebody takes it back. */
export const endpointServiceMoves = {
  INITIATING: ['AVAILABLE', 'FAILED', 'DELETING'],
  WAITING_FOR_USER: ['AVAILABLE', 'FAILED', 'DELETING'],
  AVAILABLE: ['FAILED', 'DELETING'],
  FAILED: ['INITIATING', 'DELETING'],
  DELETING: ['INITIATING'],
} as const satisfies Record<EndpointServiceStatus, readonly EndpointServiceStatus[]>

/** The port that an endpoint service's load balancers begin to listen at. */
export const firstServicePort = 1024

/** How many members one endpoint service can address, by default (Atlas limits; GCP with port mapping). */
export const addressableTargets = { AWS: 50, AZURE: 150, GCP: 150 } as const satisfies Record<CloudProvider, number>
