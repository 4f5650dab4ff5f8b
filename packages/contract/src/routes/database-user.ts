// Operations on the users of a group's databases, their certificates and their roles. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const own = '/api/postern/v1'
const v20230101 = ['2023-01-01'] as const
const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const

const admin = { kind: 'group', roles: ['GROUP_DATABASE_ACCESS_ADMIN', 'GROUP_STREAM_PROCESSING_OWNER'] } as const

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
    access: admin,
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
    access: admin,
    v1: true,
  },
  deleteGroupDatabaseUser: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/databaseUsers/{databaseName}/{username}`,
    versions: v20230101,
    status: 204,
    access: admin,
    v1: true,
  },
  listGroupDatabaseUserCerts: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/databaseUsers/{username}/certs`,
    versions: v20230101,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  createGroupDatabaseUserCert: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/databaseUsers/{username}/certs`,
    versions: v20230101,
    status: 201,
    access: { kind: 'group', roles: ['GROUP_OWNER'] },
    v1: true,
  },
  listGroupCustomDbRoleRoles: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/customDBRoles/roles`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  createGroupCustomDbRoleRole: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/customDBRoles/roles`,
    versions: v20230101,
    status: 202,
    access: admin,
    v1: true,
  },
  getGroupCustomDbRoleRole: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/customDBRoles/roles/{roleName}`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  updateGroupCustomDbRoleRole: {
    method: 'PATCH',
    path: `${v2}/groups/{groupId}/customDBRoles/roles/{roleName}`,
    versions: v20230101,
    status: 200,
    access: admin,
    v1: true,
  },
  deleteGroupCustomDbRoleRole: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/customDBRoles/roles/{roleName}`,
    versions: v20230101,
    status: 204,
    access: admin,
    v1: true,
  },
  listGroupDatabaseAccess: {
    method: 'GET',
    path: `${own}/groups/{groupId}/databaseAccess`,
    versions: [],
    status: 200,
    access: reader,
  },
  getDatabaseUserAuthority: {
    method: 'GET',
    path: `${own}/databaseUserCa`,
    versions: [],
    status: 200,
    access: { kind: 'public' },
  },
} as const satisfies Record<string, Route>
