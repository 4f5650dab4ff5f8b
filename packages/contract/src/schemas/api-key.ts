// Programmatic API keys, of an organization and of a group.

import { z } from 'zod'
import { type GroupRole, groupRoles, type OrgRole, orgRoles } from '../roles.ts'
import { link, pageOf } from './paging.ts'

const orgRole = z.enum(Object.keys(orgRoles) as [OrgRole, ...OrgRole[]])
const groupRole = z.enum(Object.keys(groupRoles) as [GroupRole, ...GroupRole[]])
const desc = z.string().min(1).max(250)

const roleAssignment = z.union([
  z.object({ groupId: z.string(), roleName: z.string() }),
  z.object({ orgId: z.string(), roleName: z.string() }),
])

const apiKey = z.object({
  desc: z.string(),
  id: z.string(),
  links: z.array(link),
  /** Whole in the answer to its creation, masked but for its tail ever after. */
  privateKey: z.string(),
  publicKey: z.string(),
  roles: z.array(roleAssignment),
})

export const apiKeySchemas = {
  listOrgApiKeys: { reply: pageOf(apiKey) },
  createOrgApiKey: { body: z.object({ desc, roles: z.array(orgRole).min(1).max(50) }), reply: apiKey },
  getOrgApiKey: { reply: apiKey },
  updateOrgApiKey: {
    body: z.object({ desc: desc.optional(), roles: z.array(orgRole).min(1).max(50).optional() }),
    reply: apiKey,
  },
  listGroupApiKeys: { reply: pageOf(apiKey) },
  createGroupApiKey: { body: z.object({ desc, roles: z.array(groupRole).min(1).max(50) }), reply: apiKey },
  createGroupApiKeyPair: {
    body: z.strictObject({
      desc,
      roles: z.array(groupRole).min(1).max(50),
      publicKey: z.string().regex(/^[a-z]{8}$/, 'must be eight lower-case letters'),
      privateKey: z
        .string()
        .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'must be a UUID in lower case'),
    }),
    reply: apiKey,
  },
  updateGroupApiKeyRoles: {
    body: z.object({ desc: desc.optional(), roles: z.array(groupRole).min(1).max(50).optional() }),
    reply: apiKey,
  },
  addGroupApiKey: { body: z.array(z.object({ roles: z.array(groupRole).min(1).max(50) })).min(1) },
} as const
