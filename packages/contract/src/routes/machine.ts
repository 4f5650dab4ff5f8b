// Operations on machines' accounts: API keys and service accounts, of an organization and of a group, and the addresses
// that each may call from. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const keys = `${v2}/orgs/{orgId}/apiKeys`
const orgAccounts = `${v2}/orgs/{orgId}/serviceAccounts`
const groupAccounts = `${v2}/groups/{groupId}/serviceAccounts`
const v20230101 = ['2023-01-01'] as const
const v20240805 = ['2024-08-05'] as const

const member = { kind: 'org', roles: ['ORG_MEMBER'] } as const
const orgReader = { kind: 'org', roles: ['ORG_READ_ONLY'] } as const
const orgOwner = { kind: 'org', roles: ['ORG_OWNER'] } as const
const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const
const accessManager = { kind: 'group', roles: ['GROUP_ACCESS_MANAGER'] } as const
const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const

/** An API key's operation: the oldest version, and answered under v1.0 as well. */
const key = <const Path extends string, const Rest extends Omit<Route, 'path' | 'versions' | 'v1'>>(
  path: Path,
  rest: Rest,
) => ({ ...rest, path, versions: v20230101, v1: true }) as const
const account = <const Path extends string, const Rest extends Omit<Route, 'path' | 'versions'>>(
  path: Path,
  rest: Rest,
) => ({ ...rest, path, versions: v20240805 }) as const

export const machineRoutes = {
  // API keys of an organization
  listOrgApiKeys: key(keys, { method: 'GET', status: 200, access: member, paged: true }),
  createOrgApiKey: key(keys, { method: 'POST', status: 200, access: orgOwner }),
  getOrgApiKey: key(`${keys}/{apiUserId}`, { method: 'GET', status: 200, access: member }),
  updateOrgApiKey: key(`${keys}/{apiUserId}`, { method: 'PATCH', status: 200, access: orgOwner }),
  deleteOrgApiKey: key(`${keys}/{apiUserId}`, { method: 'DELETE', status: 204, access: orgOwner }),
  listOrgApiKeyAccessListEntries: key(`${keys}/{apiUserId}/accessList`, {
    method: 'GET',
    status: 200,
    access: member,
    paged: true,
  }),
  createOrgApiKeyAccessListEntry: key(`${keys}/{apiUserId}/accessList`, {
    method: 'POST',
    status: 200,
    access: orgOwner,
    paged: true,
  }),
  getOrgApiKeyAccessListEntry: key(`${keys}/{apiUserId}/accessList/{ipAddress}`, {
    method: 'GET',
    status: 200,
    access: member,
  }),
  deleteOrgApiKeyAccessListEntry: key(`${keys}/{apiUserId}/accessList/{ipAddress}`, {
    method: 'DELETE',
    status: 204,
    access: orgOwner,
  }),

  // What a group says of a key
  updateGroupApiKeyRoles: key(`${v2}/groups/{groupId}/apiKeys/{apiUserId}`, {
    method: 'PATCH',
    status: 200,
    access: accessManager,
  }),
  // A pair of one's own choice
  createGroupApiKeyPair: {
    method: 'POST',
    path: '/api/postern/v1/groups/{groupId}/apiKeys',
    versions: [],
    status: 201,
    access: { kind: 'groupOfOrg', roles: ['ORG_OWNER'] },
  },
  addGroupApiKey: key(`${v2}/groups/{groupId}/apiKeys/{apiUserId}`, { method: 'POST', status: 204, access: owner }),

  // Service accounts of an organization
  listOrgServiceAccounts: account(orgAccounts, { method: 'GET', status: 200, access: orgReader, paged: true }),
  createOrgServiceAccount: account(orgAccounts, { method: 'POST', status: 201, access: orgOwner }),
  getOrgServiceAccount: account(`${orgAccounts}/{clientId}`, { method: 'GET', status: 200, access: orgReader }),
  updateOrgServiceAccount: account(`${orgAccounts}/{clientId}`, { method: 'PATCH', status: 200, access: orgOwner }),
  deleteOrgServiceAccount: account(`${orgAccounts}/{clientId}`, { method: 'DELETE', status: 204, access: orgOwner }),
  createOrgServiceAccountSecret: account(`${orgAccounts}/{clientId}/secrets`, {
    method: 'POST',
    status: 201,
    access: orgOwner,
  }),
  deleteOrgServiceAccountSecret: account(`${orgAccounts}/{clientId}/secrets/{secretId}`, {
    method: 'DELETE',
    status: 204,
    access: orgOwner,
  }),
  listOrgServiceAccountAccessList: account(`${orgAccounts}/{clientId}/accessList`, {
    method: 'GET',
    status: 200,
    access: orgReader,
    paged: true,
  }),
  createOrgServiceAccountAccessList: account(`${orgAccounts}/{clientId}/accessList`, {
    method: 'POST',
    status: 200,
    access: orgOwner,
    paged: true,
  }),
  deleteOrgServiceAccountAccessListEntry: account(`${orgAccounts}/{clientId}/accessList/{ipAddress}`, {
    method: 'DELETE',
    status: 204,
    access: orgOwner,
  }),
  getOrgServiceAccountGroups: account(`${orgAccounts}/{clientId}/groups`, {
    method: 'GET',
    status: 200,
    access: orgReader,
    paged: true,
  }),

  // Service accounts of a group
  listGroupServiceAccounts: account(groupAccounts, { method: 'GET', status: 200, access: reader, paged: true }),
  createGroupServiceAccount: account(groupAccounts, { method: 'POST', status: 201, access: owner }),
  getGroupServiceAccount: account(`${groupAccounts}/{clientId}`, { method: 'GET', status: 200, access: reader }),
  updateGroupServiceAccount: account(`${groupAccounts}/{clientId}`, { method: 'PATCH', status: 200, access: owner }),
  deleteGroupServiceAccount: account(`${groupAccounts}/{clientId}`, { method: 'DELETE', status: 204, access: owner }),
  /** For who owns the organization; a group's own owner does not choose from its accounts. */
  inviteGroupServiceAccount: account(`${groupAccounts}/{clientId}:invite`, {
    method: 'POST',
    status: 200,
    access: { kind: 'groupOfOrg', roles: ['ORG_OWNER'] },
  }),
  createGroupServiceAccountSecret: account(`${groupAccounts}/{clientId}/secrets`, {
    method: 'POST',
    status: 201,
    access: owner,
  }),
  deleteGroupServiceAccountSecret: account(`${groupAccounts}/{clientId}/secrets/{secretId}`, {
    method: 'DELETE',
    status: 204,
    access: owner,
  }),
  listGroupServiceAccountAccessList: account(`${groupAccounts}/{clientId}/accessList`, {
    method: 'GET',
    status: 200,
    access: reader,
    paged: true,
  }),
  createGroupServiceAccountAccessList: account(`${groupAccounts}/{clientId}/accessList`, {
    method: 'POST',
    status: 200,
    access: accessManager,
    paged: true,
  }),
  deleteGroupServiceAccountAccessListEntry: account(`${groupAccounts}/{clientId}/accessList/{ipAddress}`, {
    method: 'DELETE',
    status: 204,
    access: accessManager,
  }),

  // API keys of a group
  listGroupApiKeys: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/apiKeys`,
    versions: v20230101,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  createGroupApiKey: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/apiKeys`,
    versions: v20230101,
    status: 200,
    access: accessManager,
    v1: true,
  },
  removeGroupApiKey: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/apiKeys/{apiUserId}`,
    versions: v20230101,
    status: 204,
    access: accessManager,
    v1: true,
  },
} as const satisfies Record<string, Route>
