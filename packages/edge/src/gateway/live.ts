// Answers a question about the live connections (contract/edge-question.ts). Only those that are joined are meant: one
// that is not let in yet is nobody's to list or to kill.

import {
  type ConnectionFilter,
  type EdgeAnswer,
  type EdgeLimits,
  type EdgeQuestion,
  type EdgeSummary,
  type LiveConnection,
  longestSummary,
  type MemberPorts,
} from '@postern/contract/edge-question'
import type { ConnectionEnd } from './join/join.ts'
import type { RefusalCount } from './refusals.ts'
import type { JoinedConnection, OpenConnection } from './register.ts'

const killed: ConnectionEnd = { side: 'gateway', code: 'KILLED', reason: 'ended by a call of the API' }

export interface Known {
  /** Every open connection, oldest first. */
  readonly open: readonly OpenConnection[]
  readonly refusals: readonly Readonly<RefusalCount>[]
  readonly limits: EdgeLimits
  /** After so many each list of a summary is cut; by default as the answer is to be. */
  readonly longest?: number | undefined
}

/** A kill has ended them when this returns. */
export function answerQuestion(
  question: EdgeQuestion,
  { open, refusals, limits, longest = longestSummary }: Known,
): EdgeAnswer {
  const { where, from, limit } = question
  const meant = matching(where, open)
  const count = meant.length
  switch (question.do) {
    case 'list':
      return { count, connections: meant.slice(from, from + limit).map(({ live }) => told(live)) }
    case 'kill':
      for (const { connection } of meant) connection.end(killed)
      return { count, connections: [] }
    case 'summarize': {
      const live = meant.map((each) => each.live)
      return {
        count,
        connections: [],
        summary: { ...summed(live, longest), ...refusedAt(where, refusals), limits },
      }
    }
    case 'ports':
      return { count, connections: [], ports: portsOf(meant.map(({ live }) => live)) }
    default:
      return question.do satisfies never
  }
}

const matching = (
  { endpointIds, clusterId, appName, connectionId }: ConnectionFilter,
  open: readonly OpenConnection[],
) => {
  const endpoints = new Set(endpointIds)
  return open.flatMap((connection) => {
    const live = connection.live()
    const isMeant =
      live !== null &&
      endpoints.has(live.endpointId) &&
      (clusterId === null || clusterId === live.clusterId) &&
      (appName === null || appName === live.appName) &&
      (connectionId === null || connectionId === live.id)
    return isMeant ? [{ connection, live }] : []
  })
}

const told = ({
  cloudEndpointId,
  memberId,
  gatewayPort,
  memberPort,
  working,
  hellos,
  handshakeMs,
  ...live
}: JoinedConnection): LiveConnection => live

function portsOf(live: readonly JoinedConnection[]): readonly MemberPorts[] {
  const ports = new Map<string, number[]>()
  for (const { member, memberPort } of live) {
    if (memberPort === null) continue
    const known = ports.get(member)
    if (known === undefined) ports.set(member, [memberPort])
    else known.push(memberPort)
  }
  return [...ports].map(([member, of]) => ({ member, ports: of }))
}

function summed(
  live: readonly JoinedConnection[],
  longest: number,
): Pick<EdgeSummary, 'endpoints' | 'appNames' | 'sources'> {
  const count = <Key>(of: (one: JoinedConnection) => Key) => counted(live, of).slice(0, longest)
  const ofEndpoint = ({ endpointId }: JoinedConnection): string => endpointId
  const working = new Map(
    counted(
      live.filter((one) => one.working),
      ofEndpoint,
    ),
  )
  return {
    endpoints: count(ofEndpoint).map(([endpointId, connections]) => ({
      endpointId,
      connections,
      working: working.get(endpointId) ?? 0,
    })),
    appNames: count(({ appName }) => appName).map(([appName, connections]) => ({ appName, connections })),
    sources: count(({ source }) => source && hostOf(source)).map(([source, connections]) => ({ source, connections })),
  }
}

/** Most first; what is equal stays in the order of its first. */
function counted<Key>(live: readonly JoinedConnection[], of: (one: JoinedConnection) => Key): readonly [Key, number][] {
  const counts = new Map<Key, number>()
  for (const one of live) counts.set(of(one), (counts.get(of(one)) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)
}

const hostOf = (hostPort: string): string => hostPort.slice(0, hostPort.lastIndexOf(':')).replace(/^\[|\]$/g, '')

/** Latest first. */
export function refusedAt(
  { endpointIds, serviceIds }: ConnectionFilter,
  refusals: Known['refusals'],
): Required<Pick<EdgeSummary, 'refused' | 'refusedUnknown'>> {
  const [endpoints, services] = [new Set(endpointIds), new Set(serviceIds)]
  const latest = refusals.toSorted((one, other) => other.lastAt - one.lastAt)
  return {
    refused: latest
      .flatMap(({ endpointId, code, count, lastAt, lastConnection }) =>
        endpointId !== null && endpoints.has(endpointId) ? [{ endpointId, code, count, lastAt, lastConnection }] : [],
      )
      .slice(0, longestSummary),
    refusedUnknown: latest
      .flatMap(({ serviceIds, code, count, ...last }) =>
        serviceIds.filter((id) => services.has(id)).map((serviceId) => ({ serviceId, code, count, ...lastOf(last) })),
      )
      .slice(0, longestSummary),
  }
}

const lastOf = ({
  lastAt,
  lastConnection,
  lastPort,
  lastFrom,
}: Omit<RefusalCount, 'serviceIds' | 'code' | 'count'>) => ({
  lastAt,
  lastConnection,
  lastPort,
  lastFrom,
})
