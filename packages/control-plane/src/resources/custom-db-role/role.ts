// A custom role as its row keeps it and as the API shows it, keys in the recorded order.

import { privilegeActionNames } from '@postern/contract/database-privilege'
import type { CustomDbRoleReply } from '@postern/contract/schemas/custom-db-role'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../../store/tables.ts'

export type RoleRow = Selectable<Tables['custom_db_role']>

const resourceSchema = z.union([
  z.object({ cluster: z.literal(true) }),
  /** No collection: all of the database's. */
  z.object({ collection: z.string().optional(), db: z.string() }),
])

const specSchema = z.object({
  actions: z.array(z.object({ action: z.enum(privilegeActionNames), resources: z.array(resourceSchema) })),
  inheritedRoles: z.array(z.object({ db: z.string(), role: z.string() })),
})

export type RoleSpec = z.output<typeof specSchema>
export type RoleResource = z.output<typeof resourceSchema>

/** Parses the `spec` column. Throws ZodError on a row that this program never wrote. */
export const parseRoleSpec = (column: unknown): RoleSpec => specSchema.parse(column)

export const roleView = (row: Pick<RoleRow, 'name' | 'spec'>): CustomDbRoleReply => {
  const { actions, inheritedRoles } = parseRoleSpec(row.spec)
  return {
    actions: actions.map(({ action, resources }) => ({ action, resources: resources.map(resourceView) })),
    inheritedRoles: inheritedRoles.map(({ db, role }) => ({ db, role })),
    roleName: row.name,
  }
}

const resourceView = (resource: RoleResource) =>
  'cluster' in resource
    ? { cluster: resource.cluster }
    : { ...(resource.collection !== undefined && { collection: resource.collection }), db: resource.db }
