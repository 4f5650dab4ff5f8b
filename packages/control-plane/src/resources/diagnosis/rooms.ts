// How full the places for members are, service by service: what Atlas calls addressable targets.

import { sql } from 'kysely'
import type { Parts } from '../../parts.ts'
import { targetsOf } from '../../providers/provider.ts'
import { isSharedTier } from '../cluster/connection-strings.ts'
import { targetLimit } from '../cluster/room.ts'
import type { LoadedCluster } from '../cluster/rows.ts'
import type { ServiceRow } from '../endpoint-service/row.ts'

export interface Room {
  readonly service: ServiceRow
  readonly taken: number
  readonly limit: number
  /** Members of the project that have no place there. */
  readonly without: number
  /** Of the gateway, shared by all services. */
  readonly gatewayPortsLeft: number
}

/** `serving`: the services with an endpoint; members get their places only there. */
export const roomsOf = async (
  { store, settings }: Pick<Parts, 'store' | 'settings'>,
  serving: readonly ServiceRow[],
  clusters: readonly LoadedCluster[],
): Promise<readonly Room[]> => {
  if (serving.length === 0) return []
  const members = clusters
    .filter(needsPlaces)
    .flatMap(({ strings }) => strings.members.filter(({ role }) => role !== 'hidden').map(({ id }) => id))
  const { rows } = await sql<{ service_id: string; taken: string; members: string }>`
    select service_id, count(*) as taken, count(only_member) as members from member_port
    where service_id = any(${serving.map(({ id }) => id)}::text[]) group by service_id`.execute(store.read)
  const { all } = await store.read
    .selectFrom('member_port')
    .select(({ fn }) => fn.countAll<string>().as('all'))
    .executeTakeFirstOrThrow()
  const { from, to } = settings.gatewayPorts
  const takenBy = new Map(rows.map((row) => [row.service_id, row]))
  const limits = new Map<string, Promise<number>>()
  const limitFor = (service: ServiceRow): Promise<number> => {
    const alike = `${service.provider} ${service.portMapping ? '' : targetsIn(service)}`
    const limit = limits.get(alike) ?? limitOf(store.read, service)
    limits.set(alike, limit)
    return limit
  }
  const rooms = serving.map(async (service): Promise<Room> => {
    const places = takenBy.get(service.id)
    const taken = Number(places?.taken ?? 0)
    const without = Math.max(0, members.length - Number(places?.members ?? 0))
    return { service, taken, limit: await limitFor(service), without, gatewayPortsLeft: to - from + 1 - Number(all) }
  })
  return Promise.all(rooms)
}

const targetsIn = ({ names }: ServiceRow): number => (names === null ? 0 : targetsOf(names).length)

/** Google Cloud's form without port mapping has as many attachments as it was made with. */
const limitOf = async (read: Parts['store']['read'], { groupId, provider, portMapping, names }: ServiceRow) =>
  provider === 'GCP' && !portMapping && names !== null
    ? targetsOf(names).length
    : targetLimit(read, groupId, { provider, port_mapping: portMapping })

const needsPlaces = ({ row, strings }: LoadedCluster): boolean => !row.delete_requested && !isSharedTier(strings.tier)
