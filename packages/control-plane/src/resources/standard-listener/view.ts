// A cluster's standard listener as the API shows it.

import type { StandardListenerView } from '@postern/contract/schemas/standard-listener'
import type { Kysely } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { listedMembers, standardListenerStrings } from '../cluster/connection-strings.ts'
import { type ClusterRow, groupDoors, loadCluster, membersOf } from '../cluster/rows.ts'
import { loadReports } from '../edge/reports.ts'
import { liveEntries } from '../group-access-list/entry.ts'
import { portsAreFree } from '../member-port/free.ts'
import { accessRanges } from './ranges.ts'
import { listenerState, type Stands } from './state.ts'

/** Throws GROUP_NOT_FOUND. */
export const listenerView = async (
  db: Kysely<Tables>,
  { settings, clock }: Pick<Parts, 'settings' | 'clock'>,
  row: ClusterRow,
): Promise<StandardListenerView> => {
  const now = clock.now()
  const doors = await groupDoors(db, row.group_id, settings)
  const members = (await membersOf(db, [row.id])).get(row.id) ?? []
  const { strings } = loadCluster(row, members, doors)
  const entries = await liveEntries(db, row.group_id, now).select(['value', 'delete_after']).execute()
  const ranges = accessRanges(entries)
  const listener = await db
    .selectFrom('standard_listener')
    .select(['id', 'enabled', 'gateway_n', 'max_snapshot_age_seconds'])
    .where('cluster_id', '=', row.id)
    .executeTakeFirst()
  const policy = { maxSnapshotAgeSeconds: listener?.max_snapshot_age_seconds ?? null }
  const off = { enabled: false, policy, connectionString: null, srvConnectionString: null, accessList: ranges.length }
  if (listener === undefined) return { id: null, ...off, state: 'OFF', problem: null, members: [] }

  const ports = await portsOf(db, row.id)
  const { epoch, orgId } = await db
    .selectFrom('store_mark')
    .innerJoin('group', (join) => join.on('group.id', '=', row.group_id))
    .select(['epoch', 'group.org_id as orgId'])
    .executeTakeFirstOrThrow()
  const stands = listenerState(
    {
      id: listener.id,
      enabled: listener.enabled && !row.delete_requested,
      privateOnly: doors.privateOnly,
      n: listener.gateway_n,
      gatewayPorts: [...ports.values()],
      portsAreFree: await portsAreFree(db, settings.gatewayPorts),
      portless: members.filter(({ id, role }) => role !== 'hidden' && !ports.has(id)).map(({ host_port }) => host_port),
    },
    { epoch, reports: await loadReports(db, ['gateway'], { id: row.group_id, orgId }), now },
  )
  const told = standardListenerStrings(strings)
  return {
    id: listener.id,
    ...off,
    enabled: listener.enabled,
    ...stands,
    problem: stands.problem ?? whyNobody(stands, { entries: entries.length, ranges: ranges.length }),
    ...(told !== null && { connectionString: told.standard, srvConnectionString: told.srv }),
    members:
      told === null
        ? []
        : listedMembers(strings.members).flatMap(({ id, hostPort }) => {
            const target = strings.listener?.targets.get(id)
            return target === undefined ? [] : [{ hostPort, ...target, gatewayPort: target.port }]
          }),
  }
}

/** An open door that lets nobody in. */
const whyNobody = (
  { state }: Stands,
  { entries, ranges }: { readonly entries: number; readonly ranges: number },
): string | null => {
  if (state !== 'OPEN' || ranges > 0) return null
  return entries === 0
    ? "The project's IP access list is empty, so nobody is let in."
    : "The project's IP access list has only AWS security groups, which let nobody in here: add addresses or ranges."
}

/** By member id. */
const portsOf = async (db: Kysely<Tables>, clusterId: string): Promise<ReadonlyMap<string, number>> => {
  const rows = await db
    .selectFrom('standard_port')
    .innerJoin('member', 'member.id', 'standard_port.member_id')
    .select(['member_id', 'gateway_port'])
    .where('member.cluster_id', '=', clusterId)
    .where('member.role', '<>', 'hidden')
    .execute()
  return new Map(rows.map(({ member_id, gateway_port }) => [member_id, gateway_port]))
}
