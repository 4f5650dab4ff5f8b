// Why a gateway turned somebody or something away, in words. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

type Summary = ReplyOf<'summarizeGroupConnections'>
export type Refused = Summary['endpoints'][number]['refused'][number]

const words: Readonly<Record<string, string>> = {
  CLIENT_CERTIFICATE: 'The client’s certificate is of no authority that is asked for',
  CLIENT_NAME: 'The client’s certificate is another’s',
  CLUSTER_NOT_ALLOWED: 'It does not open that cluster',
  MEMBER_CERTIFICATE: 'Nobody signs in by certificate through this gateway',
  NOT_AUTHENTICATED: 'The client did not sign in',
  NOT_ON_ACCESS_LIST: 'The client’s address is not on the IP access list',
  NOT_AVAILABLE: 'The endpoint was not available',
  NO_CLIENT_CERTIFICATE: 'The client showed no certificate',
  NO_TLS: 'Certificates are asked for, and the endpoint speaks no TLS',
  OP_QUERY: 'The client speaks a protocol that no server answers any more',
  READ_ONLY: 'Only reads go through',
  SNAPSHOT_TOO_OLD: 'The gateway had heard nothing of the control plane for too long',
  TLS_FAILED: 'The TLS handshake failed',
  TLS_TIMEOUT: 'The client began no TLS in time, or did not finish',
  TLS_VERSION: 'The client speaks too old a TLS',
  TOO_MANY_CONNECTIONS: 'Too many connections',
  TOO_MANY_NEW_CONNECTIONS: 'Too many new connections a second',
  UNKNOWN_POLICY: 'The gateway is too old for this policy',
  UNREADABLE_REQUEST: 'The request could not be read',
  USER_NOT_ALLOWED: 'It does not let that database user in',
}

/** A code that this console does not know is shown as the gateway spells it. */
export const refusalWord = (code: string): string => words[code] ?? code

/** The last one first. */
export const refusedAt = (summary: Pick<Summary, 'endpoints'>, endpointId: string): readonly Refused[] =>
  (summary.endpoints.find((one) => one.endpointId === endpointId)?.refused ?? []).toSorted((one, other) =>
    other.last.localeCompare(one.last),
  )
