// Operations on organizations and groups (Atlas's word for projects), their settings and a project's limits. Part of the
// one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const own = '/api/postern/v1'
const v20230101 = ['2023-01-01'] as const
const actor = { kind: 'authenticated' } as const
const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const
const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const
const member = { kind: 'org', roles: ['ORG_MEMBER'] } as const
const orgOwner = { kind: 'org', roles: ['ORG_OWNER'] } as const

export const organizationRoutes = {
  listOrgs: {
    method: 'GET',
    path: `${v2}/orgs`,
    versions: v20230101,
    status: 200,
    access: actor,
    paged: true,
    v1: true,
  },
  getOrg: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}`,
    versions: v20230101,
    status: 200,
    access: { kind: 'org', roles: ['ORG_MEMBER'] },
    v1: true,
  },
  getOrgGroups: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/groups`,
    versions: v20230101,
    status: 200,
    access: { kind: 'org', roles: ['ORG_MEMBER'] },
    paged: true,
    v1: true,
  },
  listGroups: {
    method: 'GET',
    path: `${v2}/groups`,
    versions: v20230101,
    status: 200,
    access: actor,
    paged: true,
    v1: true,
  },
  createGroup: {
    method: 'POST',
    path: `${v2}/groups`,
    versions: v20230101,
    status: 201,
    access: { kind: 'bodyOrg', roles: ['ORG_GROUP_CREATOR'] },
    v1: true,
  },
  // With an id and a label in host names of one's own choice, so that what is built on them stays the same
  createOrgGroup: { method: 'POST', path: `${own}/orgs/{orgId}/groups`, versions: [], status: 201, access: orgOwner },
  getGroupHash: { method: 'GET', path: `${own}/groups/{groupId}/hash`, versions: [], status: 200, access: reader },
  getGroup: {
    method: 'GET',
    path: `${v2}/groups/{groupId}`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  getGroupByName: {
    method: 'GET',
    path: `${v2}/groups/byName/{groupName}`,
    versions: v20230101,
    status: 200,
    access: actor,
    v1: true,
  },
  deleteGroup: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}`,
    versions: v20230101,
    status: 202,
    access: owner,
    v1: true,
  },
  /** For whoever owns an organization already: the handler judges, since the path names none. */
  createOrg: { method: 'POST', path: `${v2}/orgs`, versions: v20230101, status: 201, access: actor, v1: true },
  updateOrg: {
    method: 'PATCH',
    path: `${v2}/orgs/{orgId}`,
    versions: v20230101,
    status: 200,
    access: orgOwner,
    v1: true,
  },
  deleteOrg: {
    method: 'DELETE',
    path: `${v2}/orgs/{orgId}`,
    versions: v20230101,
    status: 204,
    access: orgOwner,
    v1: true,
  },
  getOrgSettings: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/settings`,
    versions: v20230101,
    status: 200,
    access: member,
    v1: true,
  },
  updateOrgSettings: {
    method: 'PATCH',
    path: `${v2}/orgs/{orgId}/settings`,
    versions: v20230101,
    status: 200,
    access: orgOwner,
    v1: true,
  },
  updateGroup: {
    method: 'PATCH',
    path: `${v2}/groups/{groupId}`,
    versions: v20230101,
    status: 200,
    access: owner,
    v1: true,
  },
  getGroupSettings: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/settings`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  updateGroupSettings: {
    method: 'PATCH',
    path: `${v2}/groups/{groupId}/settings`,
    versions: v20230101,
    status: 200,
    access: owner,
    v1: true,
  },

  // Limits
  listGroupLimits: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/limits`,
    versions: v20230101,
    status: 200,
    access: reader,
  },
  getGroupLimit: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/limits/{limitName}`,
    versions: v20230101,
    status: 200,
    access: reader,
  },
  setGroupLimit: {
    method: 'PATCH',
    path: `${v2}/groups/{groupId}/limits/{limitName}`,
    versions: v20230101,
    status: 200,
    access: owner,
  },
  deleteGroupLimit: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/limits/{limitName}`,
    versions: v20230101,
    status: 204,
    access: owner,
  },
} as const satisfies Record<string, Route>
