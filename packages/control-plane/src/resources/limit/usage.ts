// How much of a limit is used, where Postern can tell.

import type { LimitName } from '@postern/contract/group-limit'
import { sql } from 'kysely'
import type { Parts } from '../../parts.ts'

/** Null where nothing is counted. */
export const currentUsage = async (parts: Parts, groupId: string, name: LimitName): Promise<number | null> => {
  switch (name) {
    case 'atlas.project.deployment.clusters':
      return countIn(parts, 'cluster', groupId)
    case 'atlas.project.security.databaseAccess.users':
      return countIn(parts, 'database_user', groupId)
    case 'atlas.project.security.databaseAccess.customRoles':
      return countIn(parts, 'custom_db_role', groupId)
    case 'atlas.project.deployment.nodesPerPrivateLinkRegion':
      return busiestRegion(parts, groupId)
    default:
      return null
  }
}

const countIn = async (
  parts: Parts,
  table: 'cluster' | 'custom_db_role' | 'database_user',
  groupId: string,
): Promise<number> => {
  const { count } = await parts.store.read
    .selectFrom(table)
    .where('group_id', '=', groupId)
    .select((of) => of.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Members behind the AWS service that has most of them. */
const busiestRegion = async (parts: Parts, groupId: string): Promise<number> => {
  const { rows } = await sql<{ nodes: string }>`
    select count(*) as nodes from member_port
    join endpoint_service on endpoint_service.id = member_port.service_id
    where endpoint_service.group_id = ${groupId} and endpoint_service.provider = 'AWS'
    group by member_port.service_id order by nodes desc limit 1`.execute(parts.store.read)
  return Number(rows[0]?.nodes ?? 0)
}
