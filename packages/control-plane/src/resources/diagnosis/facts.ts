// What the control plane knows of what was asked about, gathered from rows and clouds once; judge.ts decides over it
// alone. What is asked about narrows what is looked at (scope.ts): a broken endpoint elsewhere in the project is no
// finding about this one.

import type { CloudProvider } from '@postern/contract/cloud'
import { opensCluster } from '@postern/contract/endpoint-policy'
import { routes } from '@postern/contract/routes'
import type { DiagnosisQuestion } from '@postern/contract/schemas/diagnosis'
import { type Feed, feeds } from '@postern/contract/snapshot'
import type { Selectable } from 'kysely'
import type { Actor } from '../../http/handler.ts'
import { may } from '../../http/may.ts'
import { loadEdgeIdentities } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import type { ListedConsumer, Providers } from '../../providers/provider.ts'
import type { Failing } from '../../reconcile/turns.ts'
import { groupedBy } from '../../snapshots/grouped.ts'
import type { Tables } from '../../store/tables.ts'
import { endpointConnectionStrings, type MissingRegions, missingRegions } from '../cluster/connection-strings.ts'
import { endpointsFor, groupDoors, type LoadedCluster, loadCluster, membersOf } from '../cluster/rows.ts'
import type { EdgeNews } from '../edge/news.ts'
import { loadReports } from '../edge/reports.ts'
import { edgeSight } from '../edge/sight.ts'
import { regionalModeFacts, regionalModeProblem } from '../endpoint-service/regional-mode.ts'
import { parseService, type ServiceRow } from '../endpoint-service/row.ts'
import { liveEntries } from '../group-access-list/entry.ts'
import type { ReportedFeed } from '../private-endpoint/acknowledged.ts'
import { endpointTargets } from '../private-endpoint/advertised.ts'
import { serviceFollows } from '../private-endpoint/change.ts'
import { type EndpointRow, parseEndpoint } from '../private-endpoint/row.ts'
import { listenerAddress } from '../standard-listener/address.ts'
import { accessRanges } from '../standard-listener/ranges.ts'
import { attachedConsumers, failingTurns, type Look, listConsumers, lookAtEndpoints } from './clouds.ts'
import { type HiddenUnknownAt, hiddenUnknownAt } from './hidden-unknown.ts'
import { lookPastEndpoints, type PastEndpoints } from './past-endpoints.ts'
import { type Room, roomsOf } from './rooms.ts'
import { hostPort, type ListenerFacts, type Scope, scopeOf } from './scope.ts'

export type EndpointFacts = EndpointRow & {
  /** `host:port` by member id. */
  readonly targets: ReadonlyMap<string, string>
}
type UserFacts = Selectable<Tables['database_user']>

/** `services`, `endpoints`, `clusters` and what follows from them are those in scope. */
export interface Facts extends Scope {
  readonly now: number
  readonly question: DiagnosisQuestion
  readonly mayChange: boolean
  /** Null: nobody who is known. */
  readonly askedBy: Actor['kind'] | null
  readonly reports: readonly ReportedFeed[]
  /** Edges of which the asker is shown all that they say. */
  readonly ownEdges: ReadonlySet<string>
  /** By which ids gateways report what they serve of this project. */
  readonly atGateways: ReadonlySet<string>
  readonly published: readonly {
    readonly feed: Feed
    readonly epoch: string
    readonly n: number
    readonly at: number
  }[]
  /** Of the one cluster that was asked about. */
  readonly missing: readonly MissingRegions[]
  /** Of the whole project, as the next four. */
  readonly everyClusterName: readonly string[]
  readonly everyService: readonly ServiceRow[]
  readonly everyEndpoint: readonly EndpointFacts[]
  /** The project hands out private connection strings alone. */
  readonly privateOnly: boolean
  readonly regionalMode: {
    readonly on: boolean
    /** Why it cannot be switched; null: it can. */
    readonly problem: string | null
  }
  /** Whether a last endpoint that had been AVAILABLE, or never was, takes its service along. */
  readonly lastTakesService: (endpoint: EndpointRow) => boolean
  readonly looks: ReadonlyMap<string, Look>
  readonly failing: ReadonlyMap<string, Failing>
  readonly consumers: ReadonlyMap<CloudProvider, readonly ListedConsumer[]>
  /** See `attachedConsumers`. */
  readonly attached: ReadonlySet<string>
  readonly rooms: readonly Room[]
  /** Undefined: no user was named, or the project has none of that name. */
  readonly user: UserFacts | undefined
  /** Of the clusters that were asked about, in their order; empty where the whole installation was. */
  readonly past: readonly PastEndpoints[]
  /** Of the registered deployments in scope. */
  readonly hiddenUnknown: readonly HiddenUnknownAt[]
  /** Endpoints that the edges are to serve and that lead to what was asked about. */
  readonly serving: readonly EndpointFacts[]
  /** Their `host:port`s where somebody may be let in: a policy refuses everybody at the ports of clusters that it leaves out. */
  readonly served: readonly string[]
}

type World = Pick<Parts, 'store' | 'clock' | 'ids' | 'seal' | 'settings' | 'turns'> & {
  readonly providers: Providers
  readonly news: EdgeNews
}

interface Asked {
  readonly groupId: string
  readonly question: DiagnosisQuestion
  readonly actor: Actor | null
  readonly signal: AbortSignal
}

/** Throws GROUP_NOT_FOUND. */
export const gatherFacts = async (world: World, { groupId, question, actor, signal }: Asked): Promise<Facts> => {
  const { store, clock, settings, providers } = world
  const { read } = store
  const doors = await groupDoors(read, groupId, settings)
  const group = await read
    .selectFrom('group')
    .select(['org_id', 'regional_mode'])
    .where('id', '=', groupId)
    .executeTakeFirstOrThrow()
  const everyService = await servicesOf(read, groupId)
  const everyEndpoint = await endpointsOf(read, groupId)
  const clusters = await clustersOf(read, groupId, doors)
  const everyRoad = clusters.flatMap((cluster) =>
    endpointConnectionStrings(cluster.strings, endpointsFor(cluster.row.name, doors)).endpoints.map((each) => ({
      clusterName: cluster.row.name,
      endpointId: each.endpointId,
      region: `${each.provider} ${each.region}`,
      connectionString: each.recommended,
      names: each.names,
    })),
  )
  const listeners = await listenersOf({ read, clock, settings }, groupId)
  const gatewayPorts = await gatewayPortsOf(read, groupId)
  const scope = scopeOf(question, {
    services: everyService,
    endpoints: everyEndpoint,
    clusters,
    everyRoad,
    gatewayPorts,
    listeners,
  })
  const [only] = scope.about === 'CLUSTER' ? scope.clusters : []
  const missing = only === undefined ? [] : missingRegions(only.strings, endpointsFor(only.row.name, doors))
  const inMissing = ({ provider, region }: ServiceRow): boolean =>
    missing.some((each) => each.provider === provider && each.regions.includes(region))
  const services = only === undefined ? scope.services : everyService.filter(inMissing)
  const endpoints =
    only === undefined
      ? scope.endpoints
      : everyEndpoint.filter(({ serviceId }) => services.some(({ id }) => id === serviceId))
  const inScope = new Set(scope.endpoints)
  const onRoads = new Set(scope.roads.map(({ endpointId }) => endpointId))
  const serving = everyEndpoint.filter(
    (each) => each.phase === 'AVAILABLE' && !each.deleteRequested && (inScope.has(each) || onRoads.has(each.cloudId)),
  )
  const servingIds = new Set(serving.map(({ serviceId }) => serviceId))
  const servingServices = everyService.filter(({ id }) => servingIds.has(id))
  const reports = await loadReports(read, feeds, { id: groupId, orgId: group.org_id })
  return {
    ...scope,
    services,
    endpoints,
    now: clock.now(),
    privateOnly: doors.privateOnly,
    question,
    askedBy: actor?.kind ?? null,
    mayChange:
      actor !== null &&
      may(routes.createGroupPrivateEndpointEndpointService.access, actor, {
        group: { id: groupId, orgId: group.org_id },
      }) === 'yes',
    reports,
    ownEdges: await ownEdges(read, reports, actor),
    atGateways: new Set([
      ...[...gatewayPorts, ...(await standardPortsOf(read, groupId))].map(String),
      ...[...everyEndpoint, ...listeners].map(({ id }) => id),
    ]),
    published: await publishedOf(read),
    missing,
    everyClusterName: clusters.map(({ row }) => row.name),
    everyService,
    everyEndpoint,
    regionalMode: {
      on: group.regional_mode,
      problem: regionalModeProblem(!group.regional_mode, await regionalModeFacts(read, groupId)),
    },
    lastTakesService: (endpoint) => serviceFollows(endpoint, { lastEndpoint: doors.behaviour.lastEndpoint, settings }),
    looks: await lookAtEndpoints(world, endpoints, everyService),
    failing: await failingTurns(
      world,
      services.map(({ id }) => id),
      endpoints.map(({ id }) => id),
    ),
    consumers: await listConsumers(providers),
    attached: await attachedConsumers(world),
    rooms: await roomsOf(world, servingServices, clusters),
    serving,
    served: serving.flatMap((endpoint) => openTargets(endpoint, clusters)),
    past:
      scope.about === 'INSTALLATION'
        ? []
        : await lookPastEndpoints(world, {
            clusters: scope.clusters,
            endpoints: [...everyEndpoint, ...listeners].map(({ id }) => id),
            isReached: ({ row }) => everyRoad.some(({ clusterName }) => clusterName === row.name),
            signal,
          }),
    hiddenUnknown: hiddenUnknownAt(world, scope.clusters),
    user: question.username === undefined ? undefined : await userOf(read, groupId, question),
  }
}

/** `host:port` of members, and of clusters as a whole, that the policy does not leave out. */
const openTargets = ({ policy, targets }: EndpointFacts, clusters: readonly LoadedCluster[]): readonly string[] => {
  const shut = new Set(
    clusters
      .filter(({ row }) => !opensCluster(policy, row.name))
      .flatMap(({ strings }) => [strings.id, ...strings.members.map(({ id }) => id)]),
  )
  return [...targets].filter(([id]) => !shut.has(id)).map(([, target]) => target)
}

type Read = Parts['store']['read']

const servicesOf = async (read: Read, groupId: string): Promise<readonly ServiceRow[]> =>
  (await read.selectFrom('endpoint_service').selectAll().where('group_id', '=', groupId).execute()).map(parseService)

const endpointsOf = async (read: Read, groupId: string): Promise<readonly EndpointFacts[]> => {
  const rows = await read.selectFrom('private_endpoint').selectAll().where('group_id', '=', groupId).execute()
  const ports = await read
    .selectFrom('member_port')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'member_port.service_id')
    .select(['member_port.service_id', 'member_port.member_id', 'member_port.slot'])
    .where('endpoint_service.group_id', '=', groupId)
    .execute()
  const portsOf = groupedBy(ports, ({ service_id }) => service_id)
  return rows.map((row) => {
    const targets = [...endpointTargets(row, portsOf.get(row.service_id) ?? [])]
    return {
      ...parseEndpoint(row),
      targets: new Map(targets.map(([id, { host, port }]) => [id, hostPort(host, port)] as const)),
    }
  })
}

const clustersOf = async (
  read: Read,
  groupId: string,
  doors: Parameters<typeof loadCluster>[2],
): Promise<readonly LoadedCluster[]> => {
  const rows = await read.selectFrom('cluster').selectAll().where('group_id', '=', groupId).execute()
  const members = await membersOf(
    read,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => loadCluster(row, members.get(row.id) ?? [], doors))
}

const gatewayPortsOf = async (read: Read, groupId: string): Promise<ReadonlySet<number>> => {
  const rows = await read
    .selectFrom('member_port')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'member_port.service_id')
    .select('member_port.gateway_port')
    .where('endpoint_service.group_id', '=', groupId)
    .execute()
  return new Set(rows.map(({ gateway_port }) => gateway_port))
}

const standardPortsOf = async (read: Read, groupId: string): Promise<readonly number[]> => {
  const rows = await read
    .selectFrom('standard_port')
    .innerJoin('member', 'member.id', 'standard_port.member_id')
    .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
    .select('gateway_port')
    .where('cluster.group_id', '=', groupId)
    .execute()
  return rows.map(({ gateway_port }) => gateway_port)
}

const ownEdges = async (
  read: Read,
  reports: readonly ReportedFeed[],
  actor: Actor | null,
): Promise<ReadonlySet<string>> => {
  if (actor === null) return new Set()
  const identities = await loadEdgeIdentities(read)
  const seesWhole = await edgeSight(read, actor)
  return new Set(reports.map(({ edge }) => edge).filter((edge) => seesWhole(identities.get(edge) ?? null)))
}

const listenersOf = async (
  { read, clock, settings }: Pick<World, 'clock' | 'settings'> & { readonly read: Read },
  groupId: string,
): Promise<readonly ListenerFacts[]> => {
  const rows = await read
    .selectFrom('standard_listener')
    .innerJoin('cluster', 'cluster.id', 'standard_listener.cluster_id')
    .innerJoin('group', 'group.id', 'cluster.group_id')
    .select(['standard_listener.id', 'cluster_id', 'cluster.name', 'group.hash', 'group.private_only', 'enabled'])
    .where('group.id', '=', groupId)
    .execute()
  if (rows.length === 0) return []
  const ports = await read
    .selectFrom('standard_port')
    .innerJoin('member', 'member.id', 'standard_port.member_id')
    .select(['cluster_id', 'gateway_port'])
    .execute()
  const portsOf = groupedBy(ports, ({ cluster_id }) => cluster_id)
  const entries = await liveEntries(read, groupId, clock.now()).select(['value', 'delete_after']).execute()
  return rows.map(({ id, cluster_id: clusterId, name: clusterName, hash, private_only: privateOnly, enabled }) => {
    const { host, name, srv } = listenerAddress(clusterName, hash, settings)
    const own = (portsOf.get(clusterId) ?? []).flatMap(({ gateway_port: port }) =>
      [host, name].map((each) => hostPort(each.toLowerCase(), port)),
    )
    return {
      id,
      clusterId,
      clusterName,
      open: enabled && !privateOnly,
      known: new Set([...own, name, srv]),
      letsIn: accessRanges(entries).length,
    }
  })
}

const publishedOf = async (read: Read): Promise<Facts['published']> =>
  (await read.selectFrom('snapshot').select(['feed', 'epoch', 'n', 'created']).execute()).flatMap((row) =>
    feeds.flatMap((feed) =>
      feed === row.feed ? [{ feed, epoch: row.epoch, n: row.n, at: row.created.getTime() }] : [],
    ),
  )

const userOf = (read: Read, groupId: string, { username = '', databaseName = 'admin' }: DiagnosisQuestion) =>
  read
    .selectFrom('database_user')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('username', '=', username)
    .where('database_name', '=', databaseName)
    .where('delete_requested', '=', false)
    .executeTakeFirst()
