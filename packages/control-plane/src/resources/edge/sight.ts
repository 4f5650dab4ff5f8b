// Who is shown what an edge says of itself: what it cannot serve, whom it believes, what is wrong in its file of listeners.
// All of it names ports, addresses and endpoints of whomever it serves, and networks of its machine; so it is one decision.
// Of a project's own endpoints its readers are told besides (diagnosis/judge-edges.ts).

import type { Kysely } from 'kysely'
import type { Actor } from '../../http/handler.ts'
import type { EdgeIdentity } from '../../identity/edge-identity.ts'
import type { Tables } from '../../store/tables.ts'
import { ownedOrgs } from './owner.ts'

/**
 * Whether the actor owns every organization that an edge serves: which it was enrolled for, or, where it was for everything
 * or reports by the token that edges share (null), all that there are.
 */
export const edgeSight = async (
  db: Kysely<Tables>,
  actor: Actor,
): Promise<(identity: Pick<EdgeIdentity, 'serves'> | null) => boolean> => {
  const every = (await db.selectFrom('organization').select('id').execute()).map(({ id }) => id)
  const owned = new Set(ownedOrgs(actor))
  return (identity) => {
    const served = identity?.serves.orgIds?.filter((orgId) => every.includes(orgId)) ?? []
    return owned.size > 0 && (served.length > 0 ? served : every).every((orgId) => owned.has(orgId))
  }
}
