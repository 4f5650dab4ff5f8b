// Many connections in a few numbers, over all edges: who has how many, what was turned away, and what the limits are.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import { type EdgeAnswer, type EdgeSummary, longestSummary } from '@postern/contract/edge-question'
import type { ConnectionSummary } from '@postern/contract/schemas/connection'
import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import { parseLimits } from '../private-endpoint/row.ts'
import { listenerDoors } from '../standard-listener/doors.ts'

type Told = readonly (readonly [edge: string, count: number, summary: EdgeSummary])[]

/** `answers`: of edges that were asked to summarize. */
export const summaryOf = async (
  db: Kysely<Tables>,
  answers: ReadonlyMap<string, EdgeAnswer>,
): Promise<Omit<ConnectionSummary, 'unansweredEdges'>> => {
  const told: Told = [...answers].flatMap(([edge, { count, summary }]) =>
    summary === undefined ? [] : [[edge, count, summary] as const],
  )
  return {
    connections: told.reduce((sum, [, count]) => sum + count, 0),
    endpoints: await endpointsOf(db, told),
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

const refusedBy = (refused: EdgeSummary['refused']): ConnectionSummary['endpoints'][number]['refused'] => {
  const last = new Map<string, EdgeSummary['refused'][number]>()
  for (const one of refused) if (one.lastAt >= (last.get(one.code)?.lastAt ?? 0)) last.set(one.code, one)
  return [...added(refused.map(({ code, count }) => [code, count] as const))].map(([code, count]) => ({
    code,
    count,
    last: new Date(last.get(code)?.lastAt ?? 0).toISOString(),
    lastConnection: last.get(code)?.lastConnection ?? null,
  }))
}
