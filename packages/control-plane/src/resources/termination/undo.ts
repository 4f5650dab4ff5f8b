// A termination is taken back. What is still going turns round; what is gone is put back as it was: its id, its number and
// so its names, its members' ports where they are free. An endpoint brings its service back where that went too. The clouds
// are asked by turns, as for anything new: both begin anew, the endpoint once its service is AVAILABLE.

import { AtlasError } from '@postern/contract/errors'
import { endpointStatus } from '@postern/contract/private-endpoint'
import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import type { Asker } from '../endpoint-service/create.ts'
import { groupOf } from '../endpoint-service/group.ts'
import {
  findServiceOfGroup,
  loadService,
  lockService,
  parseProvider,
  parseService,
  type ServiceRow,
} from '../endpoint-service/row.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { restorePorts } from '../member-port/restore.ts'
import { ensureContainer } from '../network-container/ensure.ts'
import type { FoundEndpoint } from '../private-endpoint/correct.ts'
import { endpointOfService, parseEndpoint } from '../private-endpoint/row.ts'
import { type LeftService, parseLeftEndpoint, parseLeftService, type TerminationRow } from './left.ts'
import { checkRoomAgain, endpointProblem, leftOf, leftOfEndpoint, serviceProblem } from './place.ts'
import type { EndpointColumns, ServiceColumns } from './remember.ts'

export interface Undo {
  readonly params: Readonly<Record<string, string>>
  readonly by: Asker
}

interface Undoing extends Undo {
  readonly orgId: string
  readonly groupId: string
  readonly now: number
}

/** Throws POSTERN_TERMINATION_NOT_FOUND, POSTERN_NOT_TERMINATED, POSTERN_UNDO_REFUSED. */
export const undoService = async (tx: Transaction<Tables>, parts: Parts, wish: Undo): Promise<ServiceRow> => {
  const undoing = await begin(tx, parts, wish)
  const id = wish.params.endpointServiceId ?? ''
  const there = await serviceOfPath(tx, wish.params)
  if (there !== null && !there.deleteRequested) {
    const { status } = there
    throw new AtlasError('POSTERN_NOT_TERMINATED', { what: 'Private endpoint service', id, status })
  }
  return bringServiceBack(tx, parts, { ...undoing, serviceId: id, asked: id })
}

/** Throws POSTERN_TERMINATION_NOT_FOUND, POSTERN_NOT_TERMINATED, POSTERN_UNDO_REFUSED. */
export const undoEndpoint = async (tx: Transaction<Tables>, parts: Parts, wish: Undo): Promise<FoundEndpoint> => {
  const undoing = await begin(tx, parts, wish)
  const serviceId = wish.params.endpointServiceId ?? ''
  const cloudId = wish.params.endpointId ?? ''
  const service = await serviceOfPath(tx, wish.params)
  const there = service === null ? null : await endpointOfService(tx, service, cloudId)
  const left = await leftOfEndpoint(tx, { serviceId, cloudId, now: undoing.now })
  if (there !== null && !there.deleteRequested) {
    if (left !== null) throw refused(cloudId, `it was attached to private endpoint service ${serviceId} again`)
    const status = endpointStatus[there.provider][there.phase]
    throw new AtlasError('POSTERN_NOT_TERMINATED', { what: 'Private endpoint', id: cloudId, status })
  }
  if (there !== null) checkWindow(parts, there, undoing.now, cloudId)
  else if (left === null || left.group_id !== undoing.groupId) throw nothingLeft(parts, cloudId)
  const problem =
    there === null && left !== null
      ? await endpointProblem(tx, parseLeftEndpoint(left), { region: left.region, now: undoing.now })
      : null
  if (problem !== null) throw refused(cloudId, problem)

  const back =
    service !== null && !service.deleteRequested
      ? service
      : await bringServiceBack(tx, parts, { ...undoing, serviceId, asked: cloudId })
  const endpoint = parseEndpoint(
    there === null && left !== null ? await putEndpointBack(tx, left) : await turnRound(tx, there?.id ?? ''),
  )
  await tx.deleteFrom('termination').where('id', '=', endpoint.id).execute()
  await parts.turns.wake(tx, 'privateEndpoint', endpoint.id)
  await wakeFeeds(tx, parts)
  const target = { endpointId: cloudId, endpointServiceId: serviceId, provider: back.provider }
  const { orgId, groupId, by } = undoing
  await recordEvent(tx, parts, { type: 'INTERFACE_ENDPOINT_RESTORED', orgId, groupId, ...by, target })
  return { endpoint, service: back }
}

/**
 * Member ports are given out under the store's mark, so whoever puts some back holds it too; then the service, against
 * whoever attaches or deletes.
 */
const begin = async (tx: Transaction<Tables>, parts: Parts, wish: Undo): Promise<Undoing> => {
  await tx.selectFrom('store_mark').select('id').forUpdate().execute()
  const { org_id: orgId, id: groupId } = await groupOf(tx, wish.params)
  await lockService(tx, wish.params.endpointServiceId)
  return { ...wish, orgId, groupId, now: parts.clock.now() }
}

/** The service of a path, of this group and this provider; null where it is gone. Throws PATH_PARAM_PARSE_ERROR. */
const serviceOfPath = async (
  tx: Transaction<Tables>,
  params: Readonly<Record<string, string>>,
): Promise<ServiceRow | null> => {
  const provider = parseProvider(params.cloudProvider)
  const there = await findServiceOfGroup(tx, params, provider).catch((error: unknown) => {
    if (error instanceof AtlasError && error.code === 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND') return null
    throw error
  })
  return there?.provider === provider ? there : null
}

/** `asked`: what the caller named, for what is said to them. */
const bringServiceBack = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { serviceId, asked, orgId, groupId, now, by }: Undoing & { readonly serviceId: string; readonly asked: string },
): Promise<ServiceRow> => {
  const found = await loadService(tx, serviceId)
  const there = found?.groupId === groupId ? found : null
  if (there !== null) checkWindow(parts, there, now, asked)
  const back = parseService(
    there === null
      ? await putServiceBack(tx, parts, { serviceId, asked, groupId, now })
      : await tx
          .updateTable('endpoint_service')
          .set(({ eb }) => ({ ...begunAnew, revision: eb('revision', '+', 1) }))
          .where('id', '=', serviceId)
          .returningAll()
          .executeTakeFirstOrThrow(),
  )
  await tx.deleteFrom('termination').where('id', '=', serviceId).execute()
  const { provider, region } = back
  await ensureContainer(tx, parts, { groupId, provider, region })
  await parts.turns.wake(tx, 'endpointService', serviceId)
  const target = { endpointServiceId: serviceId, provider, region }
  await recordEvent(tx, parts, { type: 'ENDPOINT_SERVICE_RESTORED', orgId, groupId, ...by, target })
  return back
}

const begunAnew = {
  settles_at: null,
  status: 'INITIATING',
  delete_requested: false,
  terminated: null,
  error_message: null,
} as const

const putServiceBack = async (
  tx: Transaction<Tables>,
  parts: Parts,
  at: { readonly serviceId: string; readonly asked: string; readonly groupId: string; readonly now: number },
): Promise<ServiceColumns> => {
  const left = await leftOf(tx, at.serviceId, at.now)
  if (left === null || left.group_id !== at.groupId) throw nothingLeft(parts, at.asked)
  const service = parseLeftService(left)
  const { row } = service
  const back = await tx
    .insertInto('endpoint_service')
    .values({
      ...row,
      ...begunAnew,
      names: JSON.stringify(row.names ?? null),
      supported_remote_regions: JSON.stringify(row.supported_remote_regions ?? null),
      labels: JSON.stringify(row.labels),
      revision: row.revision + 1,
    })
    .onConflict((conflict) => conflict.constraint('endpoint_service_region_once').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (back === undefined) throw refused(at.asked, (await serviceProblem(tx, service)) ?? 'its region is taken')
  await checkRoomAgain(tx, service)
  await putPortsBack(tx, parts, service)
  return back
}

const putPortsBack = async (
  tx: Transaction<Tables>,
  { settings }: Pick<Parts, 'settings'>,
  { row, ports: left }: LeftService,
): Promise<void> => {
  const members = await tx
    .selectFrom('member')
    .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
    .select('member.id')
    .where('cluster.group_id', '=', row.group_id)
    .unionAll(tx.selectFrom('cluster').select('cluster.id').where('cluster.group_id', '=', row.group_id))
    .execute()
  const taken = await tx
    .selectFrom('member_port')
    .select('gateway_port')
    .unionAll(tx.selectFrom('standard_port').select('gateway_port'))
    .execute()
  const ports = restorePorts(left, {
    alive: new Set(members.map(({ id }) => id)),
    taken: new Set(taken.map(({ gateway_port }) => gateway_port)),
    range: settings.gatewayPorts,
  })
  if (ports.length === 0) return
  await tx
    .insertInto('member_port')
    .values(ports.map((port) => ({ ...port, service_id: row.id })))
    .execute()
}

/** Its number stays its own: names that were given out lead to it again. */
const notYetAccepted = {
  phase: 'REQUESTED',
  delete_requested: false,
  terminated: null,
  settles_at: null,
  keep_service: null,
  link_ids: '[]',
  error_message: null,
  form: null,
  advertised: null,
  gateway_n: null,
  forwarder_n: null,
} as const

const turnRound = (tx: Transaction<Tables>, id: string): Promise<EndpointColumns> =>
  tx
    .updateTable('private_endpoint')
    .set(({ eb }) => ({ ...notYetAccepted, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

const putEndpointBack = (tx: Transaction<Tables>, left: TerminationRow): Promise<EndpointColumns> => {
  const { row } = parseLeftEndpoint(left)
  return tx
    .insertInto('private_endpoint')
    .values({
      ...row,
      ...notYetAccepted,
      request: JSON.stringify(row.request),
      labels: JSON.stringify(row.labels),
      limits: row.limits && JSON.stringify(row.limits),
      policy: row.policy && JSON.stringify(row.policy),
      revision: row.revision + 1,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

const refused = (id: string, problem: string): AtlasError => new AtlasError('POSTERN_UNDO_REFUSED', { id, problem })

const nothingLeft = ({ settings }: Pick<Parts, 'settings'>, id: string): AtlasError => {
  const minutes = settings.undoWindowMs / 60_000
  const window = minutes >= 120 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes)} minutes`
  return new AtlasError('POSTERN_TERMINATION_NOT_FOUND', { id, window })
}

/** What is still going, for however long, can be taken back as long as what is gone. */
const checkWindow = (
  parts: Pick<Parts, 'settings'>,
  { terminated }: { readonly terminated: Date | null },
  now: number,
  id: string,
): void => {
  if (terminated !== null && now < terminated.getTime() + parts.settings.undoWindowMs) return
  throw nothingLeft(parts, id)
}
