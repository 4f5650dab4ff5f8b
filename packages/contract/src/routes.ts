// Every operation once, as plain data: path, media-type versions, success status, who may. The HTTP engine, the typed
// client, the OpenAPI document and the tests read this table; bodies and replies are in schemas/, under the same ids.
// Statuses are the recorded ones where a recording exists (POST endpointService 201, its DELETE 202 with `{}`).

import type { GroupRole, OrgRole } from './roles.ts'
import { clusterRoutes, oldClusters } from './routes/cluster.ts'
import { groupNetworkRoutes } from './routes/group-network.ts'
import { machineRoutes } from './routes/machine.ts'
import { peopleRoutes } from './routes/people.ts'

/**
 * Who may call. `group` and `org`: an actor that holds one of these roles there, or one that implies it
 * (control-plane http/may.ts). `local`: any authenticated actor; the local cloud belongs to the whole machine.
 */
export type Access =
  | { readonly kind: 'public' | 'authenticated' | 'edge' | 'local' }
  | { readonly kind: 'group'; readonly roles: readonly GroupRole[] }
  /**
   * As `group`, and a user who owns the group's organization and nothing else may do it to themselves: the handler
   * judges that (http/may.ts, `onlyForThemselves`).
   */
  | { readonly kind: 'groupOrSelf'; readonly roles: readonly GroupRole[] }
  | { readonly kind: 'org'; readonly roles: readonly OrgRole[] }
  /** The path names a group; the role is held in the group's organization. */
  | { readonly kind: 'groupOfOrg'; readonly roles: readonly OrgRole[] }
  /** What belongs to no organization: the role is held in any of them. */
  | { readonly kind: 'anyOrg'; readonly roles: readonly OrgRole[] }
  /** An organization that the body names, not the path: the handler judges (createGroup). */
  | { readonly kind: 'bodyOrg'; readonly roles: readonly OrgRole[] }

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** Media-type versions, oldest first; none: plain `application/json`. */
  readonly versions: readonly string[]
  readonly status: number
  readonly access: Access
  /** Versions that say they are on their way out: what their answers carry in `Deprecation` and `Sunset` (recorded). */
  readonly deprecated?: Readonly<Record<string, { readonly deprecation: string; readonly sunset?: string }>>
  /** Answers `{ links, results, totalCount }` and takes pageNum, itemsPerPage, includeCount. */
  readonly paged?: true
  /** Also answers under /api/atlas/v1.0 as plain JSON: official clients still call it there. */
  readonly v1?: true
  /** The body is a form (OAuth), not JSON. */
  readonly form?: true
}

const v2 = '/api/atlas/v2'
const own = '/api/postern/v1'
const service = `${v2}/groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}`
const v20230101 = ['2023-01-01'] as const
const clusterVersions = ['2023-01-01', '2023-02-01', '2024-08-05'] as const

const anyone = { kind: 'public' } as const
const actor = { kind: 'authenticated' } as const
const edge = { kind: 'edge' } as const
const local = { kind: 'local' } as const
const group = <const Roles extends readonly GroupRole[]>(...roles: Roles) => ({ kind: 'group', roles }) as const
const org = <const Roles extends readonly OrgRole[]>(...roles: Roles) => ({ kind: 'org', roles }) as const
const reader = group('GROUP_READ_ONLY')
const owner = group('GROUP_OWNER')
const member = org('ORG_MEMBER')
const orgOwner = org('ORG_OWNER')

export const routes = {
  // Organizations and groups
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
    access: org('ORG_MEMBER'),
    v1: true,
  },
  getOrgGroups: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/groups`,
    versions: v20230101,
    status: 200,
    access: org('ORG_MEMBER'),
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

  // Project API keys
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
    access: group('GROUP_ACCESS_MANAGER'),
    v1: true,
  },
  removeGroupApiKey: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/apiKeys/{apiUserId}`,
    versions: v20230101,
    status: 204,
    access: group('GROUP_ACCESS_MANAGER'),
    v1: true,
  },

  ...clusterRoutes,
  ...machineRoutes,
  ...groupNetworkRoutes,

  // Project limits
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

  ...peopleRoutes,

  // Private endpoints
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

  // Clusters
  listGroupClusters: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/clusters`,
    versions: clusterVersions,
    deprecated: oldClusters,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  createGroupCluster: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/clusters`,
    versions: [...clusterVersions, '2024-10-23'],
    deprecated: oldClusters,
    status: 201,
    access: group('GROUP_CLUSTER_CREATOR'),
    v1: true,
  },
  getGroupCluster: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/clusters/{clusterName}`,
    versions: clusterVersions,
    deprecated: oldClusters,
    status: 200,
    access: reader,
    v1: true,
  },
  deleteGroupCluster: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/clusters/{clusterName}`,
    versions: ['2023-01-01', '2023-02-01'],
    status: 202,
    access: owner,
    v1: true,
  },

  // Events
  listGroupEvents: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/events`,
    versions: v20230101,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  getGroupEvent: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/events/{eventId}`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  listOrgEvents: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/events`,
    versions: v20230101,
    status: 200,
    access: org('ORG_MEMBER'),
    paged: true,
    v1: true,
  },
  getOrgEvent: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/events/{eventId}`,
    versions: v20230101,
    status: 200,
    access: org('ORG_MEMBER'),
    v1: true,
  },

  // Database users
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
    access: group('GROUP_DATABASE_ACCESS_ADMIN', 'GROUP_STREAM_PROCESSING_OWNER'),
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
    access: group('GROUP_DATABASE_ACCESS_ADMIN', 'GROUP_STREAM_PROCESSING_OWNER'),
    v1: true,
  },
  deleteGroupDatabaseUser: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/databaseUsers/{databaseName}/{username}`,
    versions: v20230101,
    status: 204,
    access: group('GROUP_DATABASE_ACCESS_ADMIN', 'GROUP_STREAM_PROCESSING_OWNER'),
    v1: true,
  },

  // Tokens and what clients ask beside the API
  createToken: { method: 'POST', path: '/api/oauth/token', versions: [], status: 200, access: anyone, form: true },
  revokeToken: { method: 'POST', path: '/api/oauth/revoke', versions: [], status: 200, access: anyone, form: true },
  getDefaultMongoDBMajorVersion: {
    method: 'GET',
    path: '/api/private/unauth/nds/defaultMongoDBMajorVersion',
    versions: [],
    status: 200,
    access: anyone,
  },
  getIpInfo: { method: 'GET', path: '/api/private/ipinfo', versions: [], status: 200, access: actor },

  // The local cloud: the consumer's side on this machine
  createLocalAwsVpcEndpoint: {
    method: 'POST',
    path: `${own}/local/aws/vpcEndpoints`,
    versions: [],
    status: 201,
    access: local,
  },
  listLocalAwsVpcEndpoints: {
    method: 'GET',
    path: `${own}/local/aws/vpcEndpoints`,
    versions: [],
    status: 200,
    access: local,
  },
  deleteLocalAwsVpcEndpoint: {
    method: 'DELETE',
    path: `${own}/local/aws/vpcEndpoints/{vpcEndpointId}`,
    versions: [],
    status: 204,
    access: local,
  },
  createLocalAzurePrivateEndpoint: {
    method: 'POST',
    path: `${own}/local/azure/privateEndpoints`,
    versions: [],
    status: 201,
    access: local,
  },
  listLocalAzurePrivateEndpoints: {
    method: 'GET',
    path: `${own}/local/azure/privateEndpoints`,
    versions: [],
    status: 200,
    access: local,
  },
  deleteLocalAzurePrivateEndpoint: {
    method: 'DELETE',
    path: `${own}/local/azure/privateEndpoints/{privateEndpointId}`,
    versions: [],
    status: 204,
    access: local,
  },
  createLocalGcpForwardingRule: {
    method: 'POST',
    path: `${own}/local/gcp/forwardingRules`,
    versions: [],
    status: 201,
    access: local,
  },
  listLocalGcpForwardingRules: {
    method: 'GET',
    path: `${own}/local/gcp/forwardingRules`,
    versions: [],
    status: 200,
    access: local,
  },
  deleteLocalGcpForwardingRule: {
    method: 'DELETE',
    path: `${own}/local/gcp/forwardingRules/{project}/{region}/{forwardingRuleName}`,
    versions: [],
    status: 204,
    access: local,
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
  getGroupClusterConnectionStrings: {
    method: 'GET',
    path: `${own}/groups/{groupId}/clusters/{clusterName}/connectionStrings`,
    versions: [],
    status: 200,
    access: reader,
  },
  getEdgeSnapshot: {
    method: 'GET',
    path: `${own}/edges/{edge}/snapshots/{feed}`,
    versions: [],
    status: 200,
    access: edge,
  },
  createEdgeReport: {
    method: 'POST',
    path: `${own}/edges/{edge}/reports/{feed}`,
    versions: [],
    status: 204,
    access: edge,
  },
  createEdgeCertificate: {
    method: 'POST',
    path: `${own}/edges/{edge}/certificates`,
    versions: [],
    status: 201,
    access: edge,
  },
  listEdges: { method: 'GET', path: `${own}/edges`, versions: [], status: 200, access: actor },
  deleteEdge: {
    method: 'DELETE',
    path: `${own}/edges/{edge}`,
    versions: [],
    status: 204,
    access: { kind: 'anyOrg', roles: ['ORG_OWNER'] },
  },
  /** Public, since whoever is to trust it has no key yet; a certificate is no secret. */
  getCertificateAuthority: { method: 'GET', path: `${own}/ca`, versions: [], status: 200, access: anyone },

  // The server itself
  getSystemStatus: { method: 'GET', path: v2, versions: v20230101, status: 200, access: actor, v1: true },
  getHealth: { method: 'GET', path: '/healthz', versions: [], status: 200, access: anyone },
  getReadiness: { method: 'GET', path: '/readyz', versions: [], status: 200, access: anyone },
} as const satisfies Record<string, Route>

export type OperationId = keyof typeof routes
