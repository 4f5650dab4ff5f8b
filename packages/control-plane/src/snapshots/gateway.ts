// The gateway's whole: pure, rows in, snapshot out. Every member of every cluster of a group is reachable through every
// service of the group that has an endpoint: one deployment, doors in every cloud. An endpoint is listed as AVAILABLE as
// soon as its cloud accepted it, because the edges must hold it before its row may say so; one that is not listed is
// unknown to the gateway and refused.

import { isIP } from 'node:net'
import type { CloudProvider } from '@postern/contract/cloud'
import { type EndpointPolicy, type ListenerPolicy, opensCluster, speaksTls } from '@postern/contract/endpoint-policy'
import type { AdvertisedTarget } from '@postern/contract/private-endpoint'
import type {
  AccessRange,
  EndpointLimits,
  GatewayEndpoint,
  GatewayMemberTls,
  GatewayPolicy,
  GatewaySnapshot,
} from '@postern/contract/snapshot'

export interface ServedEndpoint {
  readonly id: string
  readonly groupId: string
  readonly serviceId: string
  readonly provider: CloudProvider
  readonly cloudEndpointId: string
  readonly linkIds: readonly string[]
  readonly limits: EndpointLimits
  readonly policy: EndpointPolicy
  readonly form: 'address' | 'name'
  readonly names: readonly string[]
  /** Where clients dial each member, by member id. */
  readonly targets: ReadonlyMap<string, AdvertisedTarget>
}

export interface ServedCluster {
  readonly id: string
  readonly groupId: string
  readonly name: string
  readonly tls: GatewayMemberTls | null
  readonly members: readonly { readonly id: string; readonly hostPort: string }[]
}

export interface ServedPort {
  readonly serviceId: string
  readonly memberId: string
  readonly gatewayPort: number
  /** Of a sharded cluster's own place, whose `memberId` is the cluster's: its routers. */
  readonly balances?: readonly string[]
}

/** A cluster's standard listener: to a gateway an endpoint of a service of its own, with ports that say so by themselves. */
export interface ServedListener {
  /** Of the endpoint, and of the service. */
  readonly id: string
  readonly clusterId: string
  readonly clusterName: string
  readonly provider: CloudProvider
  /** What hello names where the client did not ask for another of its names. */
  readonly host: string
  readonly names: readonly string[]
  readonly ports: readonly { readonly memberId: string; readonly gatewayPort: number }[]
  readonly accessList: readonly AccessRange[]
  readonly policy: ListenerPolicy
}

/** How logs, metrics and lists of connections call a standard listener, where endpoints have their cloud's id. */
export const listenerName = (clusterName: string): string => `standard:${clusterName}`

export const gatewaySnapshot = ({
  endpoints,
  clusters,
  ports,
  standardListeners = [],
}: {
  readonly endpoints: readonly ServedEndpoint[]
  readonly clusters: readonly ServedCluster[]
  readonly ports: readonly ServedPort[]
  readonly standardListeners?: readonly ServedListener[]
}): GatewaySnapshot => {
  const services = new Set(endpoints.map(({ serviceId }) => serviceId))
  const clusterOf = new Map(clusters.flatMap(({ id, members }) => members.map((member) => [member.id, id] as const)))
  const ofServices = ports.flatMap(({ serviceId, memberId, gatewayPort, balances }) => {
    const clusterId = balances === undefined ? clusterOf.get(memberId) : memberId
    if (clusterId === undefined || !services.has(serviceId)) return []
    return [{ gatewayPort, serviceId, clusterId, memberId, ...(balances && { balances }) }]
  })
  const ofListeners = standardListeners.flatMap(({ id, clusterId, ports: own }) =>
    own.map(({ memberId, gatewayPort }) => ({ gatewayPort, serviceId: id, clusterId, memberId, endpointId: id })),
  )
  const listeners = [...ofServices, ...ofListeners]
  const reachable = new Set(listeners.map(({ clusterId }) => clusterId))
  return {
    listeners: listeners.toSorted((one, other) => one.gatewayPort - other.gatewayPort),
    endpoints: [
      ...endpoints.map((endpoint) => endpointOf(endpoint, clusters)),
      ...standardListeners.map(doorOf),
    ].toSorted(byId),
    clusters: clusters
      .filter(({ id }) => reachable.has(id))
      .toSorted(byId)
      .map(({ id, name, tls, members }) => ({
        id,
        name,
        members: members.map((member) => ({ id: member.id, hostPort: member.hostPort.toLowerCase() })),
        tls,
      })),
  }
}

const endpointOf = (endpoint: ServedEndpoint, clusters: readonly ServedCluster[]): GatewayEndpoint => ({
  id: endpoint.id,
  serviceId: endpoint.serviceId,
  provider: endpoint.provider,
  linkIds: endpoint.linkIds,
  cloudEndpointId: endpoint.cloudEndpointId,
  status: 'AVAILABLE',
  tls: speaksTls(endpoint.form, endpoint.policy),
  names: endpoint.names,
  byAddress: endpoint.form === 'address',
  advertised: Object.fromEntries([...endpoint.targets].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  ...(Object.values(endpoint.limits).some((limit) => limit !== null) && { limits: endpoint.limits }),
  ...withPolicy(endpoint, clusters),
})

/** Always with TLS, as Atlas's: it may be dialled from anywhere. The link leads nowhere, and lets an older edge say what it lacks. */
const doorOf = ({ id, provider, host, names, ports, ...door }: ServedListener): GatewayEndpoint => ({
  id,
  serviceId: id,
  provider,
  linkIds: [id],
  cloudEndpointId: listenerName(door.clusterName),
  status: 'AVAILABLE',
  tls: true,
  names,
  byAddress: isIP(host) !== 0,
  advertised: Object.fromEntries(
    ports
      .map(({ memberId, gatewayPort }) => [memberId, { host, port: gatewayPort }] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ),
  policy: { accessList: door.accessList, ...heardWithin(door.policy) },
})

const byId = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1)

const heardWithin = ({ maxSnapshotAgeSeconds }: ListenerPolicy): Pick<GatewayPolicy, 'maxSnapshotAgeMs'> =>
  maxSnapshotAgeSeconds === null ? {} : { maxSnapshotAgeMs: maxSnapshotAgeSeconds * 1000 }

const withPolicy = (
  { groupId, policy }: ServedEndpoint,
  clusters: readonly ServedCluster[],
): { readonly policy?: GatewayPolicy } => {
  const said: GatewayPolicy = {
    ...(policy.clusters !== null && {
      clusterIds: clusters
        .filter((cluster) => cluster.groupId === groupId && opensCluster(policy, cluster.name))
        .map(({ id }) => id)
        .toSorted(),
    }),
    ...(policy.minimumTls !== null && { minimumTls: policy.minimumTls }),
    ...(policy.idleSeconds !== null && { idleMs: policy.idleSeconds * 1000 }),
    ...(policy.databaseUsers !== null && { databaseUsers: policy.databaseUsers }),
    ...(policy.readOnly && { readOnly: true }),
    ...heardWithin(policy),
    ...(policy.clientCa !== null && { clientCa: policy.clientCa }),
    ...(policy.clientNames !== null && { clientNames: policy.clientNames }),
  }
  return Object.keys(said).length === 0 ? {} : { policy: said }
}
