// Connections as the API shows them: what the edges tell, with the names that the API has for its ids.

import { isCloudProvider } from '@postern/contract/cloud'
import type { EdgeAnswer } from '@postern/contract/edge-question'
import type { ConnectionView } from '@postern/contract/schemas/connection'
import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import { listenerDoors } from '../standard-listener/doors.ts'

/** In the order of the answers. One whose endpoint is gone meanwhile is left out: its gateway is ending it. */
export const connectionViews = async (
  db: Kysely<Tables>,
  answers: ReadonlyMap<string, EdgeAnswer>,
): Promise<readonly ConnectionView[]> => {
  const told = [...answers].flatMap(([edge, { connections }]) => connections.map((each) => ({ edge, ...each })))
  if (told.length === 0) return []
  const ids = (of: (each: (typeof told)[number]) => string): string[] => [...new Set(told.map(of))]
  const endpoints = await db
    .selectFrom('private_endpoint')
    .select(['id', 'cloud_id', 'service_id', 'provider'])
    .where(
      'id',
      'in',
      ids(({ endpointId }) => endpointId),
    )
    .execute()
  const clusters = await db
    .selectFrom('cluster')
    .select(['id', 'name'])
    .where(
      'id',
      'in',
      ids(({ clusterId }) => clusterId),
    )
    .execute()
  const listeners = await listenerDoors(
    db,
    ids(({ endpointId }) => endpointId),
  )
  const endpointOf = new Map([...endpoints, ...listeners].map((row) => [row.id, row]))
  const nameOf = new Map(clusters.map(({ id, name }) => [id, name]))
  return told.flatMap(({ endpointId, clusterId, startedAt, lastActivityAt, ...rest }) => {
    const endpoint = endpointOf.get(endpointId)
    if (endpoint === undefined || !isCloudProvider(endpoint.provider)) return []
    return [
      {
        ...rest,
        user: rest.user ?? null,
        endpointId: endpoint.cloud_id,
        endpointServiceId: endpoint.service_id,
        cloudProvider: endpoint.provider,
        clusterName: nameOf.get(clusterId) ?? null,
        since: new Date(startedAt).toISOString(),
        lastActivity: new Date(lastActivityAt).toISOString(),
      },
    ]
  })
}
