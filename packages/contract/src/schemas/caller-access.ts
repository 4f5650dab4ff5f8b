// From which addresses an API key or a service account may call. One of the two forms is given; both are answered where
// the range is a single address.

import { z } from 'zod'
import { link, pageOf } from './paging.ts'

const entryBody = z.object({ cidrBlock: z.string().nullish(), ipAddress: z.string().nullish() })
const entriesBody = z.array(entryBody).min(1, 'must name at least one address').max(200)

const keyEntry = z.object({
  cidrBlock: z.string(),
  count: z.int(),
  created: z.string(),
  ipAddress: z.string().optional(),
  lastUsed: z.string().optional(),
  lastUsedAddress: z.string().optional(),
  links: z.array(link),
})
const accountEntry = z.object({
  cidrBlock: z.string(),
  createdAt: z.string(),
  ipAddress: z.string().optional(),
  lastUsedAddress: z.string().optional(),
  lastUsedAt: z.string().optional(),
  requestCount: z.int(),
})

export const callerAccessSchemas = {
  listOrgApiKeyAccessListEntries: { reply: pageOf(keyEntry) },
  createOrgApiKeyAccessListEntry: { body: entriesBody, reply: pageOf(keyEntry) },
  getOrgApiKeyAccessListEntry: { reply: keyEntry },
  listOrgServiceAccountAccessList: { reply: pageOf(accountEntry) },
  createOrgServiceAccountAccessList: { body: entriesBody, reply: pageOf(accountEntry) },
  listGroupServiceAccountAccessList: { reply: pageOf(accountEntry) },
  createGroupServiceAccountAccessList: { body: entriesBody, reply: pageOf(accountEntry) },
} as const
