// What flowed through a private endpoint lately, over all edges.

import { periodMinutes, trafficKeptMinutes } from '@postern/contract/traffic-period'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { findService } from '../endpoint-service/row.ts'
import { isSilent } from '../private-endpoint/acknowledged.ts'
import { findEndpoint } from '../private-endpoint/row.ts'
import { countsOf, minuteMs } from './record.ts'
import { type EdgeSeries, trafficSeries } from './series.ts'

export const trafficHandlers = ({
  store,
  clock,
}: Pick<Parts, 'store' | 'clock'>): Handlers<'getGroupPrivateEndpointTraffic'> => {
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

  return {
    getGroupPrivateEndpointTraffic: async ({ params, query }) => {
      const service = await findService(store.read, params)
      const { id } = await findEndpoint(store.read, service, params.endpointId ?? '')
      const now = clock.now()
      return { body: trafficSeries(await seriesOf(id, now), { now, minutes: periodMinutes(query.period) ?? 60 }) }
    },
  }
}
