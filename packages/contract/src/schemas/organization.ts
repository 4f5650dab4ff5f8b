// Organizations.

import { z } from 'zod'
import { groupReply } from './group.ts'
import { link, pageOf } from './paging.ts'
import { objectId, orgRole, roleAssignment } from './role.ts'

const organization = z.object({
  id: z.string(),
  isDeleted: z.boolean(),
  links: z.array(link),
  name: z.string(),
  skipDefaultAlertsSettings: z.boolean(),
})

/** The contract's pattern, and the space that recorded names have. */
const name = z
  .string()
  .regex(/^[\p{L}\p{N} \-_.(),:&@+']{1,64}$/u, "must be 1 to 64 letters, digits, spaces or -_.(),:&@+'")
  .refine((text) => text.trim() !== '', 'must not be blank')

const contact = z.union([z.email('must be an e-mail address').max(254), z.literal('')]).nullable()
const seconds = z.number().int().min(300).max(31_536_000).nullable()

/** What an organization may set; all of it is shown only where it was set. */
const changedSettings = z.object({
  apiAccessListRequired: z.boolean().optional(),
  customSessionTimeouts: z
    .object({
      absoluteSessionTimeoutInSeconds: seconds.optional(),
      idleSessionTimeoutInSeconds: seconds.optional(),
    })
    .optional(),
  genAIFeaturesEnabled: z.boolean().optional(),
  maxServiceAccountSecretValidityInHours: z.number().int().min(8).max(8760).nullable().optional(),
  multiFactorAuthRequired: z.boolean().optional(),
  operationsContact: contact.optional(),
  restrictEmployeeAccess: z.boolean().optional(),
  securityContact: contact.optional(),
  streamsCrossGroupEnabled: z.boolean().optional(),
})

const organizationSettings = z.object({
  apiAccessListRequired: z.boolean(),
  customSessionTimeouts: z
    .object({
      absoluteSessionTimeoutInSeconds: z.number().int().optional(),
      idleSessionTimeoutInSeconds: z.number().int().optional(),
    })
    .optional(),
  genAIFeaturesEnabled: z.boolean(),
  maxServiceAccountSecretValidityInHours: z.number().int().optional(),
  multiFactorAuthRequired: z.boolean(),
  operationsContact: z.string().nullable(),
  restrictEmployeeAccess: z.boolean(),
  securityContact: z.string().optional(),
  streamsCrossGroupEnabled: z.boolean(),
})

const newApiKey = z.object({
  desc: z.string(),
  id: z.string(),
  links: z.array(link),
  privateKey: z.string(),
  publicKey: z.string(),
  roles: z.array(roleAssignment),
})

/** Names that begin with it, in any case. */
const byName = z.object({ name: z.string().max(64).optional() })

export const organizationSchemas = {
  listOrgs: { query: byName, reply: pageOf(organization) },
  createOrg: {
    body: z.object({
      apiKey: z
        .object({ desc: z.string().min(1).max(250), roles: z.array(orgRole).min(1).max(50) })
        .nullable()
        .optional(),
      name,
      orgOwnerId: objectId.optional(),
      serviceAccount: z.null('cannot be made here: use POST /orgs/{orgId}/serviceAccounts').optional(),
      skipDefaultAlertsSettings: z.boolean().default(false),
    }),
    reply: z.object({
      apiKey: newApiKey.optional(),
      orgOwnerId: z.string().optional(),
      organization,
      skipDefaultAlertsSettings: z.boolean(),
    }),
  },
  updateOrg: {
    body: z.object({ name: name.optional(), skipDefaultAlertsSettings: z.boolean().optional() }),
    reply: organization,
  },
  getOrgSettings: { reply: organizationSettings },
  updateOrgSettings: { body: changedSettings, reply: organizationSettings },
  getOrg: { reply: organization },
  getOrgGroups: { query: byName, reply: pageOf(groupReply) },
} as const
