// The answers that say that a project has none of it (../routes/absent.ts).

import { z } from 'zod'
import { pageOf } from './paging.ts'

const off = z.object({ enabled: z.literal(false) })

export const absentSchemas = {
  listGroupPeers: {
    query: z.object({ providerName: z.enum(['AWS', 'AZURE', 'GCP']).default('AWS') }),
    reply: pageOf(z.never()),
  },
  listGroupIntegrations: { reply: pageOf(z.never()) },
  getGroupEncryptionAtRest: {
    reply: z.object({ awsKms: off, azureKeyVault: off, enabledForSearchNodes: z.literal(false), googleCloudKms: off }),
  },
  getGroupAuditLog: {
    reply: z.object({
      auditAuthorizationSuccess: z.literal(false),
      auditFilter: z.literal('{}'),
      configurationType: z.literal('NONE'),
      enabled: z.literal(false),
    }),
  },
  getGroupBackupCompliancePolicy: { reply: z.object({}) },
} as const
