// Every connection string of a cluster, from rows alone (design, "Connection strings and names"). Pure: what the
// description shows and what Postern's own connectionStrings route shows come from the same list of doors; the second
// shows all that work, also where Atlas's behaviour shows fewer. A string is private when it leads through an endpoint; those exist only where the provider is complete.

import type { CloudProvider } from '@postern/contract/cloud'
import { type ClusterState, type ClusterType, tiersWithoutPrivateEndpoints } from '@postern/contract/cluster'
import type { Behaviour } from '@postern/contract/fidelity'
import type { AdvertisedForm, AdvertisedTarget } from '@postern/contract/private-endpoint'
import type { ConnectionStrings, EndpointConnectionStrings } from '@postern/contract/schemas/cluster'
import { membersNear } from '../../snapshots/regional-members.ts'

export interface StringsMember {
  readonly id: string
  readonly hostPort: string
  readonly provider: CloudProvider
  /** Atlas's spelling. */
  readonly region: string
  readonly role: string
  readonly position: number
}

export interface StringsCluster {
  readonly id: string
  readonly name: string
  readonly type: ClusterType
  /** MONGOS where clients talk to routers. */
  readonly process: 'MONGOD' | 'MONGOS'
  /** `M10`; decides whether there can be private strings at all. Null for a registered deployment. */
  readonly tier: string | null
  readonly state: ClusterState
  /** Null for mongos, and until it is known. */
  readonly setName: string | null
  /** The deployment itself speaks TLS. */
  readonly tls: boolean
  readonly members: readonly StringsMember[]
  /** `mongodb+srv` name of a cluster that was made here, or that has a standard listener, without which nothing resolves it. */
  readonly standardSrvName: string | null
  /** Its standard listener, while that is on and the gateways are told of it; null: members are named themselves. */
  readonly listener: { readonly targets: ReadonlyMap<string, AdvertisedTarget> } | null
  /** How its group is answered. */
  readonly behaviour: Pick<Behaviour, 'privateStrings' | 'srvStrings'>
  /** The group's endpoints are regionalized: each leads to the routers of its own region alone (sharded clusters only). */
  readonly regionalized: boolean
  /** The group hands out private ways alone. */
  readonly privateOnly: boolean
}

/** One AVAILABLE endpoint of the cluster's group. */
export interface StringsEndpoint {
  /** The cloud's own id, as the API shows it. */
  readonly cloudId: string
  readonly provider: CloudProvider
  readonly region: string
  readonly form: AdvertisedForm
  readonly tls: boolean
  /** Its policy lets clients through to this cluster; one that does not is as if it were not there. */
  readonly opens: boolean
  /**
   * Where each member is dialled, by member id (private-endpoint/advertised.ts, `endpointTargets`); by the cluster's id where
   * its routers are balanced.
   */
  readonly targets: ReadonlyMap<string, AdvertisedTarget>
  /** The name whose SRV records list this cluster's members. */
  readonly srvName: string
  /** The name whose SRV records list those of its members that are in the endpoint's region. */
  readonly regionalSrvName: string
  /** The name whose one SRV record leads to all routers of this cluster, where it is sharded. */
  readonly loadBalancedSrvName: string
  /** Host names of the endpoint in our zone. */
  readonly hostNames: readonly string[]
}

export interface MissingRegions {
  readonly provider: CloudProvider
  readonly regions: readonly string[]
}

/** Roles that a client is never told to dial: an arbiter holds no data, a hidden member is not for clients, and one that lags behind on purpose answers what was. */
const unlisted: ReadonlySet<string> = new Set(['arbiter', 'hidden', 'delayed'])

/** The members that strings name, in order: all but arbiters and hidden ones. An unreachable one stays. */
export const listedMembers = (members: readonly StringsMember[]): readonly StringsMember[] =>
  members.filter(({ role }) => !unlisted.has(role)).toSorted((one, other) => one.position - other.position)

/**
 * Per provider in which the cluster has nodes, the regions there without an AVAILABLE endpoint. A provider that is not
 * in the answer is complete: every region of the cluster there has one, or it has none of the cluster's nodes and
 * reaches the whole set through the gateway.
 */
export const missingRegions = (
  cluster: Pick<StringsCluster, 'members'>,
  endpoints: readonly Pick<StringsEndpoint, 'provider' | 'region' | 'opens'>[],
): readonly MissingRegions[] => {
  const have = new Set(endpoints.filter(({ opens }) => opens).map(({ provider, region }) => `${provider} ${region}`))
  const missing = new Map<CloudProvider, Set<string>>()
  for (const { provider, region } of cluster.members) {
    if (have.has(`${provider} ${region}`)) continue
    const regions = missing.get(provider) ?? new Set()
    missing.set(provider, regions.add(region))
  }
  return [...missing]
    .map(([provider, regions]) => ({ provider, regions: [...regions].toSorted() }))
    .toSorted(byProvider)
}

const byProvider = (one: MissingRegions, other: MissingRegions): number => (one.provider < other.provider ? -1 : 1)

/** True where the cluster's tier never gets a private endpoint (M0, M2, M5, Flex). */
export const isSharedTier = (tier: string | null): boolean => tier !== null && tiersWithoutPrivateEndpoints.has(tier)

/** Atlas allows the mode where all clusters are sharded, so that it says nothing of a replica set. */
const isRegionalized = ({ regionalized, process }: Pick<StringsCluster, 'regionalized' | 'process'>): boolean =>
  regionalized && process === 'MONGOS'

/** The endpoints that serve: of a complete provider, and with a target for at least one listed member. */
const servingEndpoints = (
  cluster: StringsCluster,
  endpoints: readonly StringsEndpoint[],
): readonly StringsEndpoint[] => {
  if (cluster.state === 'CREATING' || isSharedTier(cluster.tier)) return []
  // Regionalized endpoints stand each for itself: none waits for another region's.
  const missing = isRegionalized(cluster) ? [] : missingRegions(cluster, endpoints)
  const incomplete = new Set(missing.map(({ provider }) => provider))
  return endpoints.filter(
    (endpoint) => endpoint.opens && !incomplete.has(endpoint.provider) && targetsInOrder(cluster, endpoint).length > 0,
  )
}

/** The endpoints that get an element: Atlas gives none before each region of the cluster has one, and none elsewhere. */
const shownEndpoints = (cluster: StringsCluster, endpoints: readonly StringsEndpoint[]): readonly StringsEndpoint[] => {
  const serving = servingEndpoints(cluster, endpoints)
  if (cluster.behaviour.privateStrings === 'any door') return serving
  if (missingRegions(cluster, endpoints).length > 0) return []
  return serving.filter((one) =>
    cluster.members.some(({ provider, region }) => provider === one.provider && region === one.region),
  )
}

/** `ssl=true&authSource=admin&replicaSet=rs0`, each part where it belongs. */
const options = (cluster: StringsCluster, ssl: boolean): string =>
  [
    ...(ssl ? ['ssl=true'] : []),
    'authSource=admin',
    ...(cluster.process === 'MONGOD' && cluster.setName !== null
      ? [`replicaSet=${encodeURIComponent(cluster.setName)}`]
      : []),
  ].join('&')

/** An IPv6 address needs brackets before its port. */
const hostAndPort = ({ host, port }: AdvertisedTarget): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

const membersOf = (cluster: StringsCluster, endpoint: StringsEndpoint): readonly StringsMember[] =>
  isRegionalized(cluster) ? membersNear(listedMembers(cluster.members), endpoint) : listedMembers(cluster.members)

const targetsInOrder = (cluster: StringsCluster, endpoint: StringsEndpoint): readonly AdvertisedTarget[] =>
  membersOf(cluster, endpoint).flatMap(({ id }) => endpoint.targets.get(id) ?? [])

const endpointStandard = (cluster: StringsCluster, endpoint: StringsEndpoint): string =>
  `mongodb://${targetsInOrder(cluster, endpoint).map(hostAndPort).join(',')}/?${options(cluster, endpoint.tls)}`

const srvNameOf = (cluster: StringsCluster, endpoint: StringsEndpoint): string =>
  isRegionalized(cluster) ? endpoint.regionalSrvName : endpoint.srvName

const endpointSrv = (cluster: StringsCluster, endpoint: StringsEndpoint): string =>
  `mongodb+srv://${srvNameOf(cluster, endpoint)}`

/** To routers that are balanced, with and without DNS; null where the cluster has none, or no place for that here. */
const loadBalanced = (
  { id, process }: StringsCluster,
  { targets, tls, loadBalancedSrvName }: StringsEndpoint,
): { readonly standard: string; readonly srv: string } | null => {
  const target = targets.get(id)
  if (process !== 'MONGOS' || target === undefined) return null
  const ssl = tls ? 'ssl=true&' : ''
  return {
    standard: `mongodb://${hostAndPort(target)}/?${ssl}authSource=admin&loadBalanced=true`,
    srv: `mongodb+srv://${loadBalancedSrvName}`,
  }
}

/** Atlas has such strings on AWS alone, and over one region. */
const showsLoadBalanced = (cluster: StringsCluster, { provider }: StringsEndpoint): boolean =>
  cluster.behaviour.privateStrings === 'any door' ||
  (provider === 'AWS' && (isRegionalized(cluster) || new Set(cluster.members.map(({ region }) => region)).size === 1))

/**
 * The listener's hosts, or where there is none the deployment's own; null until there is a member to name, and in a group that
 * hands out private ways alone.
 */
const standardString = (cluster: StringsCluster): string | null => {
  const { listener, privateOnly, state } = cluster
  const hosts = listedMembers(cluster.members).flatMap(({ id, hostPort }) => {
    const target = listener?.targets.get(id)
    return listener === null ? [hostPort] : target === undefined ? [] : [hostAndPort(target)]
  })
  if (privateOnly || state === 'CREATING' || hosts.length === 0) return null
  return `mongodb://${hosts.join(',')}/?${options(cluster, listener !== null || cluster.tls)}`
}

/** Both strings through the standard listener; null where there is none, or no port of it yet. */
export const standardListenerStrings = (
  cluster: StringsCluster,
): { readonly standard: string; readonly srv: string } | null => {
  const standard = cluster.listener === null ? null : standardString(cluster)
  return standard === null || cluster.standardSrvName === null
    ? null
    : { standard, srv: `mongodb+srv://${cluster.standardSrvName}` }
}

/**
 * `connectionStrings` of a cluster description, keys in Atlas's order. `endpoints` are the AVAILABLE endpoints of the
 * group. `standardSrv` is left out unless the cluster has a standard listener or Atlas's behaviour is asked for: without a
 * listener nothing resolves it, and clients prefer SRV wherever they see one; only while an M0 or Flex cluster is CREATING it stands alone, as recorded.
 */
export const connectionStrings = (
  cluster: StringsCluster,
  endpoints: readonly StringsEndpoint[],
): ConnectionStrings => {
  const sharded = cluster.type !== 'REPLICASET'
  const standard = standardString(cluster)
  const standardSrv =
    cluster.standardSrvName === null || cluster.privateOnly
      ? {}
      : { standardSrv: `mongodb+srv://${cluster.standardSrvName}` }
  if (cluster.state === 'CREATING' && isSharedTier(cluster.tier)) return standardSrv
  const serving = shownEndpoints(cluster, endpoints)
  const aws = serving.filter(({ provider }) => provider === 'AWS')
  const awsNames = aws.filter((each) => showsSrv(cluster, each))
  return {
    ...(aws.length > 0 && {
      awsPrivateLink: Object.fromEntries(aws.map((each) => [each.cloudId, endpointStandard(cluster, each)])),
    }),
    ...((awsNames.length > 0 || sharded) && {
      awsPrivateLinkSrv: Object.fromEntries(awsNames.map((each) => [each.cloudId, endpointSrv(cluster, each)])),
    }),
    ...((serving.length > 0 || sharded) && { privateEndpoint: serving.map((each) => element(cluster, each)) }),
    ...(standard !== null && { standard }),
    ...(standard !== null && (cluster.listener !== null || cluster.behaviour.srvStrings === 'always') && standardSrv),
  }
}

/** In the address form there is no DNS to ask, and a client that sees an SRV string takes it. */
const showsSrv = ({ behaviour }: StringsCluster, { form }: StringsEndpoint): boolean =>
  form === 'name' || behaviour.srvStrings === 'always'

const element = (
  cluster: StringsCluster,
  endpoint: StringsEndpoint,
): NonNullable<ConnectionStrings['privateEndpoint']>[number] => {
  const balanced = showsLoadBalanced(cluster, endpoint) ? loadBalanced(cluster, endpoint) : null
  return {
    connectionString: endpointStandard(cluster, endpoint),
    endpoints: [{ endpointId: endpoint.cloudId, providerName: endpoint.provider, region: endpoint.region }],
    ...(showsSrv(cluster, endpoint) && {
      srvConnectionString: endpointSrv(cluster, endpoint),
      ...(balanced && { srvShardOptimizedConnectionString: balanced.srv }),
    }),
    type: cluster.process,
  }
}

/** What Postern's own connectionStrings route answers: every form for every endpoint, or why there are none. */
export const endpointConnectionStrings = (
  cluster: StringsCluster,
  endpoints: readonly StringsEndpoint[],
): EndpointConnectionStrings => {
  const serving = servingEndpoints(cluster, endpoints)
  const missing = isSharedTier(cluster.tier) || isRegionalized(cluster) ? [] : missingRegions(cluster, endpoints)
  return {
    reason: serving.length > 0 ? null : whyNone(cluster, endpoints, missing),
    ready: serving.length > 0,
    standard: standardString(cluster),
    missing: missing.map(({ provider, regions }) => ({ provider, regions: [...regions] })),
    endpoints: serving.map((endpoint) => ({
      endpointId: endpoint.cloudId,
      provider: endpoint.provider,
      region: endpoint.region,
      form: endpoint.form,
      recommended: endpoint.form === 'name' ? endpointSrv(cluster, endpoint) : endpointStandard(cluster, endpoint),
      standard: endpointStandard(cluster, endpoint),
      srv: endpointSrv(cluster, endpoint),
      loadBalanced: loadBalanced(cluster, endpoint),
      direct: directStrings(cluster, endpoint),
      names: [
        ...endpoint.hostNames,
        srvNameOf(cluster, endpoint),
        ...(loadBalanced(cluster, endpoint) === null ? [] : [endpoint.loadBalancedSrvName]),
      ],
    })),
  }
}

const directStrings = (
  cluster: StringsCluster,
  endpoint: StringsEndpoint,
): EndpointConnectionStrings['endpoints'][number]['direct'] =>
  membersOf(cluster, endpoint).flatMap(({ id, hostPort }) => {
    const target = endpoint.targets.get(id)
    if (target === undefined) return []
    const ssl = endpoint.tls ? 'ssl=true&' : ''
    const string = `mongodb://${hostAndPort(target)}/?${ssl}authSource=admin&directConnection=true`
    return [{ member: hostPort, connectionString: string }]
  })

const whyNone = (
  cluster: StringsCluster,
  endpoints: readonly StringsEndpoint[],
  missing: readonly MissingRegions[],
): string => {
  if (isSharedTier(cluster.tier)) {
    return `${cluster.tier} clusters have no private endpoints; a dedicated tier (M10 and up) has them.`
  }
  if (cluster.state === 'CREATING') return 'The cluster is still being created.'
  if (cluster.members.length === 0) return 'No member of the cluster is known yet.'
  const barred = endpoints.filter(({ opens }) => !opens).map(({ cloudId }) => cloudId)
  const bars = barred.length === 0 ? '' : ` The policy of ${barred.join(', ')} leaves this cluster out.`
  if (missing.length > 0) {
    const where = missing.map(({ provider, regions }) => `${provider} ${regions.join(', ')}`).join('; ')
    return `No AVAILABLE private endpoint in: ${where}.${bars}`
  }
  return endpoints.length === 0
    ? 'The project has no AVAILABLE private endpoint.'
    : `No endpoint has a port for a member of this cluster yet.${bars}`
}
