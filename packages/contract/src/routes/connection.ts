// Live connections of a group, listed and ended, and what flowed through an endpoint or a standard listener. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const endpoint =
  '/api/postern/v1/groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}/endpoint/{endpointId}'
const standardListener = '/api/postern/v1/groups/{groupId}/clusters/{clusterName}/standardListener'
const connections = '/api/postern/v1/groups/{groupId}/connections'

export const connectionRoutes = {
  listGroupConnections: {
    method: 'GET',
    path: connections,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_READ_ONLY'] },
    paged: true,
  },
  summarizeGroupConnections: {
    method: 'GET',
    path: `${connections}:summary`,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_READ_ONLY'] },
  },
  killGroupConnections: {
    method: 'DELETE',
    path: connections,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_OWNER'] },
  },
  killGroupConnection: {
    method: 'DELETE',
    path: `${connections}/{connectionId}`,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_OWNER'] },
  },
  getGroupPrivateEndpointTraffic: {
    method: 'GET',
    path: `${endpoint}/traffic`,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_READ_ONLY'] },
  },
  getGroupClusterStandardListenerTraffic: {
    method: 'GET',
    path: `${standardListener}/traffic`,
    versions: [],
    status: 200,
    access: { kind: 'group', roles: ['GROUP_READ_ONLY'] },
  },
} as const satisfies Record<string, Route>
