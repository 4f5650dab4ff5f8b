// What each reason of a gateway to turn a connection or a request away means, and who is to change what. The compiler sees to it
// that none is without words.

import { isRefusalCode, type RefusalCode } from '@postern/contract/refusal'
import type { ReplyOf } from '@postern/contract/schemas/operations'

export type EndpointPolicy = ReplyOf<'listGroupPrivateEndpoints'>['results'][number]['policy']

/** What made the gateway refuse. */
export type Source = 'POLICY' | 'ACCESS_LIST' | 'OWN_CERTIFICATE' | 'LIMIT' | 'ROAD'

export interface RefusalWords {
  readonly source: Source
  /** Where it is the policy: by one of these rules; empty: by any. */
  readonly rules?: readonly (keyof EndpointPolicy)[]
  readonly why: string
  readonly whatToDo: string
}

const road = (why: string, whatToDo: string): RefusalWords => ({ source: 'ROAD', why, whatToDo })
const limit = (why: string, whatToDo: string): RefusalWords => ({ source: 'LIMIT', why, whatToDo })
const policy = (rules: readonly (keyof EndpointPolicy)[], why: string, whatToDo: string): RefusalWords => ({
  source: 'POLICY',
  rules,
  why,
  whatToDo,
})

const changed = road(
  'What stands behind the port, or who may come in there, was changed while it came.',
  'Nothing: a driver connects again by itself. Where it goes on, look at the line of the gateway.',
)
const notMongoDb = road(
  'What came is not what a MongoDB client sends (one that speaks TLS where the endpoint speaks none, for example), or a reply was none that a server gives; the connection was ended.',
  'Look at the line of the gateway, which says what it read; take the connection string anew; only drivers of MongoDB belong to that port.',
)

const words: Readonly<Record<RefusalCode, RefusalWords>> = {
  GATEWAY_FULL: limit(
    'The gateway holds as many connections as it may, of all projects together, or as it has descriptors for.',
    'Close connections, raise POSTERN_GATEWAY_CONNECTIONS or the limit of descriptors (ulimit -n), or add a gateway.',
  ),
  UNTRUSTED_SOURCE: road(
    'Who connects to a gateway’s port has to be a load balancer that it trusts, or the forwarder of its home: others could claim to be any endpoint.',
    'If that address is your load balancer’s, let the gateway trust it (POSTERN_TRUSTED_PROXIES, or `proxies` of POSTERN_GATEWAY_LISTENERS); if it is a client’s, let it use the endpoint’s connection string.',
  ),
  TOO_MANY_HEADERS: road(
    'Many connected that the gateway does not trust and sent no PROXY header; the oldest gave way.',
    'Find out who opens connections from that address and sends nothing; if it is your load balancer’s, let the gateway trust it.',
  ),
  PROXY_HEADER: road(
    'Whoever the gateway trusts has to begin each connection with a PROXY v2 header, and this one did not, or in a way that can be read in two ways.',
    'Switch PROXY protocol version 2 on at that load balancer (`postern edges export` writes a configuration that does), or take its range from those that the gateway trusts.',
  ),
  REPLAYED_PROOF: road(
    'A forwarder’s header was sent a second time.',
    'Look who listens between the forwarder and the gateway; the first one came in.',
  ),
  NO_LINK: road(
    'The PROXY header does not say through which private endpoint it came.',
    'Let the load balancer add the endpoint’s TLV (on AWS `proxy_protocol_v2` of an NLB behind an endpoint service), or name a fixed one in POSTERN_GATEWAY_LISTENERS.',
  ),
  UNKNOWN_ENDPOINT: road(
    'It came through an endpoint that is not attached to this endpoint service.',
    'Attach that endpoint (`postern privateEndpoints … interfaces create`), or use the connection string of one that is.',
  ),
  SOURCE_NOT_ALLOWED: road(
    'A listener of POSTERN_GATEWAY_LISTENERS is for a range of addresses, and this one is in none.',
    'Connect from a range that the listener is for, or add this one to its `from`.',
  ),
  NO_LISTENER: changed,
  NO_SNAPSHOT: road(
    'The gateway holds no snapshot yet: it does not know whom to let in.',
    'Let the edge reach the control plane.',
  ),
  NOT_AVAILABLE: road(
    'The endpoint is being deleted, or was refused.',
    'Wait until the endpoint is AVAILABLE; `postern doctor <endpoint id>` says why it is not.',
  ),
  SNAPSHOT_TOO_OLD: policy(
    ['maxSnapshotAgeSeconds'],
    'The gateway had not heard from the control plane for longer than the policy of the endpoint allows, and it fails closed.',
    'Let the gateway reach the control plane, or allow more: `--maxSnapshotAge`.',
  ),
  NO_MEMBER: changed,
  NO_DESCRIPTORS: limit(
    'The gateway had no descriptor left for the connection to the member.',
    'Raise the limit of descriptors of the gateway’s process (ulimit -n).',
  ),
  NO_NAME: road(
    'The client named no server in TLS, and the endpoint has names, not an address.',
    'Use the host names of the connection string, not their addresses.',
  ),
  WRONG_NAME: road(
    'The client asked in TLS for a name that is not the endpoint’s.',
    'Use the host names of the connection string as they are.',
  ),
  NO_CERTIFICATE: road(
    'The gateway has no certificate for the name that was asked for.',
    'Look at the edge’s log: it says where it takes certificates from, and what failed.',
  ),
  TLS_FAILED: road(
    'The endpoint speaks TLS, and the handshake did not come about: the client speaks none, or does not trust the certificate.',
    'Take the connection string anew, which asks for TLS where the endpoint speaks it, and name the authority in tlsCAFile where that is Postern’s own.',
  ),
  TLS_TIMEOUT: road(
    'The client began no TLS in time, or did not finish.',
    'Take the connection string anew; if it is right, something between client and gateway holds bytes back.',
  ),
  TOO_MANY_CONNECTIONS: limit(
    'The endpoint has as many connections as it may.',
    'Close connections, make pools smaller, or attach another endpoint.',
  ),
  TOO_MANY_NEW_CONNECTIONS: limit(
    'The endpoint gets new connections faster than it may.',
    'Let applications keep their connections, make pools smaller, or attach another endpoint.',
  ),
  UNKNOWN_POLICY: policy(
    [],
    'A gateway does not know a rule of the policy, and lets nobody in there.',
    'Upgrade the gateway, or take the rule back.',
  ),
  NOT_ON_ACCESS_LIST: {
    source: 'ACCESS_LIST',
    rules: [],
    why: 'A standard listener lets in addresses of the IP access list of the project alone; the line of the gateway names the one that was refused.',
    whatToDo: 'Add that address: `postern accessLists create`, or `--currentIp` for this machine’s.',
  },
  CLUSTER_NOT_ALLOWED: policy(
    ['clusters'],
    'The policy of the endpoint names the clusters that it opens, and this was another.',
    'Use an endpoint that opens this cluster, or add it to `--allowedCluster`.',
  ),
  TLS_VERSION: policy(
    ['minimumTls'],
    'The client speaks an older TLS than the policy of the endpoint asks for.',
    'Let the client speak a newer TLS, or ask for less: `--minimumTls`.',
  ),
  NO_TLS: policy(
    ['clientCa'],
    'The policy of the endpoint asks for certificates of clients, and the endpoint speaks no TLS.',
    'Let it speak TLS: `--minimumTls TLS1_2`.',
  ),
  NO_CLIENT_CERTIFICATE: policy(
    ['clientCa'],
    'The policy of the endpoint asks clients for a certificate, and this one showed none.',
    'Give the client a certificate with its key (tlsCertificateKeyFile), or take the rule back: `--clientCaFile none`.',
  ),
  CLIENT_CERTIFICATE: policy(
    ['clientCa'],
    'The policy of the endpoint names the authorities that sign its clients’ certificates, and this one was of none of them, or out of its time.',
    'Give the client a certificate of theirs, or add its authority to `--clientCaFile`.',
  ),
  CLIENT_NAME: policy(
    ['clientNames'],
    'The policy of the endpoint names whose certificates it takes, and this was another’s.',
    'Use one of theirs, or add its subject or DNS name to `--allowedClient`.',
  ),
  LISTENER_CHANGED: changed,
  MEMBER_CHANGED: changed,
  MEMBER_MOVED: changed,
  POLICY_CHANGED: changed,
  TLS_CHANGED: changed,
  KILLED: road(
    'Somebody ended it: `postern connections kill`, the API or the console.',
    'Nothing: a driver connects again. The project’s events say who ended it.',
  ),
  DEFECT: road(
    'The gateway failed at it, which is a fault of Postern’s.',
    'Report the line of the gateway’s log, which has the place; the connection alone was lost.',
  ),
  READ_ONLY: policy(
    ['readOnly'],
    'The endpoint is read-only: commands and stages that are not known to read are refused.',
    'Write through another endpoint, or lift it: `--readOnly false`.',
  ),
  USER_NOT_ALLOWED: policy(
    ['databaseUsers'],
    'The policy of the endpoint names the database users that it lets in, each with its authSource.',
    'Sign in as one of them, or add this one to `--allowedDatabaseUser`.',
  ),
  NOT_AUTHENTICATED: policy(
    ['databaseUsers'],
    'The policy of the endpoint names the database users that it lets in, and this client did not sign in.',
    'Give the client one of these users.',
  ),
  MEMBER_CERTIFICATE: {
    source: 'OWN_CERTIFICATE',
    why: 'A client asked to sign in by certificate; the members see the gateway’s own (POSTERN_MEMBER_CERT), and would take it for the gateway.',
    whatToDo:
      'Sign in by a password. See to it that the gateway’s certificate is no user of `$external` and not one of a member.',
  },
  UNREADABLE_REQUEST: policy(
    ['databaseUsers', 'readOnly'],
    'The endpoint has a policy that every request must be read for, and this one could not be.',
    'Look at the line of the gateway; a driver sends no such requests.',
  ),
  OP_QUERY: policy(
    ['databaseUsers', 'readOnly'],
    'The client speaks a protocol that no server since MongoDB 5.1 answers.',
    'Upgrade its driver.',
  ),
  LOAD_BALANCER_MISMATCH: road(
    'The string says loadBalanced=true where the port leads to one member, or does not where it spreads over routers.',
    'Take the string of the cluster anew: one with loadBalanced=true has a port of its own.',
  ),
  NO_FIRST_MESSAGE: road(
    'It was let in, and asked nothing for as long as a first message may take.',
    'Look who connects and says nothing: a health check by TCP alone does so, and belongs to another port.',
  ),
  HELD_TOO_LONG: notMongoDb,
  MESSAGE_LENGTH: notMongoDb,
  OPCODE: notMongoDb,
  MESSAGE: notMongoDb,
  BSON: notMongoDb,
  COMPRESSOR: notMongoDb,
  COMPRESSED_DATA: notMongoDb,
  HELLO_TOO_LONG: notMongoDb,
  TOO_MANY_HELLOS: notMongoDb,
}

/** Null for a code of the operating system or of OpenSSL, by which a member could not be reached, and for one of a newer gateway. */
export const wordsOf = (code: string): RefusalWords | null => (isRefusalCode(code) ? words[code] : null)
