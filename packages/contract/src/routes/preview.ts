// What a change would do, told before it is made: read-only, and the same refusals. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const own = '/api/postern/v1/groups/{groupId}'
const services = `${own}/privateEndpoint`
const service = `${services}/{cloudProvider}/endpointService/{endpointServiceId}`
const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const
const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const

export const previewRoutes = {
  checkGroupEndpointService: {
    method: 'POST',
    path: `${services}/endpointService:check`,
    versions: [],
    status: 200,
    access: reader,
  },
  checkGroupPrivateEndpoint: {
    method: 'POST',
    path: `${service}/endpoint:check`,
    versions: [],
    status: 200,
    access: reader,
  },
  checkGroupPrivateEndpointRegionalMode: {
    method: 'POST',
    path: `${services}/regionalMode:check`,
    versions: [],
    status: 200,
    access: reader,
  },
  previewGroupEndpointServiceDeletion: {
    method: 'GET',
    path: `${service}/deletion`,
    versions: [],
    status: 200,
    access: reader,
  },
  previewGroupPrivateEndpointDeletion: {
    method: 'GET',
    path: `${service}/endpoint/{endpointId}/deletion`,
    versions: [],
    status: 200,
    access: reader,
  },
  /** It dials what the caller names, so that it takes what registering takes. */
  checkGroupDeployment: { method: 'POST', path: `${own}/deployments:check`, versions: [], status: 200, access: owner },
  getGroupCallerRoles: { method: 'GET', path: `${own}/callerRoles`, versions: [], status: 200, access: reader },
} as const satisfies Record<string, Route>
