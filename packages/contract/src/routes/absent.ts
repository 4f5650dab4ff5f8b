// What a project of Atlas may have and one of Postern never has: peering connections, integrations, keys of one's own, an
// audit filter, a backup policy. The official Kubernetes operator reads each before it calls a project ready, and is told
// that there is none. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const group = '/api/atlas/v2/groups/{groupId}'

const at = <const Path extends string, const Versions extends readonly string[]>(path: Path, versions: Versions) =>
  ({ method: 'GET', path, versions, status: 200, access: { kind: 'group', roles: ['GROUP_READ_ONLY'] } }) as const

const oldest = ['2023-01-01'] as const

export const absentRoutes = {
  listGroupPeers: { ...at(`${group}/peers`, oldest), paged: true, v1: true },
  listGroupIntegrations: { ...at(`${group}/integrations`, oldest), paged: true, v1: true },
  getGroupEncryptionAtRest: { ...at(`${group}/encryptionAtRest`, oldest), v1: true },
  getGroupAuditLog: { ...at(`${group}/auditLog`, oldest), v1: true },
  getGroupBackupCompliancePolicy: {
    ...at(`${group}/backupCompliancePolicy`, ['2023-01-01', '2023-10-01', '2024-11-13'] as const),
    v1: true,
  },
} as const satisfies Record<string, Route>
