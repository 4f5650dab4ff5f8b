// Operations on endpoint services, the private endpoints attached to them, and the regional mode of a group. Part of the
// one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const service = `${v2}/groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}`
const v20230101 = ['2023-01-01'] as const
const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const
const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const

export const privateEndpointRoutes = {
  createGroupPrivateEndpointEndpointService: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/privateEndpoint/endpointService`,
    versions: v20230101,
    status: 201,
    access: owner,
    v1: true,
  },
  updateGroupPrivateEndpointEndpointService: {
    method: 'PATCH',
    path: `${v2}/groups/{groupId}/privateEndpoint/endpointService/{endpointServiceId}`,
    versions: v20230101,
    status: 200,
    access: owner,
    v1: true,
  },
  listGroupPrivateEndpointEndpointService: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  getGroupPrivateEndpointEndpointService: {
    method: 'GET',
    path: service,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  deleteGroupPrivateEndpointEndpointService: {
    method: 'DELETE',
    path: service,
    versions: v20230101,
    status: 202,
    access: owner,
    v1: true,
  },
  createGroupPrivateEndpointEndpointServiceEndpoint: {
    method: 'POST',
    path: `${service}/endpoint`,
    versions: v20230101,
    status: 201,
    access: owner,
    v1: true,
  },
  getGroupPrivateEndpointEndpointServiceEndpoint: {
    method: 'GET',
    path: `${service}/endpoint/{endpointId}`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  deleteGroupPrivateEndpointEndpointServiceEndpoint: {
    method: 'DELETE',
    path: `${service}/endpoint/{endpointId}`,
    versions: v20230101,
    status: 202,
    access: owner,
    v1: true,
  },
  getGroupPrivateEndpointRegionalMode: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/privateEndpoint/regionalMode`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  toggleGroupPrivateEndpointRegionalMode: {
    method: 'PATCH',
    path: `${v2}/groups/{groupId}/privateEndpoint/regionalMode`,
    versions: v20230101,
    status: 202,
    access: owner,
    v1: true,
  },
} as const satisfies Record<string, Route>
