// What of a project belongs to a question: all of it, one cluster, one service, one endpoint, or the hosts of a
// connection string. Pure.

import type { Diagnosis, DiagnosisQuestion } from '@postern/contract/schemas/diagnosis'
import type { LoadedCluster } from '../cluster/rows.ts'
import type { ServiceRow } from '../endpoint-service/row.ts'
import type { EndpointFacts } from './facts.ts'

export interface Scope {
  readonly about: 'INSTALLATION' | 'CLUSTER' | 'SERVICE' | 'ENDPOINT' | 'HOSTS' | 'NOTHING'
  readonly services: readonly ServiceRow[]
  readonly endpoints: readonly EndpointFacts[]
  readonly clusters: readonly LoadedCluster[]
  /** Of the hosts that were asked about: those that nobody here has, that are members themselves, or the gateway. */
  readonly hosts: {
    readonly unknown: readonly string[]
    readonly members: readonly string[]
    readonly gateway: readonly string[]
    /** Those of standard listeners, open or not. */
    readonly listeners: readonly { readonly host: string; readonly listener: ListenerFacts }[]
  }
  readonly roads: Diagnosis['roads']
}

/** A standard listener that was ever on. */
export interface ListenerFacts {
  readonly id: string
  readonly clusterName: string
  readonly clusterId: string
  /** The gateways are to serve it. */
  readonly open: boolean
  /** `host:port`, and names in our zone. */
  readonly known: ReadonlySet<string>
  /** Entries of the access list that let somebody in. */
  readonly letsIn: number
}

export interface Everything {
  readonly services: readonly ServiceRow[]
  readonly endpoints: readonly EndpointFacts[]
  readonly clusters: readonly LoadedCluster[]
  /** `names`: of the endpoint in our zone. */
  readonly everyRoad: readonly (Diagnosis['roads'][number] & { readonly names: readonly string[] })[]
  readonly gatewayPorts: ReadonlySet<number>
  readonly listeners: readonly ListenerFacts[]
}

const noHosts = { unknown: [], members: [], gateway: [], listeners: [] } as const

export function scopeOf({ target, hosts }: DiagnosisQuestion, all: Everything): Scope {
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
  const service = services.find(({ id }) => id === target)
  const named = endpoints.filter((each) =>
    service === undefined
      ? each.cloudId.toLowerCase() === target.toLowerCase() || each.id === target
      : each.serviceId === service.id,
  )
  return {
    about: service !== undefined ? 'SERVICE' : named.length > 0 ? 'ENDPOINT' : 'NOTHING',
    services: service === undefined ? servicesOf(named, services) : [service],
    endpoints: named,
    clusters: [],
    hosts: noHosts,
    roads: roads.filter(({ endpointId }) => named.some(({ cloudId }) => cloudId === endpointId)),
  }
}

const servicesOf = (endpoints: readonly EndpointFacts[], services: readonly ServiceRow[]): readonly ServiceRow[] =>
  services.filter(({ id }) => endpoints.some(({ serviceId }) => serviceId === id))

function hostsScope(hosts: readonly string[], all: Everything): Scope {
  const { services, endpoints, clusters, everyRoad, gatewayPorts, listeners } = all
  const asked = hosts.map((host) => host.toLowerCase())
  const byName = everyRoad.filter(({ names }) => names.some((name) => asked.includes(name.toLowerCase())))
  const leadsHere = (each: EndpointFacts): boolean =>
    [...each.targets.values()].some((target) => asked.includes(target)) ||
    byName.some(({ endpointId }) => endpointId === each.cloudId)
  const named = endpoints.filter(leadsHere)
  const memberIds = new Set(
    named.flatMap(({ targets }) => [...targets].filter(([, at]) => asked.includes(at)).map(([id]) => id)),
  )
  const everyMember = clusters.flatMap(({ strings }) => strings.members)
  const direct = everyMember.filter(({ hostPort: at }) => asked.includes(at.toLowerCase()))
  const atListeners = asked.flatMap((host) => {
    const listener = listeners.find((each) => each.known.has(host))
    return listener === undefined ? [] : [{ host, listener }]
  })
  const known = new Set([
    ...named.flatMap(({ targets }) => [...targets.values()]),
    ...byName.flatMap(({ names }) => names.map((name) => name.toLowerCase())),
    ...direct.map(({ hostPort: at }) => at.toLowerCase()),
    ...atListeners.map(({ host }) => host),
  ])
  const strangers = asked.filter((host) => !known.has(host))
  const isGateways = (host: string): boolean => gatewayPorts.has(Number(/:(\d+)$/.exec(host)?.[1]))
  const isMeant = ({ row, strings }: LoadedCluster): boolean =>
    byName.some(({ clusterName }) => clusterName === row.name) ||
    memberIds.has(strings.id) ||
    atListeners.some(({ listener }) => listener.clusterId === row.id) ||
    strings.members.some((member) => memberIds.has(member.id) || direct.includes(member))
  return {
    about: 'HOSTS',
    services: servicesOf(named, services),
    endpoints: named,
    clusters: clusters.filter(isMeant),
    hosts: {
      unknown: strangers.filter((host) => !isGateways(host)),
      members: direct.map(({ hostPort: at }) => at),
      gateway: strangers.filter(isGateways),
      listeners: atListeners,
    },
    roads: [],
  }
}

export const hostPort = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host.toLowerCase()}:${port}`
