// How faithful to Atlas one group is answered, where that is not as the server is set. Part of the one table in
// ../routes.ts.

import type { Route } from './route.ts'

const path = '/api/postern/v1/groups/{groupId}/fidelity'

export const groupFidelityRoutes = {
  getGroupFidelity: {
    method: 'GET',
    path,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_READ_ONLY'] },
  },
  updateGroupFidelity: {
    method: 'PATCH',
    path,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_OWNER'] },
  },
} as const satisfies Record<string, Route>
