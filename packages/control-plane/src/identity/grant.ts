// Gives a role to somebody; giving it twice is giving it once.

import type { GroupRole, OrgRole } from '@postern/contract/roles'
import type { Transaction } from 'kysely'
import type { Actor } from '../http/handler.ts'
import type { Tables } from '../store/tables.ts'

export type Grant =
  | { readonly orgId: string; readonly role: OrgRole }
  | { readonly groupId: string; readonly role: GroupRole }

/** Whoever acts, or a team, through which its people hold its roles. */
export interface Holder {
  readonly kind: Actor['kind'] | 'TEAM'
  readonly id: string
}

/** Writes one assignment inside the caller's transaction. */
export const grantRole = async (tx: Transaction<Tables>, holder: Holder, grant: Grant): Promise<void> => {
  await tx
    .insertInto('role_assignment')
    .values({
      holder_kind: holder.kind,
      holder_id: holder.id,
      org_id: 'orgId' in grant ? grant.orgId : null,
      group_id: 'groupId' in grant ? grant.groupId : null,
      role: grant.role,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
