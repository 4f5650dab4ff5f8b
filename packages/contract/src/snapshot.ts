// What the edge must know, as numbered wholes. The control plane publishes one feed per edge program; a number always
// names the whole truth, also where an edge that holds a recent one is told only what changed since
// (snapshot-change.ts). Numbers only grow within an epoch (the store's own random
// mark, written once), so an edge that holds (epoch, n) refuses anything older of that epoch.
//
// Transport (see routes.ts): GET /api/postern/v1/edges/{edge}/snapshots/{feed}?epoch=E&after=N waits up to 25 s and
// answers 200 with a Numbered body, or 204 when nothing newer came; POST /api/postern/v1/edges/{edge}/reports/{feed}
// says what the edge has taken over. Snapshots hold no secret of a user or a member.

import type { CloudProvider } from './cloud.ts'
import type { TrafficReport } from './edge-traffic.ts'
import type { DatabaseUserName, TlsVersion } from './endpoint-policy.ts'
import type { AdvertisedTarget } from './private-endpoint.ts'

export const feeds = ['gateway', 'dns', 'forwarder'] as const
export type Feed = (typeof feeds)[number]

/**
 * The schemas of a whole that this release knows, oldest first: its control plane writes them, its edge reads them. Several,
 * so that control plane and edge may be releases apart. An edge says in a header what it reads and is answered in
 * the newest that both know; one that says nothing reads 1, whose whole has no `schema`. A field that an older edge may
 * leave unread is no new schema. From 3 on endpoints have a policy; an edge that does not read it is told that such an
 * endpoint is REFUSED (docs/decisions/0016-endpoint-policy.md).
 */
export const snapshotSchemas = [1, 2, 3] as const
export const snapshotSchemasHeader = 'postern-snapshot-schemas'

export interface Numbered<Body> {
  /** Absent: 1. */
  readonly schema?: number
  readonly epoch: string
  readonly n: number
  readonly body: Body
}

/** The gateway's whole: what to listen on, whom to admit, whom to dial, what to write into hello. */
export interface GatewaySnapshot {
  readonly listeners: readonly GatewayListener[]
  readonly endpoints: readonly GatewayEndpoint[]
  readonly clusters: readonly GatewayCluster[]
}

/** One port of the gateway: it stands for one member, as reached through one endpoint service, or for several. */
export interface GatewayListener {
  readonly gatewayPort: number
  readonly serviceId: string
  readonly clusterId: string
  /** Where there is `balances`, the cluster's own id: an edge that does not read that lets nobody in. */
  readonly memberId: string
  /** The routers, by member id, over which clients in load balanced mode are spread here; absent or null: one member's port. */
  readonly balances?: readonly string[] | null
  /**
   * Of a standard listener: the one endpoint that it leads to, whatever a PROXY header says of links. Who may come in is told by
   * that endpoint's access list: an edge that does not read this lets nobody in.
   */
  readonly endpointId?: string | null
}

export interface GatewayEndpoint {
  /** Our id, for logs and reports. */
  readonly id: string
  readonly serviceId: string
  readonly provider: CloudProvider
  /**
   * How PROXY v2 vendor TLVs name this endpoint: AWS the `vpce-…` id; Azure the LinkID in decimal; GCP every
   * pscConnectionId in decimal (uint64, beyond 2^53: a string).
   */
  readonly linkIds: readonly string[]
  /** The cloud's own id as the API shows it; for log lines. */
  readonly cloudEndpointId: string
  /** Only AVAILABLE is admitted. An endpoint that is not listed is unknown. */
  readonly status: 'AVAILABLE' | 'DELETING' | 'REFUSED'
  /** True: the client speaks TLS after the PROXY header. False: plain MongoDB. */
  readonly tls: boolean
  /** Names that a client may send as SNI (current and aliases), lower case. */
  readonly names: readonly string[]
  /** True where the endpoint is addressed by IP, so that an absent SNI is right. */
  readonly byAddress: boolean
  /**
   * What hello must say, by member id; by the cluster's id where its routers are balanced. A member that is missing here is
   * left out of the lists.
   */
  readonly advertised: Readonly<Record<string, AdvertisedTarget>>
  /** What was set for this endpoint; what is absent or null is as the gateway is set. */
  readonly limits?: EndpointLimits | null
  /** What was forbidden at this endpoint; what is absent is not. */
  readonly policy?: GatewayPolicy | null
}

/**
 * Unlike all else here, a key of it that an edge does not know, or cannot read, may not be left unread: through such an
 * endpoint nobody is let in.
 */
export interface GatewayPolicy {
  /** Those that it opens. */
  readonly clusterIds?: readonly string[]
  readonly minimumTls?: TlsVersion
  readonly idleMs?: number
  readonly databaseUsers?: readonly DatabaseUserName[]
  readonly readOnly?: boolean
  /** Fails closed once its gateway has not heard from the control plane for as long. */
  readonly maxSnapshotAgeMs?: number
  /** PEM certificates of whoever signs its clients' certificates; no key. */
  readonly clientCa?: string
  /** Subjects as RFC 2253 writes them, or DNS names. */
  readonly clientNames?: readonly string[]
  /** From where alone clients may come; empty: from nowhere. */
  readonly accessList?: readonly AccessRange[]
  /** Keys that the edge which read it does not know; no control plane writes this. */
  readonly unread?: readonly string[]
}

export interface AccessRange {
  /** `192.0.2.0/24`, `2001:db8::/32`. */
  readonly cidr: string
  /** Milliseconds since 1970, from which on it lets nobody in; absent: for ever. */
  readonly untilMs?: number
}

export interface EndpointLimits {
  /** Open at a time. */
  readonly connections: number | null
  /** New ones a second; 0: any number. */
  readonly newPerSecond: number | null
}

export interface GatewayCluster {
  readonly id: string
  readonly name: string
  readonly members: readonly GatewayMember[]
  /** null: members speak plain TCP. */
  readonly tls: GatewayMemberTls | null
}

export interface GatewayMember {
  readonly id: string
  /** `host:port` exactly as the deployment's own hello spells it, lower-cased host. */
  readonly hostPort: string
}

export interface GatewayMemberTls {
  /** PEM certificates to trust; null: the system's roots. */
  readonly ca: string | null
  readonly allowInvalidHostnames: boolean
}

/** The local cloud's packets: where each consumer endpoint listens, and what its PROXY header says. */
export interface ForwarderSnapshot {
  readonly listeners: readonly ForwarderListener[]
}

export interface ForwarderListener {
  /** Stable: consumer endpoint's link id + member slot. */
  readonly id: string
  readonly provider: CloudProvider
  readonly linkId: string
  /** Every address to listen on: one, or 127.0.0.1 and ::1 in block mode. */
  readonly hosts: readonly string[]
  readonly port: number
  readonly gatewayPort: number
}

/** The zone that the edge's DNS server answers for; its number is the SOA serial. */
export interface DnsSnapshot {
  /** Lower case, no trailing dot. */
  readonly domain: string
  readonly records: readonly DnsRecord[]
}

/** Names are absolute, lower case, without a trailing dot. TTLs are seconds. */
export type DnsRecord =
  | { readonly type: 'A' | 'AAAA' | 'CNAME'; readonly name: string; readonly ttl: number; readonly value: string }
  | { readonly type: 'TXT'; readonly name: string; readonly ttl: number; readonly value: string }
  | {
      readonly type: 'SRV'
      readonly name: string
      readonly ttl: number
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly target: string
    }

export type SnapshotBody = { gateway: GatewaySnapshot; dns: DnsSnapshot; forwarder: ForwarderSnapshot }

/**
 * A gateway tells what is wrong in the file that this variable names under its name, as one reason: a warning, since all
 * that it has to listen on by its feed is served nonetheless.
 */
export const listenersVariable = 'POSTERN_GATEWAY_LISTENERS'

/** In characters: the report of an edge that says more is refused as a whole. */
export const longestReason = 1024

/** Why an endpoint with `tls` is not served whose certificate is on its way: a matter of a moment, which nobody has to mend. */
export const certificateOnItsWay = 'no certificate: it has not come yet'

/**
 * What an edge says of a feed after it took a number over. Ids: the gateway's ports as text and its endpoints with
 * `tls`, bound once their certificate is there, and `own:` with an endpoint's id where listeners of its own serve it, so
 * that nothing has to stand in front of the gateway; the forwarder's listener ids.
 */
export interface EdgeReport {
  readonly epoch: string
  readonly n: number
  readonly bound: readonly string[]
  /** Each id once. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
  /** Of the gateway: CIDRs from which it believes PROXY headers, at whichever port. */
  readonly trusts?: readonly string[] | undefined
  /** Of the gateway; absent while nothing moves. */
  readonly traffic?: TrafficReport | undefined
  /** Of the DNS server: `host:port` that it listens on, where it does. */
  readonly dnsAddress?: string | undefined
  /** Of the program (version.ts); an edge of a release before this was told says none. */
  readonly version?: string | undefined
}

/** What of a report grows with the number of endpoints, and seldom changes. */
export type ReportedLists = Pick<EdgeReport, 'bound' | 'failed' | 'trusts'>

/**
 * In the answer to a report: what its lists are known by, in hex. An edge whose lists are still the same sends that instead of
 * them, at whichever number, and sends them again when it is told that they are not known (409, or 400 by a control plane of
 * the release before).
 */
export const reportListsHeader = 'postern-report-lists'

export type SentReport = EdgeReport | (Omit<EdgeReport, keyof ReportedLists> & { readonly lists: string })
