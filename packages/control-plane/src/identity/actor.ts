// Who calls, with every role that they hold: read afresh for each request, so that a role taken away is gone at once.

import type { Actor } from '../http/handler.ts'
import type { Parts } from '../parts.ts'

/** The actor behind an API key or a service account that has already proved itself. */
export const loadActor = async (
  parts: Pick<Parts, 'store'>,
  holder: Pick<Actor, 'kind' | 'id' | 'name'>,
): Promise<Actor> => {
  const rows = await parts.store.read
    .selectFrom('role_assignment')
    .select(['org_id', 'group_id', 'role'])
    .where('holder_kind', '=', holder.kind)
    .where('holder_id', '=', holder.id)
    .execute()
  const orgRoles = new Map<string, Set<string>>()
  const groupRoles = new Map<string, Set<string>>()
  for (const { org_id, group_id, role } of rows) {
    if (org_id !== null) addTo(orgRoles, org_id, role)
    if (group_id !== null) addTo(groupRoles, group_id, role)
  }
  return { ...holder, orgRoles, groupRoles }
}

const addTo = (roles: Map<string, Set<string>>, place: string, role: string): void => {
  const held = roles.get(place) ?? new Set()
  roles.set(place, held.add(role))
}
