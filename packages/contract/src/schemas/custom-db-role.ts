// Custom database roles: privileges on the cluster, a database or a collection, and roles that are inherited.

import { z } from 'zod'
import { privilegeActionNames } from '../database-privilege.ts'

const action = z.enum(privilegeActionNames)

/** Clients send all three fields, the ones that do not apply as false or empty. */
const resource = z.strictObject({
  cluster: z.boolean().nullish(),
  collection: z.string().max(255).nullish(),
  db: z.string().max(63).nullish(),
})

const settable = {
  actions: z.array(z.strictObject({ action, resources: z.array(resource).max(1000) })).nullish(),
  inheritedRoles: z
    .array(z.strictObject({ db: z.string().min(1).max(63), role: z.string().min(1) }))
    .max(1000)
    .nullish(),
}

const reply = z.object({
  actions: z.array(
    z.object({
      action,
      resources: z.array(
        z.object({ cluster: z.boolean().optional(), collection: z.string().optional(), db: z.string().optional() }),
      ),
    }),
  ),
  inheritedRoles: z.array(z.object({ db: z.string(), role: z.string() })),
  roleName: z.string(),
})

export const customDbRoleSchemas = {
  listGroupCustomDbRoleRoles: { reply: z.array(reply) },
  createGroupCustomDbRoleRole: { body: z.strictObject({ ...settable, roleName: z.string() }), reply },
  getGroupCustomDbRoleRole: { reply },
  updateGroupCustomDbRoleRole: {
    /** `roleName`: of the path; accepted because clients send back what they read. */
    body: z.strictObject({ ...settable, roleName: z.string().optional() }),
    reply,
  },
  deleteGroupCustomDbRoleRole: {},
} as const

export type CustomDbRoleReply = z.output<typeof reply>
export type CustomDbRoleBody = z.output<(typeof customDbRoleSchemas)['createGroupCustomDbRoleRole']['body']>
