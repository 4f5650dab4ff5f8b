// Roles as bodies name them, and assignments as answers list them.

import { z } from 'zod'
import { type GroupRole, groupRoles, type OrgRole, orgRoles } from '../roles.ts'

export const objectId = z.string().regex(/^[a-f0-9]{24}$/, 'must be 24 hexadecimal digits')

export const orgRole = z.enum(Object.keys(orgRoles) as [OrgRole, ...OrgRole[]])
export const groupRole = z.enum(Object.keys(groupRoles) as [GroupRole, ...GroupRole[]])

/** At least one; a role that is named twice is named once. */
export const orgRoleList = z.array(orgRole).min(1, 'must name at least one role').max(50)
export const groupRoleList = z.array(groupRole).min(1, 'must name at least one role').max(50)

export const roleAssignment = z.union([
  z.object({ groupId: z.string(), roleName: z.string() }),
  z.object({ orgId: z.string(), roleName: z.string() }),
])
