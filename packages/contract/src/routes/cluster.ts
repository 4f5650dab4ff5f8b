// Operations on clusters: what is made, changed and deleted, process arguments, fail-overs, deployments that are
// registered, and Flex clusters, which have an API of their own. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const own = '/api/postern/v1'
const group = `${v2}/groups/{groupId}`
const cluster = `${group}/clusters/{clusterName}`
const flex = `${group}/flexClusters`

const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const
const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const
const manager = { kind: 'group', roles: ['GROUP_CLUSTER_MANAGER'] } as const

const oldest = '2023-01-01'
const clusterVersions = [oldest, '2023-02-01', '2024-08-05'] as const
const flexVersions = ['2024-11-13'] as const

const replaced = { deprecation: 'Mon, 5 Aug 2024 00:00:00 GMT', sunset: 'Thu, 1 Jul 2027 00:00:00 GMT' } as const

/** The description of clusters with a spec per zone. */
const oldClusters = { '2023-02-01': replaced } as const

export const clusterRoutes = {
  listGroupClusters: {
    method: 'GET',
    path: `${group}/clusters`,
    versions: clusterVersions,
    deprecated: oldClusters,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  createGroupCluster: {
    method: 'POST',
    path: `${group}/clusters`,
    versions: [...clusterVersions, '2024-10-23'],
    deprecated: oldClusters,
    status: 201,
    access: { kind: 'group', roles: ['GROUP_CLUSTER_CREATOR'] },
    v1: true,
  },
  getGroupCluster: {
    method: 'GET',
    path: cluster,
    versions: clusterVersions,
    deprecated: oldClusters,
    status: 200,
    access: reader,
    v1: true,
  },
  deleteGroupCluster: {
    method: 'DELETE',
    path: cluster,
    versions: [oldest, '2023-02-01'],
    status: 202,
    access: owner,
    v1: true,
  },
  listClusterDetails: {
    method: 'GET',
    path: `${v2}/clusters`,
    versions: [oldest],
    status: 200,
    access: { kind: 'authenticated' },
    paged: true,
    v1: true,
  },
  updateGroupCluster: {
    method: 'PATCH',
    path: cluster,
    versions: [oldest, '2023-02-01', '2024-08-05', '2024-10-23'],
    deprecated: oldClusters,
    status: 200,
    access: manager,
    v1: true,
  },
  autoGroupClusterScalingConfiguration: {
    method: 'GET',
    path: `${cluster}/autoScalingConfiguration`,
    versions: ['2024-08-05'],
    deprecated: { '2024-08-05': { deprecation: 'Wed, 23 Oct 2024 00:00:00 GMT' } },
    status: 200,
    access: reader,
  },
  getGroupClusterProcessArgs: {
    method: 'GET',
    path: `${cluster}/processArgs`,
    versions: [oldest, '2024-08-05'],
    deprecated: { [oldest]: replaced },
    status: 200,
    access: reader,
    v1: true,
  },
  updateGroupClusterProcessArgs: {
    method: 'PATCH',
    path: `${cluster}/processArgs`,
    versions: [oldest, '2024-08-05'],
    deprecated: { [oldest]: replaced },
    status: 200,
    access: manager,
    v1: true,
  },
  restartGroupClusterPrimaries: {
    method: 'POST',
    path: `${cluster}/restartPrimaries`,
    versions: [oldest, '2023-02-01'],
    status: 200,
    access: manager,
    v1: true,
  },
  getGroupClusterStatus: {
    method: 'GET',
    path: `${cluster}/status`,
    versions: [oldest],
    status: 200,
    access: reader,
    v1: true,
  },
  getGroupClusterGlobalWrites: {
    method: 'GET',
    path: `${cluster}/globalWrites`,
    versions: [oldest, '2023-02-01', '2024-08-05'],
    status: 200,
    access: reader,
    v1: true,
  },
  listGroupClusterProviderRegions: {
    method: 'GET',
    path: `${group}/clusters/provider/regions`,
    versions: [oldest],
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  listGroupFlexClusters: {
    method: 'GET',
    path: flex,
    versions: flexVersions,
    status: 200,
    access: reader,
    paged: true,
  },
  createGroupFlexCluster: { method: 'POST', path: flex, versions: flexVersions, status: 201, access: owner },
  getGroupFlexCluster: { method: 'GET', path: `${flex}/{name}`, versions: flexVersions, status: 200, access: reader },
  updateGroupFlexCluster: {
    method: 'PATCH',
    path: `${flex}/{name}`,
    versions: flexVersions,
    status: 200,
    access: owner,
  },
  deleteGroupFlexCluster: {
    method: 'DELETE',
    path: `${flex}/{name}`,
    versions: flexVersions,
    status: 204,
    access: owner,
  },

  // What Atlas has no API for
  /** Organization Owner besides: judged by the handler, since the path names no organization. */
  registerGroupDeployment: {
    method: 'POST',
    path: `${own}/groups/{groupId}/deployments`,
    versions: [],
    status: 201,
    access: owner,
  },
  listGroupDeployments: {
    method: 'GET',
    path: `${own}/groups/{groupId}/deployments`,
    versions: [],
    status: 200,
    access: reader,
    paged: true,
  },
  listGroupClusterMembers: {
    method: 'GET',
    path: `${own}/groups/{groupId}/clusters/{clusterName}/members`,
    versions: [],
    status: 200,
    access: reader,
  },
  getGroupClusterConnectionStrings: {
    method: 'GET',
    path: `${own}/groups/{groupId}/clusters/{clusterName}/connectionStrings`,
    versions: [],
    status: 200,
    access: reader,
  },
  getGroupClusterStandardListener: {
    method: 'GET',
    path: `${own}/groups/{groupId}/clusters/{clusterName}/standardListener`,
    versions: [],
    status: 200,
    access: reader,
  },
  updateGroupClusterStandardListener: {
    method: 'PATCH',
    path: `${own}/groups/{groupId}/clusters/{clusterName}/standardListener`,
    versions: [],
    status: 200,
    access: manager,
  },
} as const satisfies Record<string, Route>
