// The switch of a project that has private ways alone. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const path = '/api/postern/v1/groups/{groupId}/privateOnly'

export const privateOnlyRoutes = {
  getGroupPrivateOnly: {
    method: 'GET',
    path,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_READ_ONLY'] },
  },
  updateGroupPrivateOnly: {
    method: 'PATCH',
    path,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_OWNER'] },
  },
} as const satisfies Record<string, Route>
