// Which groups an actor sees: every group of an organization that they may read as a whole, and those where they hold a
// role themselves.

import { sql } from 'kysely'
import type { Actor } from '../../http/handler.ts'
import { holdsOrgRole } from '../../http/may.ts'
import type { Sight } from './list.ts'

export const sightOf = (actor: Actor): Sight => ({
  orgIds: [...actor.orgRoles.keys()].filter((orgId) => holdsOrgRole(actor, orgId, ['ORG_READ_ONLY'])),
  groupIds: [...actor.groupRoles.keys()],
})

/** The same as a condition on rows of `group`. */
export const seenGroups = ({ orgIds, groupIds }: Pick<Sight, 'orgIds' | 'groupIds'>) =>
  sql<boolean>`("group".org_id = any(${[...orgIds]}::text[]) or "group".id = any(${[...groupIds]}::text[]))`
