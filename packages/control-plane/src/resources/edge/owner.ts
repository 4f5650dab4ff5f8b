// Whose an edge is: who may enrol, revoke or forget it, and who is told.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import type { Actor } from '../../http/handler.ts'
import { holdsOrgRole } from '../../http/may.ts'
import { loadEdgeIdentity, parseOwners } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'

/** Organizations that the caller owns; never none, since the route asks for one. */
export const ownedOrgs = (actor: Actor): readonly string[] =>
  [...actor.orgRoles.keys()].filter((orgId) => holdsOrgRole(actor, orgId, ['ORG_OWNER'])).toSorted()

/**
 * A name belongs to who enrolled it, or has a token out for it; that of an edge which reports by the token that edges
 * share, to who owns every organization. Throws POSTERN_EDGE_OF_OTHERS.
 */
export const checkOwner = async (tx: Transaction<Tables>, edge: string, owned: readonly string[]): Promise<void> => {
  const identity = await loadEdgeIdentity(tx, edge)
  const pending = await tx
    .selectFrom('edge_enrolment')
    .select('owner_org_ids')
    .where('edge', '=', edge)
    .executeTakeFirst()
  const claims = [identity?.ownerOrgIds, pending && parseOwners(pending.owner_org_ids)].filter(
    (owners) => owners !== undefined,
  )
  const isOurs =
    claims.length > 0
      ? claims.every((owners) => owners.some((orgId) => owned.includes(orgId)))
      : (await ownsEverything(tx, owned)) || !(await hasReports(tx, edge))
  if (!isOurs) throw new AtlasError('POSTERN_EDGE_OF_OTHERS', { edge })
}

export const ownsEverything = async (tx: Transaction<Tables>, owned: readonly string[]): Promise<boolean> =>
  (await tx
    .selectFrom('organization')
    .select('id')
    .where('id', 'not in', [...owned])
    .limit(1)
    .executeTakeFirst()) === undefined

export const hasReports = async (tx: Transaction<Tables>, edge: string): Promise<boolean> =>
  (await tx.selectFrom('edge_report').select('edge').where('edge', '=', edge).limit(1).executeTakeFirst()) !== undefined

export const tellOwners = async (
  tx: Transaction<Tables>,
  parts: Parts,
  told: {
    readonly type: 'EDGE_ENROLMENT_CREATED' | 'EDGE_ENROLLED' | 'EDGE_FORGOTTEN' | 'EDGE_REVOKED'
    readonly edge: string
    readonly owners: readonly string[]
    readonly actor: Actor | null
    readonly sourceAddress: string
  },
): Promise<void> => {
  const { type, edge, owners, actor, sourceAddress } = told
  for (const orgId of owners)
    await recordEvent(tx, parts, { type, orgId, groupId: null, actor, sourceAddress, target: { edge } })
}
