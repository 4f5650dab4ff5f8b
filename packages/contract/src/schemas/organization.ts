// Organizations.

import { z } from 'zod'
import { groupReply } from './group.ts'
import { link, pageOf } from './paging.ts'

const organization = z.object({
  id: z.string(),
  isDeleted: z.boolean(),
  links: z.array(link),
  name: z.string(),
  skipDefaultAlertsSettings: z.boolean(),
})

/** Names that begin with it, in any case. */
const byName = z.object({ name: z.string().max(64).optional() })

export const organizationSchemas = {
  listOrgs: { query: byName, reply: pageOf(organization) },
  getOrg: { reply: organization },
  getOrgGroups: { query: byName, reply: pageOf(groupReply) },
} as const
