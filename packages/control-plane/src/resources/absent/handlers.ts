// What a project here never has, said as Atlas says it of a project that has none (contract/routes/absent.ts).

import type { Handlers } from '../../http/handler.ts'
import { pageOf } from '../../http/paging.ts'

type Operation =
  | 'listGroupPeers'
  | 'listGroupIntegrations'
  | 'getGroupEncryptionAtRest'
  | 'getGroupAuditLog'
  | 'getGroupBackupCompliancePolicy'

const off = { enabled: false } as const

export const absentHandlers: Handlers<Operation> = {
  listGroupPeers: async (call) => ({ body: pageOf(call, { results: [], total: 0 }) }),
  listGroupIntegrations: async (call) => ({ body: pageOf(call, { results: [], total: 0 }) }),
  getGroupEncryptionAtRest: async () => ({
    body: { awsKms: off, azureKeyVault: off, enabledForSearchNodes: false, googleCloudKms: off },
  }),
  getGroupAuditLog: async () => ({
    body: { auditAuthorizationSuccess: false, auditFilter: '{}', configurationType: 'NONE', enabled: false },
  }),
  getGroupBackupCompliancePolicy: async () => ({ body: {} }),
}
