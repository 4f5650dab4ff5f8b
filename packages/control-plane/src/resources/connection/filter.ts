// Which connections a caller means, by the names that the API has, as the ids that the edges know.

import type { ConnectionFilter } from '@postern/contract/edge-question'
import { AtlasError } from '@postern/contract/errors'
import type { ConnectionQuery } from '@postern/contract/schemas/connection'
import type { Kysely } from 'kysely'
import { listenerName } from '../../snapshots/gateway.ts'
import type { Tables } from '../../store/tables.ts'

export interface Meant {
  readonly groupId: string
  readonly query: ConnectionQuery
  readonly connectionId?: string
}

/** Throws POSTERN_ENDPOINT_NOT_FOUND, CLUSTER_NOT_FOUND. */
export const filterOf = async (
  db: Kysely<Tables>,
  { groupId, query: { endpointId, clusterName, appName }, connectionId }: Meant,
): Promise<ConnectionFilter> => ({
  endpointIds: await doorsCalled(db, groupId, endpointId),
  serviceIds: await servicesOf(db, groupId, endpointId),
  clusterId: clusterName === undefined ? null : await clusterCalled(db, groupId, clusterName),
  appName: appName ?? null,
  connectionId: connectionId ?? null,
})

/** Endpoints, and standard listeners, which are called by their cluster. */
const doorsCalled = async (db: Kysely<Tables>, groupId: string, name: string | undefined) => {
  const listeners = await db
    .selectFrom('standard_listener')
    .innerJoin('cluster', 'cluster.id', 'standard_listener.cluster_id')
    .select(['standard_listener.id', 'cluster.name'])
    .where('cluster.group_id', '=', groupId)
    .execute()
  const meant = listeners.filter((each) => name === undefined || listenerName(each.name) === name).map(({ id }) => id)
  return name !== undefined && meant.length > 0 ? meant : [...meant, ...(await endpointsCalled(db, groupId, name))]
}

const endpointsCalled = async (db: Kysely<Tables>, groupId: string, cloudId: string | undefined) => {
  const asked =
    cloudId === undefined
      ? db.selectFrom('private_endpoint').where('group_id', '=', groupId)
      : endpointsOf(db, groupId, cloudId)
  const rows = await asked.select('id').execute()
  if (cloudId !== undefined && rows.length === 0)
    throw new AtlasError('POSTERN_ENDPOINT_NOT_FOUND', { endpointId: cloudId, groupId })
  return rows.map(({ id }) => id)
}

/** The endpoint services of the group, or that of the endpoint of this name. */
const servicesOf = async (db: Kysely<Tables>, groupId: string, cloudId: string | undefined) => {
  const services = db.selectFrom('endpoint_service').select('id').where('group_id', '=', groupId)
  if (cloudId === undefined) return (await services.execute()).map(({ id }) => id)
  const rows = await endpointsOf(db, groupId, cloudId).select('service_id').distinct().execute()
  return rows.map(({ service_id }) => service_id)
}

/** By their cloud's own id, in whatever case. */
const endpointsOf = (db: Kysely<Tables>, groupId: string, cloudId: string) =>
  db
    .selectFrom('private_endpoint')
    .where('group_id', '=', groupId)
    .where(({ eb, fn }) => eb(fn<string>('lower', ['cloud_id']), '=', cloudId.toLowerCase()))

const clusterCalled = async (db: Kysely<Tables>, groupId: string, clusterName: string): Promise<string> => {
  const row = await db
    .selectFrom('cluster')
    .select('id')
    .where('group_id', '=', groupId)
    .where('name', '=', clusterName)
    .executeTakeFirst()
  if (row === undefined) throw new AtlasError('CLUSTER_NOT_FOUND', { clusterName, groupId })
  return row.id
}
