// Who calls, with every role that they hold: read afresh for each request, so that a role taken away is gone at once.
// Machines are read in machine.ts.

import { sql } from 'kysely'
import type { Actor } from '../http/handler.ts'
import type { Parts } from '../parts.ts'

/** A user who has already proved themselves. */
export const loadUser = async (parts: Pick<Parts, 'store'>, { id, name }: Pick<Actor, 'id' | 'name'>): Promise<Actor> =>
  actorWith({ kind: 'USER', id, name }, await rolesOfUser(parts, id))

/** Roles by where they are held. */
export const actorWith = (holder: Pick<Actor, 'kind' | 'id' | 'name'>, assigned: readonly Assigned[]): Actor => {
  const orgRoles = new Map<string, Set<string>>()
  const groupRoles = new Map<string, Set<string>>()
  for (const { org_id, group_id, role } of assigned) {
    if (org_id !== null) addTo(orgRoles, org_id, role)
    if (group_id !== null) addTo(groupRoles, group_id, role)
  }
  return { ...holder, orgRoles, groupRoles }
}

/** A row of role_assignment. */
export interface Assigned {
  readonly org_id: string | null
  readonly group_id: string | null
  readonly role: string
}

/** A user's own roles and those of their teams, but for organizations whose invitation they have not accepted. */
const rolesOfUser = async (parts: Pick<Parts, 'store'>, userId: string): Promise<readonly Assigned[]> => {
  const { rows } = await sql<Assigned>`
    select r.org_id, r.group_id, r.role
    from role_assignment r left join "group" g on g.id = r.group_id
    where (
      (r.holder_kind = 'USER' and r.holder_id = ${userId})
      or (r.holder_kind = 'TEAM' and r.holder_id in (select team_id from team_member where user_id = ${userId}))
    ) and not exists (
      select 1 from invitation i where i.user_id = ${userId} and i.org_id = coalesce(r.org_id, g.org_id)
    )
  `.execute(parts.store.read)
  return rows
}

const addTo = (roles: Map<string, Set<string>>, place: string, role: string): void => {
  const held = roles.get(place) ?? new Set()
  roles.set(place, held.add(role))
}
