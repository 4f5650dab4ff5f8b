// A private endpoint: the consumer's side, attached to one endpoint service. The three clouds name its states
// differently (Atlas API: AWS `connectionStatus`, Azure and GCP `status`); inside there is one phase, and this
// table says how each cloud spells it.

import type { CloudProvider } from './cloud.ts'

export const endpointPhases = ['REQUESTED', 'ACCEPTED', 'AVAILABLE', 'REFUSED', 'DELETING'] as const
/**
 * REQUESTED: stored, its cloud not asked yet. ACCEPTED: the consumer's endpoint was found and accepted, the edge is
 * being told. AVAILABLE: every live edge serves it. REFUSED: final until retried, `errorMessage` says why. DELETING: its end is that the row is
 * gone (404), unless somebody takes it back.
 */
export type EndpointPhase = (typeof endpointPhases)[number]

export const endpointMoves = {
  REQUESTED: ['ACCEPTED', 'REFUSED', 'DELETING'],
  ACCEPTED: ['AVAILABLE', 'REFUSED', 'DELETING'],
  AVAILABLE: ['REFUSED', 'DELETING'],
  REFUSED: ['REQUESTED', 'DELETING'],
  DELETING: ['REQUESTED'],
} as const satisfies Record<EndpointPhase, readonly EndpointPhase[]>

export const endpointStatus = {
  AWS: {
    REQUESTED: 'PENDING_ACCEPTANCE',
    ACCEPTED: 'PENDING',
    AVAILABLE: 'AVAILABLE',
    REFUSED: 'REJECTED',
    DELETING: 'DELETING',
  },
  AZURE: {
    REQUESTED: 'INITIATING',
    ACCEPTED: 'INITIATING',
    AVAILABLE: 'AVAILABLE',
    REFUSED: 'FAILED',
    DELETING: 'DELETING',
  },
  GCP: {
    REQUESTED: 'INITIATING',
    ACCEPTED: 'VERIFIED',
    AVAILABLE: 'AVAILABLE',
    REFUSED: 'FAILED',
    DELETING: 'DELETING',
  },
} as const satisfies Record<CloudProvider, Record<EndpointPhase, string>>

/** Every word that some cloud has for some phase. */
export const endpointStatuses = [
  'PENDING_ACCEPTANCE',
  'PENDING',
  'INITIATING',
  'VERIFIED',
  'AVAILABLE',
  'REJECTED',
  'FAILED',
  'DELETING',
] as const

/** How an endpoint is advertised: by address on a laptop (TLS off, no SNI), by name behind a cloud's endpoint. */
export const advertisedForms = ['address', 'name'] as const
export type AdvertisedForm = (typeof advertisedForms)[number]

/** One host and port that a client is told to dial for one member. */
export interface AdvertisedTarget {
  readonly host: string
  readonly port: number
}
