// Many connections in a few numbers, over all edges: who has how many, what was turned away, and what the limits are.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import {
  type ConnectionFilter,
  type EdgeAnswer,
  type EdgeSummary,
  longestSummary,
} from '@postern/contract/edge-question'
import type { ConnectionSummary } from '@postern/contract/schemas/connection'
import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import { parseLimits } from '../private-endpoint/row.ts'
import { listenerDoors } from '../standard-listener/doors.ts'

type Told = readonly (readonly [edge: string, count: number, summary: EdgeSummary])[]

/** `answers`: of edges that were asked to summarize what `where` means; of nothing else they are believed. */
export const summaryOf = async (
  db: Kysely<Tables>,
  where: ConnectionFilter,
  answers: ReadonlyMap<string, EdgeAnswer>,
): Promise<Omit<ConnectionSummary, 'unansweredEdges'>> => {
  const told: Told = [...answers].flatMap(([edge, { count, summary }]) =>
    summary === undefined ? [] : [[edge, count, meantOf(where, summary)] as const],
  )
  return {
    connections: told.reduce((sum, [, count]) => sum + count, 0),
    endpoints: await endpointsOf(db, told),
    endpointServices: await servicesOf(db, told),
    appNames: [
      ...added(told.flatMap(([, , { appNames }]) => appNames.map((each) => [each.appName, each.connections]))),
    ].map(([appName, connections]) => ({ appName, connections })),
    sources: [
      ...added(told.flatMap(([, , { sources }]) => sources.map((each) => [each.source, each.connections]))),
    ].map(([source, connections]) => ({ source, connections })),
    gateways: told.map(([edge, connections, { limits }]) => ({
      edge,
      connections,
      connectionsPerEndpointLimit: limits.connectionsPerEndpoint,
      newPerSecondPerEndpointLimit: limits.newPerSecondPerEndpoint,
      connectionsLimit: limits.connections,
    })),
  }
}

function meantOf({ endpointIds, serviceIds }: ConnectionFilter, summary: EdgeSummary): EdgeSummary {
  const [endpoints, services] = [new Set(endpointIds), new Set(serviceIds)]
  return {
    ...summary,
    endpoints: summary.endpoints.filter(({ endpointId }) => endpoints.has(endpointId)),
    refused: summary.refused.filter(({ endpointId }) => endpoints.has(endpointId)),
    refusedUnknown: summary.refusedUnknown?.filter(({ serviceId }) => services.has(serviceId)),
  }
}

/** Most first. */
const added = <Key>(counts: readonly (readonly [Key, number])[]): ReadonlyMap<Key, number> => {
  const sums = new Map<Key, number>()
  for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count)
  return new Map([...sums].sort(([, one], [, other]) => other - one).slice(0, longestSummary))
}

const endpointsOf = async (db: Kysely<Tables>, told: Told): Promise<ConnectionSummary['endpoints']> => {
  const connections = added(
    told.flatMap(([, , { endpoints }]) => endpoints.map((each) => [each.endpointId, each.connections])),
  )
  const working = added(
    told.flatMap(([, , { endpoints }]) => endpoints.map((each) => [each.endpointId, each.working ?? each.connections])),
  )
  const refused = told.flatMap(([, , summary]) => summary.refused)
  const ids = [...new Set([...connections.keys(), ...refused.map(({ endpointId }) => endpointId)])]
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('private_endpoint')
    .select(['id', 'cloud_id', 'service_id', 'provider', 'limits'])
    .where('id', 'in', ids)
    .execute()
  const listeners = (await listenerDoors(db, ids)).map((door) => ({ ...door, limits: null }))
  const byId = new Map([...rows, ...listeners].map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (row === undefined || !isCloudProvider(row.provider)) return []
    const cloudProvider: CloudProvider = row.provider
    const limits = parseLimits(row.limits)
    return [
      {
        endpointId: row.cloud_id,
        endpointServiceId: row.service_id,
        cloudProvider,
        connections: connections.get(id) ?? 0,
        working: working.get(id) ?? 0,
        connectionsLimit: limits.connections,
        newPerSecondLimit: limits.newPerSecond,
        refused: refusedBy(refused.filter(({ endpointId }) => endpointId === id)),
      },
    ]
  })
}

const servicesOf = async (db: Kysely<Tables>, told: Told): Promise<ConnectionSummary['endpointServices']> => {
  const refused = told.flatMap(([edge, , { refusedUnknown = [] }]) => refusedUnknown.map((each) => ({ ...each, edge })))
  const ids = [...new Set(refused.map(({ serviceId }) => serviceId))]
  if (ids.length === 0) return []
  const rows = await db.selectFrom('endpoint_service').select(['id', 'provider']).where('id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const provider = byId.get(id)?.provider
    if (provider === undefined || !isCloudProvider(provider)) return []
    const last = summedBy(refused.filter(({ serviceId }) => serviceId === id))
    return [
      {
        endpointServiceId: id,
        cloudProvider: provider,
        refused: last.map(({ edge, lastPort, lastFrom, ...each }) => ({
          ...view(each),
          lastEdge: edge,
          lastPort,
          lastFrom,
        })),
      },
    ]
  })
}

const refusedBy = (refused: EdgeSummary['refused']): ConnectionSummary['endpoints'][number]['refused'] =>
  summedBy(refused).map(view)

type Refused = Omit<EdgeSummary['refused'][number], 'endpointId'>

const view = ({ code, count, lastAt, lastConnection = null }: Refused) => ({
  code,
  count,
  last: new Date(lastAt).toISOString(),
  lastConnection,
})

/** Of each code the last one, with the count of all; most first. */
const summedBy = <One extends Refused>(refused: readonly One[]): readonly One[] => {
  const last = new Map<string, One>()
  for (const one of refused) if (one.lastAt >= (last.get(one.code)?.lastAt ?? 0)) last.set(one.code, one)
  const counts = added(refused.map(({ code, count }) => [code, count] as const))
  return [...counts].flatMap(([code, count]) => {
    const one = last.get(code)
    return one === undefined ? [] : [{ ...one, count }]
  })
}
