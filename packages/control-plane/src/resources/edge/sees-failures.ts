// Who is shown what an edge cannot serve: reasons name ports, addresses and endpoints of whomever it serves.

import type { Actor } from '../../http/handler.ts'
import type { EdgeIdentity } from '../../identity/edge-identity.ts'
import { ownedOrgs } from './owner.ts'

/** `identity`: null of an edge that reports by the token that edges share. */
export const seesFailures = (identity: Pick<EdgeIdentity, 'ownerOrgIds'> | null, actor: Actor): boolean => {
  const owned = ownedOrgs(actor)
  return identity === null ? owned.length > 0 : identity.ownerOrgIds.some((orgId) => owned.includes(orgId))
}
