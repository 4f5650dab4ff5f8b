// Examples of requests, in an order in which they can be sent one after the other: what one creates the next ones use.
// They stand in the OpenAPI document, and a test sends every one of them to a running server
// (control-plane, http/openapi-examples.test.ts).

import type { OperationId } from '../routes.ts'
import { accessExamples } from './access-examples.ts'
import { type Example, ids, keep, known, send } from './example.ts'

const azure = { cloudProvider: 'AZURE', endpointServiceId: ids.azureServiceId, endpointId: ids.azureEndpointId }
const gcp = { cloudProvider: 'GCP', endpointServiceId: ids.gcpServiceId, endpointId: 'shop' }
const region = (nodeCount: number) => ({
  providerName: 'AWS',
  regionName: 'EU_WEST_1',
  priority: 7,
  electableSpecs: { instanceSize: 'M10', nodeCount },
})

const traffic = {
  run: '0f1e2d3c4b5a6978',
  n: 1,
  endpoints: [
    {
      endpointId: '6553f0c8a3b1c2d4e5f60817',
      bytesFromClient: 48_213,
      bytesFromMember: 902_144,
      connections: 6,
      newConnections: 9,
      refused: 0,
    },
  ],
}

const inOrder = [
  send('getHealth'),

  send('getReadiness'),
  send('getDefaultMongoDBMajorVersion'),
  send('getIpInfo'),
  send('getSystemStatus'),

  send('listOrgs', { query: { itemsPerPage: '10' } }),
  send('getOrg'),
  send('updateOrg', { body: { name: 'Shop' } }),
  send('getOrgSettings'),
  send('updateOrgSettings', { body: { operationsContact: 'ops@example.com' } }),
  send('createGroup', {
    body: { name: known('groupName'), orgId: ids.orgId, tags: [{ key: 'env', value: 'test' }] },
    ...keep('groupId', '/id'),
  }),
  send('createOrgGroup', { body: { name: 'Tests', id: '6553f0c8a3b1c2d4e5f607f5', hash: 'tests' } }),
  send('listGroups', { query: { pageNum: '1', itemsPerPage: '100', includeCount: 'true' } }),
  send('getGroup'),
  send('getGroupHash'),
  send('getGroupByName'),
  send('getOrgGroups'),
  send('updateGroup', { body: { tags: [{ key: 'env', value: 'production' }] } }),
  send('getGroupSettings'),
  send('updateGroupSettings', { body: { isDataExplorerEnabled: false } }),
  send('updateGroupFidelity', { body: { own: 'postern' } }),
  send('getGroupFidelity'),
  send('updateGroupPrivateOnly', { body: { enabled: false } }),
  send('getGroupPrivateOnly'),
  send('diagnoseGroup', { body: { hosts: ['127.0.0.1:1024'], username: 'shop', databaseName: 'admin' } }),
  send('listGroupLimits'),
  send('setGroupLimit', { body: { value: 30 } }),
  send('getGroupLimit'),
  send('deleteGroupLimit'),
  send('disableGroupManagedSlowMs'),
  send('getGroupManagedSlowMs'),
  send('enableGroupManagedSlowMs'),
  send('listGroupPeers'),
  send('listGroupIntegrations'),
  send('getGroupEncryptionAtRest'),
  send('getGroupAuditLog'),
  send('getGroupBackupCompliancePolicy'),
  send('getGroupIpAddresses'),

  send('createGroupCluster', {
    body: {
      name: known('clusterName'),
      clusterType: 'REPLICASET',
      replicationSpecs: [{ regionConfigs: [region(3)] }],
    },
  }),
  send('createGroupFlexCluster', {
    body: { name: known('name'), providerSettings: { backingProviderName: 'AWS', regionName: 'EU_WEST_1' } },
  }),
  send('createGroupPrivateEndpointEndpointService', {
    name: 'AWS',
    body: { providerName: 'AWS', region: 'EU_WEST_1' },
    ...keep('endpointServiceId', '/id'),
  }),
  send('createGroupPrivateEndpointEndpointService', {
    name: 'Azure',
    body: { providerName: 'AZURE', region: 'EUROPE_NORTH' },
    ...keep('azureServiceId', '/id'),
  }),
  send('createGroupPrivateEndpointEndpointService', {
    name: 'GoogleCloud',
    body: { providerName: 'GCP', region: 'WESTERN_EUROPE', portMappingEnabled: true },
    ...keep('gcpServiceId', '/id'),
  }),
  send('getGroupPrivateEndpointEndpointService', { name: 'AWS', ...keep('serviceName', '/endpointServiceName') }),
  send('getGroupPrivateEndpointEndpointService', {
    name: 'Azure',
    path: azure,
    ...keep('linkService', '/privateLinkServiceResourceId'),
  }),
  send('getGroupPrivateEndpointEndpointService', {
    name: 'GoogleCloud',
    path: gcp,
    ...keep('serviceAttachment', '/serviceAttachmentNames/0'),
  }),
  send('listGroupPrivateEndpointEndpointService'),
  send('createLocalAwsVpcEndpoint', {
    body: { serviceName: ids.serviceName },
    ...keep('endpointId', '/vpcEndpointId'),
  }),
  send('createLocalAzurePrivateEndpoint', {
    body: { name: 'shop', privateLinkServiceId: ids.linkService },
    keeps: { [ids.azureEndpointId]: '/id', [ids.azureAddress]: '/privateIPAddress' },
  }),
  send('createLocalGcpForwardingRule', {
    body: { name: 'shop', target: ids.serviceAttachment },
    keeps: { [ids.gcpAddress]: '/forwardingRules/0/IPAddress' },
  }),
  send('listLocalAwsVpcEndpoints'),
  send('listLocalAzurePrivateEndpoints'),
  send('listLocalGcpForwardingRules'),
  send('createGroupPrivateEndpointEndpointServiceEndpoint', { name: 'AWS', body: { id: ids.endpointId } }),
  send('createGroupPrivateEndpointEndpointServiceEndpoint', {
    name: 'Azure',
    path: azure,
    body: { id: ids.azureEndpointId, privateEndpointIPAddress: ids.azureAddress },
  }),
  send('createGroupPrivateEndpointEndpointServiceEndpoint', {
    name: 'GoogleCloud',
    path: gcp,
    body: {
      endpointGroupName: 'shop',
      gcpProjectId: known('project'),
      endpoints: [{ endpointName: 'shop', ipAddress: ids.gcpAddress }],
    },
  }),
  send('getGroupPrivateEndpointEndpointServiceEndpoint'),
  send('updateGroupPrivateEndpointEndpointService', {
    body: { cloudProvider: 'AWS', supportedRemoteRegions: ['US_EAST_1'] },
  }),
  send('ensureGroupEndpointService', { body: { providerName: 'AWS', region: 'eu-west-1' } }),
  send('updateGroupEndpointService', { body: { labels: { team: 'shop' }, description: 'Of the shop' } }),
  send('listGroupEndpointServices', { query: { region: 'eu-west-1', status: 'AVAILABLE', label: 'team:shop' } }),
  send('getGroupEndpointService'),
  send('getGroupEndpointServiceSetup', { query: { tool: 'aws', vpcId: 'vpc-0123456789abcdef0' } }),
  send('checkGroupEndpointService', { body: { providerName: 'AWS', region: 'eu-west-1' } }),
  send('checkGroupPrivateEndpoint', { body: { id: ids.endpointId } }),
  send('previewGroupPrivateEndpointDeletion'),
  send('previewGroupEndpointServiceDeletion'),
  send('getGroupCallerRoles'),
  send('ensureGroupPrivateEndpoint', { name: 'AWS', body: { id: ids.endpointId } }),
  send('ensureGroupPrivateEndpoint', { name: 'unknown', body: { id: ids.unknownEndpointId } }),
  send('updateGroupPrivateEndpoint', { body: { labels: { team: 'shop' } } }),
  send('listGroupPrivateEndpoints', { query: { cloudProvider: 'AWS', label: 'team' } }),
  send('getGroupPrivateEndpoint', { name: 'AWS' }),
  send('getGroupPrivateEndpoint', {
    name: 'unknown',
    path: { endpointId: ids.unknownEndpointId },
    ...keep('refusal', '/errorMessage'),
  }),
  send('retryGroupPrivateEndpoint', { path: { endpointId: ids.unknownEndpointId } }),
  send('deleteGroupPrivateEndpoint', { name: 'unknown', path: { endpointId: ids.unknownEndpointId } }),
  send('getGroupPrivateEndpointRegionalMode'),
  send('checkGroupPrivateEndpointRegionalMode', { body: { enabled: true } }),
  send('toggleGroupPrivateEndpointRegionalMode', { body: { enabled: false } }),

  send('getGroupCluster', { keeps: { [ids.connectionString]: '/connectionStrings/standard' } }),
  send('checkGroupDeployment', {
    body: { name: 'Shop', connectionString: ids.connectionString, provider: 'AWS', region: 'EU_WEST_1' },
  }),
  send('registerGroupDeployment', {
    body: { name: 'Shop', connectionString: ids.connectionString, provider: 'AWS', region: 'EU_WEST_1' },
  }),
  send('listGroupDeployments'),
  send('listGroupClusters'),
  send('listClusterDetails'),
  send('updateGroupCluster', { body: { tags: [{ key: 'team', value: 'shop' }] } }),
  send('autoGroupClusterScalingConfiguration'),
  send('updateGroupClusterProcessArgs', { body: { noTableScan: true } }),
  send('getGroupClusterProcessArgs'),
  send('getGroupClusterStatus'),
  send('getGroupClusterGlobalWrites'),
  send('restartGroupClusterPrimaries'),
  send('listGroupClusterProviderRegions', { query: { providers: 'AWS', tier: 'M10' } }),
  send('listGroupClusterMembers'),
  send('getGroupClusterConnectionStrings'),
  send('updateGroupClusterStandardListener', { body: { enabled: false, policy: { maxSnapshotAgeSeconds: 300 } } }),
  send('getGroupClusterStandardListener'),
  send('getGroupClusterStandardListenerTraffic', { query: { period: 'PT1H' } }),
  send('listGroupFlexClusters'),
  send('getGroupFlexCluster'),
  send('updateGroupFlexCluster', { body: { tags: [{ key: 'team', value: 'shop' }] } }),

  send('createGroupCustomDbRoleRole', {
    body: {
      roleName: known('roleName'),
      actions: [{ action: 'FIND', resources: [{ db: 'shop', collection: 'carts' }] }],
      inheritedRoles: [{ db: 'shop', role: 'read' }],
    },
  }),
  send('listGroupCustomDbRoleRoles'),
  send('getGroupCustomDbRoleRole'),
  send('updateGroupCustomDbRoleRole', {
    body: { actions: [{ action: 'LIST_SESSIONS', resources: [{ cluster: true }] }] },
  }),
  send('createGroupDatabaseUser', {
    body: {
      databaseName: 'admin',
      username: known('username'),
      password: 'correct-horse-battery',
      roles: [{ databaseName: 'shop', roleName: 'readWrite' }],
      scopes: [{ type: 'CLUSTER', name: known('clusterName') }],
    },
  }),
  send('listGroupDatabaseUsers'),
  send('getGroupDatabaseUser'),
  send('updateGroupDatabaseUser', { body: { roles: [{ databaseName: 'shop', roleName: 'read' }] } }),
  send('createGroupDatabaseUser', {
    name: 'X509',
    body: {
      databaseName: '$external',
      username: 'pipeline',
      x509Type: 'MANAGED',
      roles: [
        { databaseName: 'admin', roleName: known('roleName') },
        { databaseName: 'shop', roleName: 'readWrite' },
      ],
    },
  }),
  send('createGroupDatabaseUserCert', { path: { username: 'pipeline' }, body: { monthsUntilExpiration: 6 } }),
  send('listGroupDatabaseUserCerts', { path: { username: 'pipeline' } }),
  send('getDatabaseUserAuthority'),
  send('listGroupDatabaseAccess'),

  send('createGroupAccessListEntry', { body: [{ ipAddress: known('entryValue'), comment: 'Office' }] }),
  send('listGroupAccessListEntries'),
  send('getGroupAccessListEntry'),
  send('getGroupAccessListStatus'),
  send('createGroupContainer', {
    body: { providerName: 'AWS', regionName: 'US_WEST_2', atlasCidrBlock: '10.8.0.0/21' },
    ...keep('containerId', '/id'),
  }),
  send('listGroupContainers', { query: { providerName: 'AWS' } }),
  send('listGroupContainerAll'),
  send('getGroupContainer'),
  send('updateGroupContainer', { body: { providerName: 'AWS', atlasCidrBlock: '10.9.0.0/21' } }),
  send('toggleGroupAwsCustomDns', { body: { enabled: true } }),
  send('getGroupAwsCustomDns'),

  ...accessExamples,

  send('listGroupEvents', { query: { eventType: 'CLUSTER_CREATED' }, ...keep('eventId', '/results/0/id') }),
  send('getGroupEvent'),
  send('listOrgEvents', { query: { itemsPerPage: '1' }, ...keep('eventId', '/results/0/id') }),
  send('getOrgEvent'),
  send('searchGroupEvents', { query: { actor: 'postern', clusterNames: known('clusterName'), itemsPerPage: '1' } }),
  send('searchOrgEvents', { query: { eventType: 'GROUP_CREATED', itemsPerPage: '1' } }),

  send('createGroupWebhook', {
    body: { url: 'http://localhost:9000/postern', eventTypes: ['INTERFACE_ENDPOINT_CREATED'] },
    ...keep('webhookId', '/id'),
  }),
  send('listGroupWebhooks'),
  send('getGroupWebhook'),
  send('testGroupWebhook'),
  send('listGroupWebhookDeliveries', { query: { itemsPerPage: '20' } }),
  send('updateGroupWebhook', { body: { enabled: false } }),
  send('deleteGroupWebhook'),
  send('createOrgWebhook', {
    body: { url: 'http://localhost:9000/postern', description: 'All projects come and go' },
    ...keep('webhookId', '/id'),
  }),
  send('listOrgWebhooks'),
  send('getOrgWebhook'),
  send('testOrgWebhook'),
  send('listOrgWebhookDeliveries'),
  send('updateOrgWebhook', { body: { eventTypes: ['GROUP_CREATED', 'GROUP_DELETED'] } }),
  send('deleteOrgWebhook'),

  send('listGroupGatewayPorts'),
  send('listGroupConnections', { query: { appName: 'shop' } }),
  send('summarizeGroupConnections'),
  send('killGroupConnections', { query: { appName: 'shop' } }),
  send('getGroupPrivateEndpointTraffic', { query: { period: 'PT1H' } }),

  send('getCertificateAuthority'),
  send('getEdgeSnapshot', { keeps: { [ids.epoch]: '/epoch' } }),
  send('createTestingFault', {
    body: { name: 'endpoint-refused', provider: 'AWS', region: 'US_EAST_1', times: 2 },
    ...keep('faultId', '/id'),
  }),
  send('listTestingFaults'),
  send('deleteTestingFault'),
  send('deleteTestingFaults'),
  send('createEdgeReport', { body: { epoch: ids.epoch, n: 1, bound: [], failed: [], traffic } }),
  send('createEdgeEnrolment', {
    path: { edge: 'gateway-1' },
    body: { groupIds: [ids.groupId], expiresAfterMinutes: 30 },
  }),
  send('listEdges'),
  send('previewEdgeRemoval'),
  send('deleteEdge'),
  send('createOrg', {
    body: {
      name: 'Shop of Ada',
      orgOwnerId: ids.userId,
      apiKey: { desc: 'pipeline', roles: ['ORG_OWNER'] },
      skipDefaultAlertsSettings: true,
    },
  }),

  send('deleteGroupPrivateEndpoint', { name: 'AWS' }),
  send('listGroupTerminations'),
  send('undoGroupPrivateEndpointDeletion'),
  send('deleteGroupPrivateEndpointEndpointServiceEndpoint', { name: 'AWS' }),
  send('deleteGroupPrivateEndpointEndpointServiceEndpoint', { name: 'Azure', path: azure }),
  send('deleteGroupPrivateEndpointEndpointServiceEndpoint', { name: 'GoogleCloud', path: gcp }),
  send('deleteLocalAwsVpcEndpoint'),
  send('deleteLocalAzurePrivateEndpoint'),
  send('deleteLocalGcpForwardingRule', { path: { region: 'europe-west1', forwardingRuleName: 'shop' } }),
  send('deleteGroupPrivateEndpointEndpointService', { name: 'undone' }),
  send('undoGroupEndpointServiceDeletion'),
  send('deleteGroupPrivateEndpointEndpointService', { name: 'AWS' }),
  send('deleteGroupPrivateEndpointEndpointService', { name: 'Azure', path: azure }),
  send('deleteGroupPrivateEndpointEndpointService', { name: 'GoogleCloud', path: gcp }),
  send('deleteGroupAccessListEntry'),
  send('deleteGroupContainer'),
  send('deleteGroupCustomDbRoleRole'),
  send('deleteGroupDatabaseUser'),
  send('deleteGroupFlexCluster'),
  send('deleteGroupCluster', { name: 'ofAtlas' }),
  send('deleteGroupCluster', { name: 'registered', path: { clusterName: 'Shop' } }),
  send('deleteGroup'),
  send('removeOrgUser'),
]

/** Operations that no example can be sent of out of the blue, and why. */
const without = {
  deleteOrg: 'would take everything else along',
  getSession: 'needs the cookie of a session',
  deleteSession: 'needs the cookie of a session',
  changeSessionPassword: 'needs the cookie of a session',
  retryGroupEndpointService: 'needs an endpoint service that failed',
  streamGroupEvents: 'goes on answering until its caller goes',
  streamOrgEvents: 'goes on answering until its caller goes',
  killGroupConnection: 'needs a connection',
  getEdgeQuestions: 'waits until something is asked',
  createEdgeAnswer: 'needs a question',
  advanceTestingClock: 'would make what the other examples wait for happen at once',
  keepTestingSeed: 'needs a server whose turns and store a test may drive',
  resetTesting: 'would undo the other examples',
  stopTesting: 'ends the server',
  createEdgeCertificate: 'needs a certificate request for an endpoint that is served',
  enrolEdge: 'needs a token and a certificate request',
  revokeEdge: 'needs an edge that has enrolled',
} as const satisfies Partial<Record<OperationId, string>>

/** What the bodies of those look like that take one; the document shows them, and nothing sends them. */
const unsent = [
  send('changeSessionPassword', {
    body: { currentPassword: 'correct-horse-battery', newPassword: 'battery-staple-horse' },
  }),
  send('createEdgeAnswer', { body: { count: 0, connections: [] } }),
  send('advanceTestingClock', { body: { ms: 60_000 } }),
  send('enrolEdge', {
    body: {
      token: 'pet_0f1e2d3c…',
      csr: '-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n',
      credentialHash: 'c0'.repeat(32),
    },
  }),
  send('createEdgeCertificate', {
    body: {
      endpointId: '6553f0c8a3b1c2d4e5f607f6',
      csr: '-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n',
    },
  }),
] as const satisfies readonly (Example & { readonly operation: keyof typeof without })[]

export const examples: readonly Example[] = inOrder
export const unsentExamples: readonly Example[] = unsent
export const withoutExample: Partial<Readonly<Record<OperationId, string>>> = without

/** Fails to compile where an operation has neither an example nor a reason; it is then named in the error. */
type NotShown = Exclude<OperationId, (typeof inOrder)[number]['operation'] | keyof typeof without>
const everyOperationIsShown: Readonly<Record<NotShown, never>> = {}
void everyOperationIsShown
