// A page of people, picked in the database: members of an organization, of a group or of a team, by name and status.

import { type RawBuilder, sql } from 'kysely'
import type { Call } from '../../http/handler.ts'
import { rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { loadPeople, type MembershipStatus, type Person } from './person.ts'

export interface Filter {
  readonly username?: string | undefined
  readonly orgMembershipStatus?: MembershipStatus | undefined
  readonly orgMembershipStatuses?: readonly MembershipStatus[] | undefined
  readonly userId?: string | undefined
}

/** Ids of everybody who has a role in the organization itself. */
export const ofOrg = (orgId: string): RawBuilder<unknown> =>
  sql`select holder_id from role_assignment where holder_kind = 'USER' and org_id = ${orgId}`

export const ofTeam = (teamId: string): RawBuilder<unknown> =>
  sql`select user_id from team_member where team_id = ${teamId}`

/** Of a group by themselves; by a team too (`flattenTeams`), or by their organization (`includeOrgUsers`). */
export const ofGroup = (
  { groupId, orgId }: { readonly groupId: string; readonly orgId: string },
  wide: { readonly flattenTeams?: boolean | undefined; readonly includeOrgUsers?: boolean | undefined },
): RawBuilder<unknown> => sql`
  select holder_id from role_assignment where holder_kind = 'USER' and group_id = ${groupId}
  union select m.user_id from team_member m join role_assignment r on r.holder_kind = 'TEAM' and r.holder_id = m.team_id
    where ${wide.flattenTeams === true} and r.group_id = ${groupId}
  union select holder_id from role_assignment
    where ${wide.includeOrgUsers === true} and holder_kind = 'USER' and org_id = ${orgId}
    and role in ('ORG_OWNER', 'ORG_READ_ONLY')`

/** One page of the people whose ids `among` selects, oldest account first. The old version knows only active members. */
export const pageOfPeople = async (
  parts: Parts,
  call: Pick<Call<'listOrgUsers'>, 'paging' | 'version'>,
  { among, orgId, filter }: { readonly among: RawBuilder<unknown>; readonly orgId: string; readonly filter: Filter },
): Promise<{ readonly people: readonly Person[]; readonly total: number }> => {
  const now = new Date(parts.clock.now())
  const statuses = statusesOf(filter, call.version)
  const where = sql`u.id in (${among})
    and (${filter.username ?? null}::text is null or lower(u.email) = lower(${filter.username ?? null}::text))
    and (${filter.userId ?? null}::text is null or u.id = ${filter.userId ?? null}::text)
    and case when i.user_id is null then 'ACTIVE' when i.expires > ${now} then 'PENDING' else 'INVITATION_EXPIRED' end
      = any(${[...statuses]}::text[])`
  const from = sql`app_user u left join invitation i on i.user_id = u.id and i.org_id = ${orgId}`
  const { limit, offset } = rowsOf(call)
  const page = await sql<{ id: string }>`
    select u.id from ${from} where ${where} order by u.created, u.id limit ${limit} offset ${offset}
  `.execute(parts.store.read)
  const count = await sql<{ total: string }>`select count(*) as total from ${from} where ${where}`.execute(
    parts.store.read,
  )
  const people = await loadPeople(
    parts.store.read,
    page.rows.map(({ id }) => id),
  )
  return { people, total: Number(count.rows[0]?.total ?? 0) }
}

const statusesOf = (filter: Filter, version: string): readonly MembershipStatus[] => {
  if (isOldVersion(version)) return ['ACTIVE']
  const one = filter.orgMembershipStatus
  const named = [...(filter.orgMembershipStatuses ?? []), ...(one ? [one] : [])]
  return named.length > 0 ? named : ['PENDING', 'ACTIVE']
}

export const isOldVersion = (version: string): boolean => version < '2025-02-19'
