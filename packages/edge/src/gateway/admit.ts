// May this arrival enter, through which endpoint, and to which member? Pure: a snapshot, made searchable once when it
// is taken over, and what is known of the arrival. Only an endpoint that is AVAILABLE in this very snapshot, of the
// service that this port belongs to, is admitted; where its client speaks TLS, the name it asked for (SNI) must be one
// of the endpoint's, or absent where the endpoint is addressed by IP, since drivers send none to an IP. What its policy
// says of clusters and TLS is judged here; a policy that this gateway does not know admits nobody. A standard listener's port
// says by itself which door it is; from where clients may come there is for the door's access list to say.

import type { CloudProvider } from '@postern/contract/cloud'
import type { TlsVersion } from '@postern/contract/endpoint-policy'
import type { RefusalCode } from '@postern/contract/refusal'
import type {
  GatewayCluster,
  GatewayEndpoint,
  GatewayListener,
  GatewayMember,
  GatewaySnapshot,
} from '@postern/contract/snapshot'

import { type AccessList, accessListOf } from './access-list.ts'
import { againstClient, type ClientCertificate } from './client-certificate.ts'
import type { IsOver } from './ended.ts'

export interface SnapshotIndex {
  readonly listeners: ReadonlyMap<number, GatewayListener>
  /** By service and link id, see `linkKey`. */
  readonly endpoints: ReadonlyMap<string, GatewayEndpoint>
  readonly clusters: ReadonlyMap<string, ClusterIndex>
  /** By endpoint id, of those that a standard listener leads to. */
  readonly doors: ReadonlyMap<string, GatewayEndpoint>
  /** By endpoint id. */
  readonly accessLists: ReadonlyMap<string, AccessList>
  /** Some endpoint fails closed where the snapshot is too old; absent: none. */
  readonly ages?: boolean
  /** When entries of access lists end by themselves, milliseconds since 1970; absent: none does. */
  readonly ends?: readonly number[]
}

export interface ClusterIndex {
  readonly cluster: GatewayCluster
  readonly byId: ReadonlyMap<string, GatewayMember>
  /** Member ids by `host:port` as the members spell it, lower case. */
  readonly idByHostPort: ReadonlyMap<string, string>
}

export interface Arrival {
  readonly gatewayPort: number
  /** What the PROXY header says; null where no vendor's TLV says anything. */
  readonly link: { readonly provider: CloudProvider; readonly linkId: string } | null
  /** The client's address, as far as it may be believed; absent or null: it is not known. */
  readonly source?: string | null
  /** The name in TLS's SNI, lower case; null: none was sent; `unread`: TLS has not begun, or there is none. */
  readonly sni: { readonly name: string | null } | 'unread'
  /** As Node calls it (`TLSv1.3`); absent until the handshake is done, or where there is none. */
  readonly tlsVersion?: string
  /** Which of several members it was given to; absent: not yet, or its port stands for one. */
  readonly memberId?: string
  /** Absent: none was asked for; null: none was shown. */
  readonly clientCertificate?: ClientCertificate | null
}

export type Admission =
  | {
      readonly admit: true
      readonly endpoint: GatewayEndpoint
      readonly member: GatewayMember
      readonly cluster: ClusterIndex
      /** The members over which such arrivals are spread; null: its port stands for one. */
      readonly balances: readonly GatewayMember[] | null
    }
  | {
      readonly admit: false
      readonly code: RefusalCode
      readonly reason: string
      readonly endpoint: GatewayEndpoint | null
    }

/**
 * What the gateway knows of its snapshot's age: how long ago, in milliseconds, it heard that this one is the newest; null: not
 * since it started. A clock that was set back counts like one that was set forward: neither is known to be young.
 */
export type SnapshotAge = number | null

const isTooOld = (age: SnapshotAge, most: number): boolean => age === null || Math.abs(age) > most

/**
 * Decides about one arrival; asked again whenever more is known of it or a newer snapshot is there. `now`: milliseconds since
 * 1970; whoever does not say it finds entries of access lists that end by themselves to be over.
 */
export function admit(
  index: SnapshotIndex,
  { gatewayPort, link, source = null, sni, tlsVersion, memberId, clientCertificate = null }: Arrival,
  age: SnapshotAge = 0,
  now: number = Number.POSITIVE_INFINITY,
): Admission {
  const listener = index.listeners.get(gatewayPort)
  if (listener === undefined) return refused('NO_LISTENER', `port ${gatewayPort} belongs to no endpoint service`)
  const found = behind(index, listener, link)
  if ('admit' in found) return found
  const endpoint = found
  if (endpoint.status !== 'AVAILABLE') {
    return refused('NOT_AVAILABLE', `endpoint ${endpoint.cloudEndpointId} is ${endpoint.status}`, endpoint)
  }
  const { policy } = endpoint
  if (policy?.unread) return refused('UNKNOWN_POLICY', tooOld(policy.unread), endpoint)
  if (policy?.maxSnapshotAgeMs && isTooOld(age, policy.maxSnapshotAgeMs)) {
    const heard = age === null ? 'since this gateway started' : `for ${Math.round(policy.maxSnapshotAgeMs / 1000)} s`
    const reason = `nothing was heard of the control plane ${heard}, and the policy of ${endpoint.cloudEndpointId} asks for more`
    return refused('SNAPSHOT_TOO_OLD', reason, endpoint)
  }
  if (listener.endpointId != null || policy?.accessList !== undefined) {
    const against = (index.accessLists.get(endpoint.id) ?? nobodys).against(source, now)
    if (against !== null) return refused('NOT_ON_ACCESS_LIST', against, endpoint)
  }
  if (policy?.clusterIds?.includes(listener.clusterId) === false) {
    const name = index.clusters.get(listener.clusterId)?.cluster.name ?? listener.clusterId
    const reason = `endpoint ${endpoint.cloudEndpointId} does not open cluster ${name} (its policy)`
    return refused('CLUSTER_NOT_ALLOWED', reason, endpoint)
  }
  if (tlsVersion !== undefined && policy?.minimumTls && !isAtLeast(tlsVersion, policy.minimumTls)) {
    const reason = `the client speaks ${tlsVersion}, and the endpoint's policy asks for ${nodeTls[policy.minimumTls]}`
    return refused('TLS_VERSION', reason, endpoint)
  }
  if (policy?.clientCa !== undefined) {
    const against = endpoint.tls ? tlsVersion !== undefined && againstClient(policy, clientCertificate) : withoutTls
    if (against) return refused(against.code, against.reason, endpoint)
  }
  if (sni !== 'unread' && endpoint.tls) {
    if (sni.name === null && !endpoint.byAddress) {
      return refused('NO_NAME', 'the client named no server in TLS; this endpoint has names, not an address', endpoint)
    }
    if (sni.name !== null && !endpoint.names.includes(sni.name)) {
      return refused('WRONG_NAME', `${JSON.stringify(sni.name)} is not a name of this endpoint`, endpoint)
    }
  }
  const cluster = index.clusters.get(listener.clusterId)
  const balances = listener.balances?.flatMap((id) => cluster?.byId.get(id) ?? []) ?? null
  const member = balances === null ? cluster?.byId.get(listener.memberId) : oneOf(balances, memberId)
  if (cluster === undefined || member === undefined) {
    const who = memberId ?? listener.memberId
    return refused('NO_MEMBER', `member ${who} of cluster ${listener.clusterId} is not listed`, endpoint)
  }
  return { admit: true, endpoint, member, cluster, balances }
}

/** Of a list that is not there, where there must be one. */
const nobodys = accessListOf([])

/** The endpoint that this port leads to, or that the link names. */
const behind = (
  index: SnapshotIndex,
  listener: GatewayListener,
  link: Arrival['link'],
): GatewayEndpoint | Admission => {
  if (listener.endpointId != null) {
    const door = index.doors.get(listener.endpointId)
    return door ?? refused('UNKNOWN_ENDPOINT', `port ${listener.gatewayPort} leads to a door that is not listed`)
  }
  if (link === null) return refused('NO_LINK', 'the PROXY header does not say through which private endpoint it came')
  const { provider, linkId } = link
  const endpoint = index.endpoints.get(linkKey(listener.serviceId, provider, linkId))
  return (
    endpoint ?? refused('UNKNOWN_ENDPOINT', `${provider} ${linkId} is not attached to service ${listener.serviceId}`)
  )
}

/** The endpoint that this port leads to, or that the link names there; null: none that is known. */
export function endpointBehind(
  index: SnapshotIndex,
  gatewayPort: number,
  link: Arrival['link'],
): GatewayEndpoint | null {
  const listener = index.listeners.get(gatewayPort)
  const found = listener && behind(index, listener, link)
  return found === undefined || 'admit' in found ? null : found
}

const oneOf = (members: readonly GatewayMember[], given: string | undefined): GatewayMember | undefined =>
  given === undefined ? members[0] : members.find(({ id }) => id === given)

/** Versions as Node spells them, which sort by age. */
export const nodeTls = { TLS1_2: 'TLSv1.2', TLS1_3: 'TLSv1.3' } as const satisfies Record<TlsVersion, string>

const isAtLeast = (spoken: string, least: TlsVersion): boolean => /^TLSv1\.\d$/.test(spoken) && spoken >= nodeTls[least]

const withoutTls = {
  code: 'NO_TLS',
  reason: "the endpoint's policy asks for certificates of clients, and the endpoint speaks no TLS",
} as const

/** The link of the endpoint of this name, our id or its cloud's, behind this port; null where there is none, or two. */
export function linkNamed(index: SnapshotIndex | null, gatewayPort: number, name: string): Arrival['link'] {
  const serviceId = index?.listeners.get(gatewayPort)?.serviceId
  const meant = new Set(
    [...(index?.endpoints.values() ?? [])].filter(
      (each) =>
        each.serviceId === serviceId && (each.id === name || each.cloudEndpointId.toLowerCase() === name.toLowerCase()),
    ),
  )
  const [endpoint] = meant
  const linkId = endpoint?.linkIds[0]
  return meant.size === 1 && endpoint !== undefined && linkId !== undefined
    ? { provider: endpoint.provider, linkId }
    : null
}

/**
 * Makes a snapshot searchable. A link id that two endpoints of one service claim admits nobody through either. `isOver`: entries
 * of access lists that ended before (ended.ts).
 */
export function indexSnapshot(snapshot: GatewaySnapshot, isOver: IsOver = () => false): SnapshotIndex {
  const endpoints = new Map<string, GatewayEndpoint>()
  const claimedTwice = new Set<string>()
  for (const endpoint of snapshot.endpoints) {
    for (const linkId of endpoint.linkIds) {
      const key = linkKey(endpoint.serviceId, endpoint.provider, linkId)
      const other = endpoints.get(key)
      if (other !== undefined && other.id !== endpoint.id) claimedTwice.add(key)
      endpoints.set(key, endpoint)
    }
  }
  for (const key of claimedTwice) endpoints.delete(key)
  const doorIds = new Set(snapshot.listeners.flatMap(({ endpointId }) => endpointId ?? []))
  const accessLists = new Map(
    snapshot.endpoints.flatMap(({ id, policy }) =>
      policy?.accessList === undefined
        ? []
        : [[id, accessListOf(policy.accessList, (range) => isOver(id, range))] as const],
    ),
  )
  return {
    listeners: new Map(snapshot.listeners.map((listener) => [listener.gatewayPort, listener])),
    endpoints,
    clusters: new Map(snapshot.clusters.map((cluster) => [cluster.id, indexCluster(cluster)])),
    doors: new Map(snapshot.endpoints.filter(({ id }) => doorIds.has(id)).map((endpoint) => [endpoint.id, endpoint])),
    accessLists,
    ages: snapshot.endpoints.some(({ policy }) => policy?.maxSnapshotAgeMs !== undefined),
    ends: [...new Set([...accessLists.values()].flatMap(({ ends }) => ends))],
  }
}

/** Endpoints whose policy this gateway does not know, as a report names them. */
export const notUnderstood = ({
  endpoints,
}: SnapshotIndex): readonly { readonly id: string; readonly reason: string }[] =>
  [...new Set(endpoints.values())].flatMap(({ id, policy }) =>
    policy?.unread ? [{ id, reason: tooOld(policy.unread) }] : [],
  )

const tooOld = (rules: readonly string[]): string =>
  `this gateway is too old for the endpoint's policy (${rules.join(', ')}): upgrade it`

const indexCluster = (cluster: GatewayCluster): ClusterIndex => ({
  cluster,
  byId: new Map(cluster.members.map((member) => [member.id, member])),
  idByHostPort: new Map(cluster.members.map(({ id, hostPort }) => [hostPort.toLowerCase(), id])),
})

const linkKey = (serviceId: string, provider: CloudProvider, linkId: string): string =>
  `${serviceId}\n${provider}\n${linkId}`

const refused = (code: RefusalCode, reason: string, endpoint: GatewayEndpoint | null = null): Admission => ({
  admit: false,
  code,
  reason,
  endpoint,
})
