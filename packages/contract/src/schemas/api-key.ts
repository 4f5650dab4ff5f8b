// Programmatic API keys of a group.

import { z } from 'zod'
import { type GroupRole, groupRoles } from '../roles.ts'
import { link, pageOf } from './paging.ts'

const groupRole = z.enum(Object.keys(groupRoles) as [GroupRole, ...GroupRole[]])

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
  listGroupApiKeys: { reply: pageOf(apiKey) },
  createGroupApiKey: {
    body: z.object({ desc: z.string().min(1).max(250), roles: z.array(groupRole).min(1).max(50) }),
    reply: apiKey,
  },
} as const
