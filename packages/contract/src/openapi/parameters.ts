// Every parameter of a path or a query in words, with a value as it may look. The ids here are those that stand in the
// examples of bodies too, so that whoever follows the examples puts the real ones in their place.

interface Parameter {
  readonly description: string
  readonly example?: string
}

export const exampleIds = {
  orgId: '6553f0c8a3b1c2d4e5f60718',
  groupId: '6553f0c8a3b1c2d4e5f60729',
  userId: '6553f0c8a3b1c2d4e5f6073a',
  teamId: '6553f0c8a3b1c2d4e5f6074b',
  apiUserId: '6553f0c8a3b1c2d4e5f6075c',
  endpointServiceId: '6553f0c8a3b1c2d4e5f6076d',
  containerId: '6553f0c8a3b1c2d4e5f6077e',
  eventId: '6553f0c8a3b1c2d4e5f6078f',
  secretId: '6553f0c8a3b1c2d4e5f607a0',
  webhookId: '6553f0c8a3b1c2d4e5f607e4',
  clientId: 'mdb_sa_id_6553f0c8a3b1c2d4e5f607b1',
  endpointId: 'vpce-0123456789abcdef0',
  serviceName: 'com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0',
  azureServiceId: '6553f0c8a3b1c2d4e5f607c2',
  linkService:
    '/subscriptions/0b7a8cbb-5d3b-4a2f-9a66-2a2e0a1a2b3c/resourceGroups/rg/providers/Microsoft.Network/privateLinkServices/pls',
  azureEndpointId:
    '/subscriptions/0b7a8cbb-5d3b-4a2f-9a66-2a2e0a1a2b3c/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/shop',
  azureAddress: '10.0.0.4',
  gcpServiceId: '6553f0c8a3b1c2d4e5f607d3',
  serviceAttachment: 'projects/p-example/regions/europe-west1/serviceAttachments/sa-europe-west1-0',
  gcpAddress: '10.0.0.5',
  connectionString: 'mongodb://db-0.example.com:27017,db-1.example.com:27017,db-2.example.com:27017/?replicaSet=shop',
  clientSecret: 'mdb_sa_sk_the-one-that-creating-it-told',
  token: 'the-token-that-was-given',
  invitationToken: 'the-token-that-an-owner-asked-for',
  epoch: 'the-epoch-of-the-snapshot',
} as const

export const pathParameters: Readonly<Record<string, Parameter>> = {
  orgId: { description: 'The organization, by its id.', example: exampleIds.orgId },
  groupId: { description: 'The project, by its id.', example: exampleIds.groupId },
  groupName: { description: 'The project, by its name.', example: 'Shop' },
  limitName: { description: 'The limit, by its name.', example: 'atlas.project.deployment.clusters' },
  userId: { description: 'The account, by its id.', example: exampleIds.userId },
  userName: { description: 'The account, by its username, which is an e-mail address.', example: 'ada@example.com' },
  teamId: { description: 'The team, by its id.', example: exampleIds.teamId },
  teamName: { description: 'The team, by its name.', example: 'Platform' },
  apiUserId: { description: 'The API key, by its id.', example: exampleIds.apiUserId },
  ipAddress: { description: 'The address or, with its slash encoded, the block of the entry.', example: '192.0.2.7' },
  clientId: { description: 'The service account, by its client id.', example: exampleIds.clientId },
  secretId: { description: 'The secret, by its id.', example: exampleIds.secretId },
  entryValue: {
    description: 'Address, block (its slash encoded) or AWS security group of the entry.',
    example: '192.0.2.7',
  },
  containerId: { description: 'The network container, by its id.', example: exampleIds.containerId },
  endpointServiceId: { description: 'The endpoint service, by its id.', example: exampleIds.endpointServiceId },
  cloudProvider: { description: 'The cloud provider: AWS, AZURE or GCP.', example: 'AWS' },
  endpointId: {
    description:
      "The endpoint, by its cloud's own id: VPC endpoint id, resource id (its slashes encoded) or name of the group.",
    example: exampleIds.endpointId,
  },
  clusterName: { description: 'The cluster, by its name.', example: 'Cluster1' },
  name: { description: 'The Flex cluster, by its name.', example: 'Flex1' },
  databaseName: { description: 'The database that the user authenticates against.', example: 'admin' },
  username: { description: 'The database user, by its name.', example: 'shop' },
  roleName: { description: 'The custom role, by its name.', example: 'cart-reader' },
  eventId: { description: 'The event, by its id.', example: exampleIds.eventId },
  webhookId: { description: 'The webhook, by its id.', example: exampleIds.webhookId },
  vpcEndpointId: { description: 'The VPC endpoint, by its id.', example: exampleIds.endpointId },
  privateEndpointId: {
    description: 'The private endpoint, by its resource id with its slashes encoded.',
    example: exampleIds.azureEndpointId,
  },
  project: { description: 'The project of Google Cloud.', example: 'local-project' },
  region: { description: "The region in the cloud's own spelling.", example: 'europe-west1' },
  forwardingRuleName: { description: 'The forwarding rule, by its name.', example: 'shop-0' },
  edge: { description: 'The edge, by its name.', example: 'edge-1' },
  feed: { description: 'What is served: gateway, dns or forwarder.', example: 'gateway' },
}

export const queryParameters: Readonly<Record<string, string>> = {
  envelope: 'Wrap the answer with its status, for clients that cannot see the status line.',
  pretty: 'Indent the answer.',
  pageNum: 'The page, counted from 1.',
  itemsPerPage: 'How many results a page has.',
  includeCount: 'Count all results; totalCount is 0 without.',
  name: 'Only those whose name begins like this.',
  projectOwnerId: 'The account that becomes the owner of the project; empty means the caller.',
  username: 'Only the person with this username.',
  orgMembershipStatus: 'Only people who are ACTIVE or PENDING.',
  orgMembershipStatuses: 'Only people in one of these states.',
  flattenTeams: 'Show the people of teams one by one.',
  includeOrgUsers: 'Show people who see the project by a role in its organization, too.',
  userId: 'Only the person with this id.',
  includeSystemManaged: 'Show what the system itself made, too.',
  providerName: 'The cloud provider: AWS, AZURE or GCP.',
  includeDeletedWithRetainedBackups: 'Show deleted clusters whose backups are kept, too; there are none here.',
  retainBackups: 'Keep the backups of what is deleted; there are none here.',
  providers: 'Only these cloud providers.',
  tier: 'Only this tier, such as M10.',
  eventType: 'Only events of these types.',
  excludedEventType: 'No events of these types.',
  includeRaw: 'Show the raw event, too.',
  maxDate: 'Only what happened at this time or before, ISO 8601.',
  minDate: 'Only what happened at this time or after, ISO 8601.',
  clusterNames: 'Only events of these clusters.',
  epoch: 'The epoch of the snapshot that the edge has.',
  after: 'The number of the snapshot that the edge has.',
}
