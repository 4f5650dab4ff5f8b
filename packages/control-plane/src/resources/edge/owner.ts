// Whose an edge is: who may enrol, revoke or forget it, and who is told.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import type { Actor } from '../../http/handler.ts'
import { holdsOrgRole } from '../../http/may.ts'
import { loadEdgeIdentity, parseOwners } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { isSilent } from '../private-endpoint/acknowledged.ts'

/** Organizations that the caller owns; never none, since the route asks for one. */
export const ownedOrgs = (actor: Actor): readonly string[] =>
  [...actor.orgRoles.keys()].filter((orgId) => holdsOrgRole(actor, orgId, ['ORG_OWNER'])).toSorted()

/**
 * A name belongs to who enrolled it, or has a token out for it, as long as one of those organizations is there; that of an
 * edge which reports by the token that edges share, to who owns every organization. Throws POSTERN_EDGE_OF_OTHERS.
 */
export const checkOwner = async (tx: Transaction<Tables>, edge: string, owned: readonly string[]): Promise<void> => {
  const claims = await claimsTo(tx, edge)
  const isOurs =
    claims.length > 0
      ? claims.every((owners) => owners.some((orgId) => owned.includes(orgId)))
      : (await ownsEverything(tx, owned)) || !(await hasReports(tx, edge))
  if (!isOurs) throw new AtlasError('POSTERN_EDGE_OF_OTHERS', { edge })
}

/**
 * Forgetting one that nobody enrolled is for any owner once nothing is heard of it: endpoints of every organization wait for
 * it, and if it runs it is there again with its next question. Throws POSTERN_EDGE_OF_OTHERS.
 */
export const checkMayForget = async (
  tx: Transaction<Tables>,
  { edge, owned, now }: { readonly edge: string; readonly owned: readonly string[]; readonly now: number },
): Promise<void> => {
  const heard = await tx.selectFrom('edge_report').select('seen').where('edge', '=', edge).execute()
  const isHeardOf = heard.some(({ seen }) => !isSilent({ seen: seen.getTime() }, now))
  if (isHeardOf || (await claimsTo(tx, edge)).length > 0) await checkOwner(tx, edge, owned)
}

/** Those who may be told of an edge: of its identity and of a token that is out, organizations that are there. */
export const claimsTo = async (tx: Transaction<Tables>, edge: string): Promise<readonly (readonly string[])[]> => {
  const identity = await loadEdgeIdentity(tx, edge)
  const pending = await tx
    .selectFrom('edge_enrolment')
    .select('owner_org_ids')
    .where('edge', '=', edge)
    .executeTakeFirst()
  const claims = [identity?.ownerOrgIds, pending && parseOwners(pending.owner_org_ids)].filter(
    (owners) => owners !== undefined,
  )
  const there = await tx
    .selectFrom('organization')
    .select('id')
    .where('id', 'in', [...claims.flat(), ''])
    .execute()
  const known = new Set(there.map(({ id }) => id))
  return claims.map((owners) => owners.filter((orgId) => known.has(orgId))).filter((owners) => owners.length > 0)
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
