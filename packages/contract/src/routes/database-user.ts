// Operations on the users of a group's databases. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const v20230101 = ['2023-01-01'] as const
const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const

export const databaseUserRoutes = {
  listGroupDatabaseUsers: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/databaseUsers`,
    versions: v20230101,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  createGroupDatabaseUser: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/databaseUsers`,
    versions: v20230101,
    status: 201,
    access: { kind: 'group', roles: ['GROUP_DATABASE_ACCESS_ADMIN', 'GROUP_STREAM_PROCESSING_OWNER'] },
    v1: true,
  },
  getGroupDatabaseUser: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/databaseUsers/{databaseName}/{username}`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  updateGroupDatabaseUser: {
    method: 'PATCH',
    path: `${v2}/groups/{groupId}/databaseUsers/{databaseName}/{username}`,
    versions: v20230101,
    status: 200,
    access: { kind: 'group', roles: ['GROUP_DATABASE_ACCESS_ADMIN', 'GROUP_STREAM_PROCESSING_OWNER'] },
    v1: true,
  },
  deleteGroupDatabaseUser: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/databaseUsers/{databaseName}/{username}`,
    versions: v20230101,
    status: 204,
    access: { kind: 'group', roles: ['GROUP_DATABASE_ACCESS_ADMIN', 'GROUP_STREAM_PROCESSING_OWNER'] },
    v1: true,
  },
} as const satisfies Record<string, Route>
