// An API key as Atlas shows it, with the roles that belong into the answer.

import type { OperationId } from '@postern/contract/routes'
import type { Kysely, Selectable } from 'kysely'
import type { Call } from '../../http/handler.ts'
import type { Tables } from '../../store/tables.ts'

export type ApiKeyRow = Selectable<Tables['api_key']>

export type RoleAssignment =
  | { readonly groupId: string; readonly roleName: string }
  | { readonly orgId: string; readonly roleName: string }

/**
 * The roles of these keys by key: in their organization, and in `groupId` or, without it, in every group there. A
 * group's come first.
 */
export const rolesOfKeys = async (
  db: Kysely<Tables>,
  { ids, groupId }: { readonly ids: readonly string[]; readonly groupId?: string },
): Promise<ReadonlyMap<string, RoleAssignment[]>> => {
  const roles = new Map<string, RoleAssignment[]>()
  if (ids.length === 0) return roles
  const all = db
    .selectFrom('role_assignment')
    .selectAll()
    .where('holder_kind', '=', 'API_KEY')
    .where('holder_id', 'in', [...ids])
  const rows = await (groupId === undefined
    ? all
    : all.where((where) => where.or([where('group_id', '=', groupId), where('org_id', 'is not', null)]))
  )
    .orderBy('group_id', (order) => order.nullsLast())
    .orderBy('role')
    .execute()
  for (const { holder_id, group_id, org_id, role } of rows) {
    const assignment =
      group_id !== null ? { groupId: group_id, roleName: role } : { orgId: org_id ?? '', roleName: role }
    roles.set(holder_id, [...(roles.get(holder_id) ?? []), assignment])
  }
  return roles
}

/** `privateKey` only in the answer to the key's making; masked without it. */
export const apiKeyView = (
  { link }: Pick<Call<OperationId>, 'link'>,
  key: Pick<ApiKeyRow, 'id' | 'org_id' | 'description' | 'public_key' | 'key_tail'>,
  { roles, privateKey }: { readonly roles: readonly RoleAssignment[]; readonly privateKey?: string },
) => ({
  desc: key.description,
  id: key.id,
  links: [{ href: link(`/api/atlas/v2/orgs/${key.org_id}/apiKeys/${key.id}`), rel: 'self' }],
  privateKey: privateKey ?? `********-****-****-${key.key_tail}`,
  publicKey: key.public_key,
  roles: [...roles],
})
