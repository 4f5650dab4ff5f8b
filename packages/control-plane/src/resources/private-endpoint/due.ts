// What must be at the edges for one endpoint: from its row and its service's member ports.

import { speaksTls } from '@postern/contract/endpoint-policy'
import { listenersVariable } from '@postern/contract/snapshot'
import { type Kysely, sql } from 'kysely'
import { isServing } from '../../identity/edge-identity.ts'
import { forwarderListenerId } from '../../snapshots/forwarder.ts'
import type { Tables } from '../../store/tables.ts'
import { lateReports, reportsAbout } from '../edge/reports-about.ts'
import { type Acknowledged, type Due, type ReportedFeed, released, served } from './acknowledged.ts'
import { doorOfSlot } from './advertised.ts'
import type { EndpointRow } from './row.ts'

interface PortOfSlot {
  readonly slot: number
  readonly gateway_port: number
}

/** Pure: the feeds, their numbers and this endpoint's listeners. */
const dueOf = (endpoint: EndpointRow, ports: readonly PortOfSlot[]): readonly Due[] => {
  const { id, form, policy, advertised, linkIds, gatewayN, forwarderN } = endpoint
  const forwarded = ports.flatMap(({ slot }) => {
    if (advertised === null || doorOfSlot(advertised, slot) === undefined) return []
    const linkId = linkIds[advertised.by === 'ports' ? 0 : slot]
    return linkId === undefined ? [] : [forwarderListenerId(linkId, slot)]
  })
  // With TLS it is there once the gateway has its certificate, which that reports under the endpoint's own id.
  const certificates = speaksTls(form, policy) ? [id] : []
  const gatewayPorts = ports.map(({ gateway_port }) => String(gateway_port))
  return [
    { feed: 'gateway', n: gatewayN, listeners: [...gatewayPorts, ...certificates], reportedAs: [id] },
    { feed: 'forwarder', n: forwarderN, listeners: forwarded },
  ]
}

const ownListener = (id: string): string => `own:${id}`

/** Where a gateway listens for its clients itself, nobody has to forward them to it. */
const isServedDirectly = ({ id }: EndpointRow, reports: readonly ReportedFeed[]): boolean =>
  reports.some(({ revoked, bound }) => revoked === undefined && bound.has(ownListener(id)))

/** What is wrong in a gateway's own file of listeners, which stands until somebody mends it, keeps nobody from being served. */
const failsToServe = sql<boolean>`
  jsonb_path_exists(failed, '$[*] ? (@.id != $file)', jsonb_build_object('file', ${listenersVariable}::text))`

/** Does any edge of this endpoint's group report a listener or a certificate that it cannot serve, or was any revoked? */
export const someEdgeFails = async (
  db: Kysely<Tables>,
  { groupId }: Pick<EndpointRow, 'groupId'>,
): Promise<boolean> => {
  const { orgId } = await db
    .selectFrom('group')
    .select('org_id as orgId')
    .where('id', '=', groupId)
    .executeTakeFirstOrThrow()
  const row = await db
    .selectFrom('edge_report')
    .leftJoin('edge_identity', 'edge_identity.edge', 'edge_report.edge')
    .select('edge_report.edge')
    .where((eb) => eb.or([failsToServe, eb('revoked', 'is not', null)]))
    .where(isServing({ id: groupId, orgId }))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Do the edges serve it, or, where it is to go, have they let go of it? */
export const acknowledgement = async (
  db: Kysely<Tables>,
  endpoint: EndpointRow,
  now: number,
): Promise<Acknowledged> => {
  const { epoch, orgId } = await db
    .selectFrom('store_mark')
    .innerJoin('group', (join) => join.on('group.id', '=', endpoint.groupId))
    .select(['epoch', 'group.org_id as orgId'])
    .executeTakeFirstOrThrow()
  const group = { id: endpoint.groupId, orgId }
  const ports = await db
    .selectFrom('member_port')
    .select(['slot', 'gateway_port'])
    .where('service_id', '=', endpoint.serviceId)
    .execute()
  const due = dueOf(endpoint, ports)
  if (endpoint.deleteRequested) {
    const numbers = { gateway: endpoint.gatewayN, forwarder: endpoint.forwarderN }
    return released(due, { epoch, reports: await lateReports(db, group, { epoch, numbers }), now }, endpoint)
  }
  const listeners = due.flatMap(({ listeners, reportedAs = [] }) => [...listeners, ...reportedAs])
  const reports = await reportsAbout(db, group, [...listeners, ownListener(endpoint.id)])
  const isDirect = isServedDirectly(endpoint, reports)
  return served(
    due.filter(({ feed }) => feed !== 'forwarder' || !isDirect),
    { epoch, reports, now },
  )
}
