// Why a gateway turned somebody or something away, in words. Pure.

import { isRefusalCode, type RefusalCode } from '@postern/contract/refusal'
import type { ReplyOf } from '@postern/contract/schemas/operations'

type Summary = ReplyOf<'summarizeGroupConnections'>
export type Refused = Summary['endpoints'][number]['refused'][number]
export type RefusedUnknown = Summary['endpointServices'][number]['refused'][number]

const changed = 'What stands behind the port was changed while it came'
const notMongoDb = 'What came is not MongoDB’s protocol'

const words: Readonly<Record<RefusalCode, string>> = {
  BSON: notMongoDb,
  CLIENT_CERTIFICATE: 'The client’s certificate is of no authority that is asked for',
  CLIENT_NAME: 'The client’s certificate is another’s',
  CLUSTER_NOT_ALLOWED: 'It does not open that cluster',
  COMPRESSED_DATA: notMongoDb,
  COMPRESSOR: notMongoDb,
  DEFECT: 'The gateway failed at it: a fault of Postern’s',
  GATEWAY_FULL: 'The gateway is full',
  HELD_TOO_LONG: 'The client’s message took too long',
  HELLO_TOO_LONG: notMongoDb,
  KILLED: 'Somebody ended it',
  LISTENER_CHANGED: changed,
  LOAD_BALANCER_MISMATCH: 'loadBalanced in the string is not what the port is for',
  MEMBER_CERTIFICATE: 'Nobody signs in by certificate through this gateway',
  MEMBER_CHANGED: changed,
  MEMBER_MOVED: changed,
  MESSAGE: notMongoDb,
  MESSAGE_LENGTH: notMongoDb,
  NOT_AUTHENTICATED: 'The client did not sign in',
  NOT_AVAILABLE: 'The endpoint was not available',
  NOT_ON_ACCESS_LIST: 'The client’s address is not on the IP access list',
  NO_CERTIFICATE: 'The gateway has no certificate for that name',
  NO_CLIENT_CERTIFICATE: 'The client showed no certificate',
  NO_DESCRIPTORS: 'The gateway had no descriptor left',
  NO_FIRST_MESSAGE: 'The client asked nothing',
  NO_LINK: 'The PROXY header does not say through which endpoint it came',
  NO_LISTENER: changed,
  NO_MEMBER: changed,
  NO_NAME: 'The client named no server in TLS',
  NO_SNAPSHOT: 'The gateway did not know yet whom to let in',
  NO_TLS: 'Certificates are asked for, and the endpoint speaks no TLS',
  OPCODE: notMongoDb,
  OP_QUERY: 'The client speaks a protocol that no server answers any more',
  POLICY_CHANGED: changed,
  PROXY_HEADER: 'No PROXY header came, or one that cannot be read',
  READ_ONLY: 'Only reads go through',
  REPLAYED_PROOF: 'A forwarder’s header was sent a second time',
  SNAPSHOT_TOO_OLD: 'The gateway had heard nothing of the control plane for too long',
  SOURCE_NOT_ALLOWED: 'The listener is for other addresses',
  TLS_CHANGED: changed,
  TLS_FAILED: 'The TLS handshake failed',
  TLS_TIMEOUT: 'The client began no TLS in time, or did not finish',
  TLS_VERSION: 'The client speaks too old a TLS',
  TOO_MANY_CONNECTIONS: 'Too many connections',
  TOO_MANY_HEADERS: 'Strangers that sent no PROXY header gave way',
  TOO_MANY_HELLOS: notMongoDb,
  TOO_MANY_NEW_CONNECTIONS: 'Too many new connections a second',
  UNKNOWN_ENDPOINT: 'The endpoint is not attached to this service',
  UNKNOWN_POLICY: 'The gateway is too old for this policy',
  UNREADABLE_REQUEST: 'The request could not be read',
  UNTRUSTED_SOURCE: 'Its address is none of a load balancer that the gateway trusts',
  USER_NOT_ALLOWED: 'It does not let that database user in',
  WRONG_NAME: 'The client asked in TLS for another name',
}

/** A code that this console does not know is shown as the gateway spells it. */
export const refusalWord = (code: string): string => (isRefusalCode(code) ? words[code] : code)

/** The last one first. */
export const refusedAt = (summary: Pick<Summary, 'endpoints'>, endpointId: string): readonly Refused[] =>
  (summary.endpoints.find((one) => one.endpointId === endpointId)?.refused ?? []).toSorted((one, other) =>
    other.last.localeCompare(one.last),
  )

/** Turned away at ports of the services that were asked about, the last one first. */
export const refusedUnknown = ({ endpointServices }: Pick<Summary, 'endpointServices'>): readonly RefusedUnknown[] =>
  endpointServices.flatMap(({ refused }) => refused).toSorted((one, other) => other.last.localeCompare(one.last))
