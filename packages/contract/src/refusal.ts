// Why a gateway turns a connection or a request away, as its log, its metrics, the summary of connections, the doctor and the
// console spell it: one list, so that each of them has words for each code. A member that cannot be reached is no refusal:
// its code is the operating system's, or OpenSSL's.

export const refusalCodes = [
  // of a connection, before it is known through which endpoint it comes
  'GATEWAY_FULL',
  'UNTRUSTED_SOURCE',
  'TOO_MANY_HEADERS',
  'PROXY_HEADER',
  'REPLAYED_PROOF',
  'NO_LINK',
  'UNKNOWN_ENDPOINT',
  'SOURCE_NOT_ALLOWED',
  'NO_LISTENER',
  'NO_SNAPSHOT',
  // of a connection through a known one
  'NOT_AVAILABLE',
  'SNAPSHOT_TOO_OLD',
  'NO_MEMBER',
  'NO_DESCRIPTORS',
  'NO_NAME',
  'WRONG_NAME',
  'NO_CERTIFICATE',
  'TLS_FAILED',
  'TLS_TIMEOUT',
  'TOO_MANY_CONNECTIONS',
  'TOO_MANY_NEW_CONNECTIONS',
  // … by its policy or access list
  'UNKNOWN_POLICY',
  'NOT_ON_ACCESS_LIST',
  'CLUSTER_NOT_ALLOWED',
  'TLS_VERSION',
  'NO_TLS',
  'NO_CLIENT_CERTIFICATE',
  'CLIENT_CERTIFICATE',
  'CLIENT_NAME',
  // … for what changed while it came
  'LISTENER_CHANGED',
  'MEMBER_CHANGED',
  'MEMBER_MOVED',
  'POLICY_CHANGED',
  'TLS_CHANGED',
  'KILLED',
  'DEFECT',
  // of a request
  'READ_ONLY',
  'USER_NOT_ALLOWED',
  'NOT_AUTHENTICATED',
  'MEMBER_CERTIFICATE',
  'UNREADABLE_REQUEST',
  'OP_QUERY',
  'LOAD_BALANCER_MISMATCH',
  // of bytes that are none, which ends their connection
  'NO_FIRST_MESSAGE',
  'HELD_TOO_LONG',
  'MESSAGE_LENGTH',
  'OPCODE',
  'MESSAGE',
  'BSON',
  'COMPRESSOR',
  'COMPRESSED_DATA',
  'HELLO_TOO_LONG',
  'TOO_MANY_HELLOS',
] as const

export type RefusalCode = (typeof refusalCodes)[number]

const known: ReadonlySet<string> = new Set(refusalCodes)

/** Whether this release of the program that asks has words for it. */
export const isRefusalCode = (code: string): code is RefusalCode => known.has(code)
