// Every kind, in the order in which they are made; they are removed in the other. Endpoint services come early, since they
// take their time while clusters, roles and users are made.

import type { Kind } from './kind.ts'
import { accessEntryKind } from './kinds/access-entry.ts'
import { apiKeyKind } from './kinds/api-key.ts'
import { clusterKind } from './kinds/cluster.ts'
import { endpointKind } from './kinds/endpoint.ts'
import { roleKind } from './kinds/role.ts'
import { serviceKind } from './kinds/service.ts'
import { userKind } from './kinds/user.ts'

export const kinds: readonly Kind[] = [
  apiKeyKind,
  accessEntryKind,
  serviceKind,
  clusterKind,
  roleKind,
  userKind,
  endpointKind,
]
