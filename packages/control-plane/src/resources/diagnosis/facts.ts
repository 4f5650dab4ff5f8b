// What the control plane knows of what was asked about, gathered from rows once; judge.ts decides over it alone. What is
// asked about narrows what is looked at: a broken endpoint elsewhere in the project is no finding about this one.

import type { Diagnosis, DiagnosisQuestion } from '@postern/contract/schemas/diagnosis'
import { type Feed, feeds } from '@postern/contract/snapshot'
import type { Selectable } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { endpointConnectionStrings, type MissingRegions, missingRegions } from '../cluster/connection-strings.ts'
import { endpointsFor, groupDoors, type LoadedCluster, loadCluster, membersOf } from '../cluster/rows.ts'
import { loadReports } from '../edge/reports.ts'
import type { ReportedFeed } from '../private-endpoint/acknowledged.ts'
import { endpointTargets } from '../private-endpoint/advertised.ts'

export type EndpointFacts = Selectable<Tables['private_endpoint']> & { readonly targets: ReadonlyMap<string, string> }
type ServiceFacts = Selectable<Tables['endpoint_service']>
type UserFacts = Selectable<Tables['database_user']>

export interface Facts {
  readonly now: number
  readonly question: DiagnosisQuestion
  readonly about: 'INSTALLATION' | 'CLUSTER' | 'ENDPOINT' | 'HOSTS' | 'NOTHING'
  readonly reports: readonly ReportedFeed[]
  readonly published: readonly {
    readonly feed: Feed
    readonly epoch: string
    readonly n: number
    readonly at: number
  }[]
  /** In scope, as everything below. */
  readonly services: readonly ServiceFacts[]
  readonly endpoints: readonly EndpointFacts[]
  readonly clusters: readonly LoadedCluster[]
  /** Of the one cluster that was asked about. */
  readonly missing: readonly MissingRegions[]
  /** Of the hosts that were asked about: those that nobody here has, and those that are members themselves. */
  readonly hosts: { readonly unknown: readonly string[]; readonly members: readonly string[] }
  /** Undefined: no user was named, or the project has none of that name. */
  readonly user: UserFacts | undefined
  readonly roads: Diagnosis['roads']
  /** Endpoints that the edges are to serve and that lead to what was asked about. */
  readonly serving: readonly EndpointFacts[]
}

/** Throws GROUP_NOT_FOUND. */
export const gatherFacts = async (
  { store, clock, settings }: Pick<Parts, 'store' | 'clock' | 'settings'>,
  groupId: string,
  question: DiagnosisQuestion,
): Promise<Facts> => {
  const { read } = store
  const doors = await groupDoors(read, groupId, settings)
  const services = await read.selectFrom('endpoint_service').selectAll().where('group_id', '=', groupId).execute()
  const clusterRows = await read.selectFrom('cluster').selectAll().where('group_id', '=', groupId).execute()
  const members = await membersOf(
    read,
    clusterRows.map(({ id }) => id),
  )
  const ports = await read
    .selectFrom('member_port')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'member_port.service_id')
    .select(['member_port.service_id', 'member_port.member_id', 'member_port.slot'])
    .where('endpoint_service.group_id', '=', groupId)
    .execute()
  const endpointRows = await read.selectFrom('private_endpoint').selectAll().where('group_id', '=', groupId).execute()
  const endpoints = endpointRows.map((row) => {
    const own = ports.filter(({ service_id }) => service_id === row.service_id)
    const targets = [...endpointTargets(row, own)].map(([id, { host, port }]) => [id, hostPort(host, port)] as const)
    return { ...row, targets: new Map(targets) }
  })
  const clusters = clusterRows.map((row) => loadCluster(row, members.get(row.id) ?? [], doors))
  const everyRoad = clusters.flatMap((cluster) =>
    endpointConnectionStrings(cluster.strings, endpointsFor(cluster.row.name, doors)).endpoints.map((each) => ({
      clusterName: cluster.row.name,
      endpointId: each.endpointId,
      connectionString: each.recommended,
      names: each.names,
    })),
  )
  const { about, ...scope } = scopeOf(question, { services, endpoints, clusters, everyRoad })
  const [only] = about === 'CLUSTER' ? scope.clusters : []
  const missing = only === undefined ? [] : missingRegions(only.strings, endpointsFor(only.row.name, doors))
  const inMissing = ({ provider, region }: ServiceFacts): boolean =>
    missing.some((each) => each.provider === provider && each.regions.includes(region))
  const missed = only === undefined ? [] : services.filter(inMissing)
  return {
    now: clock.now(),
    question,
    about,
    reports: await loadReports(read),
    published: (await read.selectFrom('snapshot').select(['feed', 'epoch', 'n', 'created']).execute()).flatMap((row) =>
      feeds.flatMap((feed) =>
        feed === row.feed ? [{ feed, epoch: row.epoch, n: row.n, at: row.created.getTime() }] : [],
      ),
    ),
    ...scope,
    ...(only !== undefined && {
      services: missed,
      endpoints: endpoints.filter(({ service_id }) => missed.some(({ id }) => id === service_id)),
    }),
    missing,
    serving: endpoints.filter(
      (each) =>
        each.phase === 'AVAILABLE' &&
        !each.delete_requested &&
        (scope.endpoints.includes(each) || scope.roads.some(({ endpointId }) => endpointId === each.cloud_id)),
    ),
    user: question.username === undefined ? undefined : await loadUser(question.username),
  }

  function loadUser(username: string): Promise<UserFacts | undefined> {
    return read
      .selectFrom('database_user')
      .selectAll()
      .where('group_id', '=', groupId)
      .where('username', '=', username)
      .where('database_name', '=', question.databaseName ?? 'admin')
      .where('delete_requested', '=', false)
      .executeTakeFirst()
  }
}

interface Everything {
  readonly services: readonly ServiceFacts[]
  readonly endpoints: readonly EndpointFacts[]
  readonly clusters: readonly LoadedCluster[]
  readonly everyRoad: readonly (Diagnosis['roads'][number] & { readonly names: readonly string[] })[]
}

type Scope = Pick<Facts, 'about' | 'services' | 'endpoints' | 'clusters' | 'hosts'> & { roads: Diagnosis['roads'] }

const noHosts = { unknown: [], members: [] } as const

function scopeOf({ target, hosts }: DiagnosisQuestion, all: Everything): Scope {
  const { services, endpoints, clusters, everyRoad } = all
  const isUp = ({ clusterName }: Diagnosis['roads'][number]): boolean =>
    clusters.some(({ row, spec }) => row.name === clusterName && !spec.paused)
  const roads = everyRoad.filter(isUp).map(({ names: _, ...road }) => road)
  if (hosts !== undefined) return hostsScope(hosts, all)
  if (target === undefined) return { about: 'INSTALLATION', services, endpoints, clusters, hosts: noHosts, roads }
  const cluster = clusters.find(({ row }) => row.name === target)
  if (cluster !== undefined) {
    const own = roads.filter(({ clusterName }) => clusterName === target)
    return { about: 'CLUSTER', services: [], endpoints: [], clusters: [cluster], hosts: noHosts, roads: own }
  }
  const named = endpoints.filter((each) => each.cloud_id.toLowerCase() === target.toLowerCase() || each.id === target)
  const own = roads.filter(({ endpointId }) => named.some(({ cloud_id }) => cloud_id === endpointId))
  return { ...through(named, services), clusters: [], hosts: noHosts, roads: own }
}

const through = (named: readonly EndpointFacts[], services: readonly ServiceFacts[]) => ({
  about: named.length === 0 ? ('NOTHING' as const) : ('ENDPOINT' as const),
  services: services.filter(({ id }) => named.some(({ service_id }) => service_id === id)),
  endpoints: named,
})

function hostsScope(hosts: readonly string[], { services, endpoints, clusters, everyRoad }: Everything): Scope {
  const asked = hosts.map((host) => host.toLowerCase())
  const byName = everyRoad.filter(({ names }) => names.some((name) => asked.includes(name.toLowerCase())))
  const leadsHere = (each: EndpointFacts): boolean =>
    [...each.targets.values()].some((target) => asked.includes(target)) ||
    byName.some(({ endpointId }) => endpointId === each.cloud_id)
  const named = endpoints.filter(leadsHere)
  const memberIds = new Set(
    named.flatMap(({ targets }) => [...targets].filter(([, at]) => asked.includes(at)).map(([id]) => id)),
  )
  const everyMember = clusters.flatMap(({ strings }) => strings.members)
  const direct = everyMember.filter(({ hostPort }) => asked.includes(hostPort.toLowerCase()))
  const known = new Set([
    ...named.flatMap(({ targets }) => [...targets.values()]),
    ...byName.flatMap(({ names }) => names.map((name) => name.toLowerCase())),
    ...direct.map(({ hostPort }) => hostPort.toLowerCase()),
  ])
  const isMeant = ({ row, strings }: LoadedCluster): boolean =>
    byName.some(({ clusterName }) => clusterName === row.name) ||
    strings.members.some((member) => memberIds.has(member.id) || direct.includes(member))
  return {
    ...through(named, services),
    about: 'HOSTS',
    clusters: clusters.filter(isMeant),
    hosts: { unknown: asked.filter((host) => !known.has(host)), members: direct.map(({ hostPort }) => hostPort) },
    roads: [],
  }
}

const hostPort = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host.toLowerCase()}:${port}`
