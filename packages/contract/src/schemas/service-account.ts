// Service accounts of an organization and of a group. A secret is whole in the answer to its making, masked ever after.

import { z } from 'zod'
import { type GroupRole, groupRoles, type OrgRole, orgRoles } from '../roles.ts'
import { pageOf } from './paging.ts'

const orgRole = z.enum(Object.keys(orgRoles) as [OrgRole, ...OrgRole[]])
const groupRole = z.enum(Object.keys(groupRoles) as [GroupRole, ...GroupRole[]])

const textOf = (limit: number) =>
  z
    .string()
    .min(1)
    .max(limit)
    .regex(/^[\p{L}\p{N}\-_.,' ]*$/u, "must be letters, digits, spaces or -_.,'")

/** A secret lives a year at most, as Atlas's do. */
const hours = z.int().min(1).max(8760)
const description = textOf(250)
const name = textOf(64)

const secret = z.object({
  createdAt: z.string(),
  expiresAt: z.string(),
  id: z.string(),
  lastUsedAt: z.string().optional(),
  maskedSecretValue: z.string().optional(),
  secret: z.string().optional(),
})
const account = z.object({
  clientId: z.string(),
  createdAt: z.string(),
  description: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  secrets: z.array(secret),
})

const made = { description, name, secretExpiresAfterHours: hours }
const changed = { description: description.nullish(), name: name.nullish() }
/** Official SDKs of 2024 send a list of them. */
const assignment = z.object({ roles: z.array(groupRole).min(1) })
const secretBody = z.object({ secretExpiresAfterHours: hours })
const listQuery = z.object({ includeSystemManaged: z.enum(['true', 'false']).optional() })

export const serviceAccountSchemas = {
  listOrgServiceAccounts: { query: listQuery, reply: pageOf(account) },
  createOrgServiceAccount: { body: z.object({ ...made, roles: z.array(orgRole).min(1) }), reply: account },
  getOrgServiceAccount: { reply: account },
  updateOrgServiceAccount: {
    body: z.object({ ...changed, roles: z.array(orgRole).min(1).nullish() }),
    reply: account,
  },
  createOrgServiceAccountSecret: { body: secretBody, reply: secret },
  getOrgServiceAccountGroups: { reply: pageOf(z.object({ groupId: z.string(), roles: z.array(z.string()) })) },
  listGroupServiceAccounts: { query: listQuery, reply: pageOf(account) },
  createGroupServiceAccount: { body: z.object({ ...made, roles: z.array(groupRole).min(1) }), reply: account },
  getGroupServiceAccount: { reply: account },
  updateGroupServiceAccount: {
    body: z.object({ ...changed, roles: z.array(groupRole).min(1).nullish() }),
    reply: account,
  },
  inviteGroupServiceAccount: { body: z.union([assignment, z.array(assignment).min(1).max(100)]), reply: account },
  createGroupServiceAccountSecret: { body: secretBody, reply: secret },
} as const
