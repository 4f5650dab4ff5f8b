// The control plane's own view of why something cannot be reached. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

export const diagnosisRoutes = {
  /** Changes nothing; POST because the hosts of a connection string do not belong in a URL. */
  diagnoseGroup: {
    method: 'POST',
    path: '/api/postern/v1/groups/{groupId}:diagnose',
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_READ_ONLY'] },
  },
} as const satisfies Record<string, Route>
