// What flowed through a private endpoint or a standard listener lately, over all edges.

import type { TrafficView } from '@postern/contract/schemas/connection'
import { periodMinutes, trafficKeptMinutes } from '@postern/contract/traffic-period'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { clusterByName } from '../cluster/rows.ts'
import { findService } from '../endpoint-service/row.ts'
import { isSilent } from '../private-endpoint/acknowledged.ts'
import { findEndpoint } from '../private-endpoint/row.ts'
import { countsOf, minuteMs } from './record.ts'
import { type EdgeSeries, trafficSeries } from './series.ts'

type Operation = 'getGroupPrivateEndpointTraffic' | 'getGroupClusterStandardListenerTraffic'

export const trafficHandlers = ({ store, clock }: Pick<Parts, 'store' | 'clock'>): Handlers<Operation> => {
  const seriesOf = async (endpointId: string, now: number): Promise<readonly EdgeSeries[]> => {
    const oldest = new Date(now - trafficKeptMinutes * minuteMs)
    const points = await store.read
      .selectFrom('traffic_point')
      .selectAll()
      .where('endpoint_id', '=', endpointId)
      .where('at', '>=', oldest)
      .orderBy('at')
      .execute()
    const counters = await store.read
      .selectFrom('edge_traffic')
      .select(['edge', 'connections'])
      .where('endpoint_id', '=', endpointId)
      .execute()
    const edges = [...new Set([...points, ...counters].map(({ edge }) => edge))]
    if (edges.length === 0) return []
    const heard = await store.read
      .selectFrom('edge_report')
      .select(['edge', 'seen'])
      .where('feed', '=', 'gateway')
      .where('edge', 'in', edges)
      .execute()
    return edges.map((edge) => {
      const seen = heard.find((report) => report.edge === edge)?.seen.getTime() ?? 0
      return {
        minutes: points
          .filter((point) => point.edge === edge)
          .map((point) => ({ at: point.at.getTime(), ...countsOf(point) })),
        open: counters.find((counter) => counter.edge === edge)?.connections ?? 0,
        until: isSilent({ seen }, now) ? seen : now,
      }
    })
  }

  /** `id` is null where nothing can have flowed yet. */
  const told = async (id: string | null, period: string): Promise<TrafficView> => {
    const now = clock.now()
    const edges = id === null ? [] : await seriesOf(id, now)
    return trafficSeries(edges, { now, minutes: periodMinutes(period) ?? 60 })
  }

  return {
    getGroupPrivateEndpointTraffic: async ({ params, query }) => {
      const service = await findService(store.read, params)
      const { id } = await findEndpoint(store.read, service, params.endpointId ?? '')
      return { body: await told(id, query.period) }
    },

    getGroupClusterStandardListenerTraffic: async ({ params: { groupId = '', clusterName = '' }, query }) => {
      const cluster = await clusterByName(store.read, groupId, clusterName)
      const listener = await store.read
        .selectFrom('standard_listener')
        .select('id')
        .where('cluster_id', '=', cluster.id)
        .executeTakeFirst()
      return { body: await told(listener?.id ?? null, query.period) }
    },
  }
}
