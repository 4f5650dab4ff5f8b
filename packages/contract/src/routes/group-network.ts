// Operations on what belongs to a group beside its clusters and endpoints: who may reach it by address, its network
// containers, and small switches. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const group = '/api/atlas/v2/groups/{groupId}'
const versions = ['2023-01-01'] as const

const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const
const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const
const networkManager = { kind: 'group', roles: ['GROUP_NETWORK_ACCESS_MANAGER'] } as const

const at = <const Path extends string, const Rest extends Omit<Route, 'path' | 'versions' | 'v1'>>(
  path: Path,
  rest: Rest,
) => ({ ...rest, path, versions, v1: true }) as const

export const groupNetworkRoutes = {
  // IP access list
  listGroupAccessListEntries: at(`${group}/accessList`, { method: 'GET', status: 200, access: reader, paged: true }),
  createGroupAccessListEntry: at(`${group}/accessList`, {
    method: 'POST',
    status: 201,
    access: networkManager,
    paged: true,
  }),
  getGroupAccessListEntry: at(`${group}/accessList/{entryValue}`, { method: 'GET', status: 200, access: reader }),
  deleteGroupAccessListEntry: at(`${group}/accessList/{entryValue}`, {
    method: 'DELETE',
    status: 204,
    access: networkManager,
  }),
  getGroupAccessListStatus: at(`${group}/accessList/{entryValue}/status`, {
    method: 'GET',
    status: 200,
    access: reader,
  }),

  // Network containers
  listGroupContainers: at(`${group}/containers`, { method: 'GET', status: 200, access: reader, paged: true }),
  listGroupContainerAll: at(`${group}/containers/all`, { method: 'GET', status: 200, access: reader, paged: true }),
  createGroupContainer: at(`${group}/containers`, { method: 'POST', status: 200, access: owner }),
  getGroupContainer: at(`${group}/containers/{containerId}`, { method: 'GET', status: 200, access: reader }),
  updateGroupContainer: at(`${group}/containers/{containerId}`, { method: 'PATCH', status: 200, access: owner }),
  deleteGroupContainer: at(`${group}/containers/{containerId}`, { method: 'DELETE', status: 204, access: owner }),

  // Switches and addresses
  getGroupAwsCustomDns: at(`${group}/awsCustomDNS`, { method: 'GET', status: 200, access: reader }),
  toggleGroupAwsCustomDns: at(`${group}/awsCustomDNS`, { method: 'PATCH', status: 200, access: owner }),
  getGroupManagedSlowMs: at(`${group}/managedSlowMs`, { method: 'GET', status: 200, access: reader }),
  enableGroupManagedSlowMs: at(`${group}/managedSlowMs/enable`, { method: 'POST', status: 204, access: owner }),
  disableGroupManagedSlowMs: at(`${group}/managedSlowMs/disable`, { method: 'DELETE', status: 204, access: owner }),
  getGroupIpAddresses: at(`${group}/ipAddresses`, { method: 'GET', status: 200, access: reader }),
} as const satisfies Record<string, Route>
