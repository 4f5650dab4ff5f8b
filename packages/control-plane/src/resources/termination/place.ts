// Is the place still free that something terminated had? Each answer is a sentence without its full stop, or null: what
// came meanwhile stays, and the way back is closed, with the reason.

import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import { checkServiceRoom } from '../cluster/room.ts'
import { serviceAt } from '../endpoint-service/create.ts'
import { loadService } from '../endpoint-service/row.ts'
import { consumerRefs, endpointRequestSchema } from '../private-endpoint/request.ts'
import { endpointOfService } from '../private-endpoint/row.ts'
import { heldByOthers } from '../private-endpoint/shared-rules.ts'
import { type LeftEndpoint, type LeftService, parseLeftService, type TerminationRow } from './left.ts'

/** Another service has its region. */
export const serviceProblem = async (db: Kysely<Tables>, { row }: LeftService): Promise<string | null> => {
  const { provider, region, port_mapping: portMapping, group_id: groupId } = row
  const other = await serviceAt(db, { groupId, provider, region, portMapping })
  return other === null ? null : `${provider} ${region} has another private endpoint service meanwhile, ${other.id}`
}

/** Throws CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK where the group has grown beyond what it can address. */
export const checkRoomAgain = (db: Kysely<Tables>, { row }: LeftService): Promise<void> =>
  checkServiceRoom(db, row.group_id, row)

/** It was attached anew, another endpoint has its forwarding rules, or its service cannot come back. */
export const endpointProblem = async (
  db: Kysely<Tables>,
  { row }: LeftEndpoint,
  at: { readonly region: string; readonly now: number },
): Promise<string | null> => {
  const service = await loadService(db, row.service_id)
  if (service === null) {
    const left = await leftOf(db, row.service_id, at.now)
    if (left === null) return `its private endpoint service ${row.service_id} is gone and cannot be taken back any more`
    return serviceProblem(db, parseLeftService(left))
  }
  if ((await endpointOfService(db, service, row.cloud_id)) !== null) {
    return `${row.cloud_id} was attached to private endpoint service ${service.id} again`
  }
  const held = await heldByOthers(db, row, service)
  const refs = consumerRefs(row.cloud_id, endpointRequestSchema.parse(row.request), at.region)
  const taken = refs.find(({ cloudId }) => held.has(cloudId.toLowerCase()))
  if (taken === undefined) return null
  return `its forwarding rule ${taken.cloudId} belongs to the endpoint ${held.get(taken.cloudId.toLowerCase())} meanwhile`
}

/** What is left of a service; null where nothing is, or for too long. */
export const leftOf = async (db: Kysely<Tables>, id: string, now: number): Promise<TerminationRow | null> => {
  const row = await db
    .selectFrom('termination')
    .selectAll()
    .where('id', '=', id)
    .where('kind', '=', 'endpointService')
    .where('expires', '>', new Date(now))
    .executeTakeFirst()
  return row ?? null
}

/** What is left of an endpoint of a service; null where nothing is, or for too long. */
export const leftOfEndpoint = async (
  db: Kysely<Tables>,
  { serviceId, cloudId, now }: { readonly serviceId: string; readonly cloudId: string; readonly now: number },
): Promise<TerminationRow | null> => {
  const row = await db
    .selectFrom('termination')
    .selectAll()
    .where('kind', '=', 'endpoint')
    .where('service_id', '=', serviceId)
    .where(({ fn, eb }) => eb(fn<string>('lower', ['cloud_id']), '=', cloudId.toLowerCase()))
    .where('expires', '>', new Date(now))
    .executeTakeFirst()
  return row ?? null
}
