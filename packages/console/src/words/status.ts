// The page's own words for states, as Atlas's users know them, and how each is coloured.

import type { Variant } from '@leafygreen-ui/badge'

/** The badge that shows a state. */
export interface StatusWord {
  readonly word: string
  readonly variant: Variant
}

const good = 'green'
const busy = 'yellow'
const bad = 'red'
const quiet = 'lightgray'

const word = (text: string, variant: `${Variant}`): StatusWord => ({ word: text, variant: variant as Variant })

const serviceWords: Readonly<Record<string, StatusWord>> = {
  INITIATING: word('Creating private link', busy),
  WAITING_FOR_USER: word('Available', good),
  AVAILABLE: word('Available', good),
  FAILED: word('Failed', bad),
  DELETING: word('Deleting', quiet),
}

/** One table for the three clouds: where two share a state they share the word. */
const endpointWords: Readonly<Record<string, StatusWord>> = {
  PENDING_ACCEPTANCE: word('Pending acceptance', busy),
  PENDING: word('Pending', busy),
  INITIATING: word('Initiating', busy),
  VERIFIED: word('Verified', busy),
  AVAILABLE: word('Available', good),
  REJECTED: word('Rejected', bad),
  FAILED: word('Failed', bad),
  DELETING: word('Deleting', quiet),
}

const clusterWords: Readonly<Record<string, StatusWord>> = {
  CREATING: word('Creating', busy),
  IDLE: word('Active', good),
  UPDATING: word('Updating', busy),
  REPAIRING: word('Repairing', busy),
  DELETING: word('Deleting', quiet),
}

const edgeWords: Readonly<Record<string, StatusWord>> = {
  EXPECTED: word('Expected', busy),
  LIVE: word('Live', good),
  SILENT: word('Silent', bad),
  REVOKED: word('Revoked', quiet),
}

/** Of a cluster's standard listener. */
const listenerWords: Readonly<Record<string, StatusWord>> = {
  OFF: word('Off', quiet),
  OPENING: word('Opening', busy),
  OPEN: word('Open', good),
  CLOSED_BY_PRIVATE_ONLY: word('Closed: private only', quiet),
  CLOSING: word('Closing', busy),
  FAILED: word('Failed', bad),
}

const kinds = {
  service: serviceWords,
  endpoint: endpointWords,
  cluster: clusterWords,
  edge: edgeWords,
  listener: listenerWords,
} as const
export type StatusKind = keyof typeof kinds

/** A state that this console does not know is shown as the API spells it. */
export const statusWord = (kind: StatusKind, status: string): StatusWord => kinds[kind][status] ?? word(status, quiet)
