// Operations on endpoint services, the private endpoints attached to them, and the regional mode of a group. Part of the
// one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const service = `${v2}/groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}`
const own = '/api/postern/v1/groups/{groupId}/privateEndpoint'
const ownService = `${own}/{cloudProvider}/endpointService/{endpointServiceId}`
const ownEndpoint = `${ownService}/endpoint/{endpointId}`
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

  // What Atlas has no API for: get-or-create, lists over all providers, labels, corrections, retry and the way back
  listGroupEndpointServices: {
    method: 'GET',
    path: `${own}/endpointService`,
    versions: [],
    status: 200,
    access: reader,
    paged: true,
  },
  ensureGroupEndpointService: {
    method: 'POST',
    path: `${own}/endpointService:ensure`,
    versions: [],
    status: 200,
    access: owner,
  },
  getGroupEndpointService: { method: 'GET', path: ownService, versions: [], status: 200, access: reader },
  getGroupEndpointServiceSetup: {
    method: 'GET',
    path: `${ownService}/setup`,
    versions: [],
    status: 200,
    access: reader,
  },
  updateGroupEndpointService: { method: 'PATCH', path: ownService, versions: [], status: 200, access: owner },
  retryGroupEndpointService: {
    method: 'POST',
    path: `${ownService}:retry`,
    versions: [],
    status: 202,
    access: owner,
  },
  undoGroupEndpointServiceDeletion: {
    method: 'POST',
    path: `${ownService}:undo`,
    versions: [],
    status: 202,
    access: owner,
  },
  listGroupPrivateEndpoints: {
    method: 'GET',
    path: `${own}/endpoint`,
    versions: [],
    status: 200,
    access: reader,
    paged: true,
  },
  ensureGroupPrivateEndpoint: {
    method: 'POST',
    path: `${ownService}/endpoint:ensure`,
    versions: [],
    status: 200,
    access: owner,
  },
  getGroupPrivateEndpoint: { method: 'GET', path: ownEndpoint, versions: [], status: 200, access: reader },
  updateGroupPrivateEndpoint: { method: 'PATCH', path: ownEndpoint, versions: [], status: 200, access: owner },
  deleteGroupPrivateEndpoint: { method: 'DELETE', path: ownEndpoint, versions: [], status: 202, access: owner },
  retryGroupPrivateEndpoint: {
    method: 'POST',
    path: `${ownEndpoint}:retry`,
    versions: [],
    status: 202,
    access: owner,
  },
  undoGroupPrivateEndpointDeletion: {
    method: 'POST',
    path: `${ownEndpoint}:undo`,
    versions: [],
    status: 202,
    access: owner,
  },
  listGroupGatewayPorts: {
    method: 'GET',
    path: `${own}/gatewayPorts`,
    versions: [],
    status: 200,
    access: reader,
  },
  listGroupTerminations: {
    method: 'GET',
    path: `${own}/terminations`,
    versions: [],
    status: 200,
    access: reader,
    paged: true,
  },
} as const satisfies Record<string, Route>
