// What to do next about one endpoint service: pure. INITIATING goes straight to AVAILABLE with no endpoint attached (as
// recorded from Atlas); FAILED is final until somebody retries or deletes.

import type { EndpointServiceStatus } from '@postern/contract/endpoint-service'
import type { SeenService, ServiceNames } from '../../providers/provider.ts'

export interface WantedService {
  readonly status: EndpointServiceStatus
  readonly deleteRequested: boolean
  /** Endpoints that still hang on it. */
  readonly endpoints: number
}

export type ServiceStep =
  | { readonly do: 'create' }
  | { readonly do: 'wait'; readonly until: number }
  /** Nothing to do until the last of its endpoints wakes it. */
  | { readonly do: 'await endpoints' }
  | { readonly do: 'record available'; readonly names: ServiceNames }
  | { readonly do: 'record failed'; readonly reason: string }
  | { readonly do: 'remove' }
  | { readonly do: 'forget' }
  | { readonly do: 'nothing' }

export const lostReason =
  'The cloud no longer has this private endpoint service. Retry it, or delete it and create it anew; its endpoints must be made again.'

/** `now` in milliseconds since 1970. */
export const nextServiceStep = (want: WantedService, seen: SeenService | null, now: number): ServiceStep => {
  if (want.deleteRequested) {
    if (want.endpoints > 0) return { do: 'await endpoints' }
    return seen === null ? { do: 'forget' } : { do: 'remove' }
  }
  switch (want.status) {
    case 'INITIATING':
      if (seen === null) return { do: 'create' }
      if (seen.failure !== null) return { do: 'record failed', reason: seen.failure }
      return seen.readyAt > now ? { do: 'wait', until: seen.readyAt } : { do: 'record available', names: seen.names }
    case 'WAITING_FOR_USER':
    case 'AVAILABLE':
      if (seen === null) return { do: 'record failed', reason: lostReason }
      return seen.failure === null ? { do: 'nothing' } : { do: 'record failed', reason: seen.failure }
    case 'FAILED':
    case 'DELETING':
      return { do: 'nothing' }
  }
}
