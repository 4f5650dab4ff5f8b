// What the OpenAPI document says of each operation in words: one line each, under the tag that it belongs to. The type
// demands a line for every operation in ../routes.ts.

import type { OperationId } from '../routes.ts'

export interface Tag {
  readonly description: string
  readonly operations: Readonly<Partial<Record<OperationId, string>>>
}

export const tags = {
  Organizations: {
    description: 'Organizations and their settings.',
    operations: {
      listOrgs: 'List the organizations that the caller belongs to',
      createOrg: 'Create an organization',
      getOrg: 'Describe an organization',
      updateOrg: 'Rename an organization',
      deleteOrg: 'Delete an organization that has no projects',
      getOrgGroups: 'List the projects of an organization',
      getOrgSettings: 'Describe the settings of an organization',
      updateOrgSettings: 'Change settings of an organization',
    },
  },
  Projects: {
    description: 'Projects, which Atlas calls groups in its paths, with their settings and limits.',
    operations: {
      listGroups: 'List the projects that the caller may see',
      createGroup: 'Create a project',
      getGroup: 'Describe a project',
      getGroupByName: 'Describe a project, found by its name',
      updateGroup: 'Rename a project or change its tags',
      deleteGroup: 'Delete a project that nothing runs in',
      getGroupSettings: 'Describe the settings of a project',
      updateGroupSettings: 'Change settings of a project',
      getGroupFidelity: 'Say whose behaviour a project is answered by',
      updateGroupFidelity: 'Choose the behaviour of Atlas or of Postern for a project',
      listGroupLimits: 'List the limits of a project',
      getGroupLimit: 'Describe a limit of a project',
      setGroupLimit: 'Set a limit of a project',
      deleteGroupLimit: 'Put a limit of a project back to its default',
      getGroupIpAddresses: 'List the addresses of the clusters of a project',
      getGroupManagedSlowMs: 'Say whether the slow-operation threshold is managed',
      enableGroupManagedSlowMs: 'Let the slow-operation threshold be managed',
      disableGroupManagedSlowMs: 'Let the slow-operation threshold be fixed',
    },
  },
  'Private endpoints': {
    description: 'Endpoint services, the private endpoints attached to them, and regional mode.',
    operations: {
      createGroupPrivateEndpointEndpointService: 'Create an endpoint service in a region of a cloud provider',
      updateGroupPrivateEndpointEndpointService: 'Change the remote regions that an endpoint service takes',
      listGroupPrivateEndpointEndpointService: 'List the endpoint services of a project at a cloud provider',
      getGroupPrivateEndpointEndpointService: 'Describe an endpoint service',
      deleteGroupPrivateEndpointEndpointService: 'Delete an endpoint service that has no endpoints',
      createGroupPrivateEndpointEndpointServiceEndpoint: 'Attach a private endpoint to an endpoint service',
      getGroupPrivateEndpointEndpointServiceEndpoint: 'Describe a private endpoint',
      deleteGroupPrivateEndpointEndpointServiceEndpoint: 'Detach a private endpoint',
      getGroupPrivateEndpointRegionalMode: 'Say whether regional mode is on',
      toggleGroupPrivateEndpointRegionalMode: 'Turn regional mode on or off',
    },
  },
  Clusters: {
    description: 'Clusters, their process arguments and connection strings, Flex clusters, registered deployments.',
    operations: {
      listGroupClusters: 'List the clusters of a project',
      createGroupCluster: 'Create a cluster',
      getGroupCluster: 'Describe a cluster with its connection strings',
      updateGroupCluster: 'Change, pause or resume a cluster',
      deleteGroupCluster: 'Delete a cluster',
      listClusterDetails: 'List clusters over all projects of the caller',
      autoGroupClusterScalingConfiguration: 'Say how the shards of a cluster scale',
      getGroupClusterProcessArgs: 'Describe the process arguments of a cluster',
      updateGroupClusterProcessArgs: 'Change process arguments of a cluster',
      restartGroupClusterPrimaries: 'Let the primary of a cluster step down',
      getGroupClusterStatus: 'Say whether changes of a cluster are applied',
      listGroupClusterProviderRegions: 'List the regions and tiers that clusters may have',
      listGroupFlexClusters: 'List the Flex clusters of a project',
      createGroupFlexCluster: 'Create a Flex cluster',
      getGroupFlexCluster: 'Describe a Flex cluster',
      updateGroupFlexCluster: 'Change a Flex cluster',
      deleteGroupFlexCluster: 'Delete a Flex cluster',
      registerGroupDeployment: 'Register a MongoDB deployment of your own as a cluster',
      getGroupClusterConnectionStrings: 'List every connection string of a cluster, endpoint by endpoint',
    },
  },
  'Database users': {
    description: 'Users of the databases of a project.',
    operations: {
      listGroupDatabaseUsers: 'List the database users of a project',
      createGroupDatabaseUser: 'Create a database user',
      getGroupDatabaseUser: 'Describe a database user',
      updateGroupDatabaseUser: 'Change a database user',
      deleteGroupDatabaseUser: 'Delete a database user',
      listGroupDatabaseUserCerts: 'List the managed certificates of a database user that have not expired',
      createGroupDatabaseUserCert: 'Make a managed certificate, with its key, for a database user',
      getDatabaseUserAuthority: 'Get the certificate of the authority that signs for database users',
      listGroupDatabaseAccess: 'Say how users and custom roles stand on the deployments of a project',
    },
  },
  'Custom database roles': {
    description: 'Roles of your own that database users may hold.',
    operations: {
      listGroupCustomDbRoleRoles: 'List the custom roles of a project',
      createGroupCustomDbRoleRole: 'Create a custom role',
      getGroupCustomDbRoleRole: 'Describe a custom role',
      updateGroupCustomDbRoleRole: 'Change a custom role',
      deleteGroupCustomDbRoleRole: 'Delete a custom role',
    },
  },
  'Network access': {
    description: 'IP access lists of projects, network containers, custom DNS.',
    operations: {
      listGroupAccessListEntries: 'List the IP access list of a project',
      createGroupAccessListEntry: 'Add entries to the IP access list of a project',
      getGroupAccessListEntry: 'Describe an entry of the IP access list',
      deleteGroupAccessListEntry: 'Delete an entry of the IP access list',
      getGroupAccessListStatus: 'Say whether an entry of the IP access list is in force',
      listGroupContainers: 'List the network containers of a project at a cloud provider',
      listGroupContainerAll: 'List all network containers of a project',
      createGroupContainer: 'Create a network container',
      getGroupContainer: 'Describe a network container',
      updateGroupContainer: 'Change a network container that is not in use',
      deleteGroupContainer: 'Delete a network container that is not in use',
      getGroupAwsCustomDns: 'Say whether custom DNS on AWS is on',
      toggleGroupAwsCustomDns: 'Turn custom DNS on AWS on or off',
    },
  },
  People: {
    description: 'Accounts of people, and their roles in organizations and projects.',
    operations: {
      createUser: 'Create an account and invite it',
      getUser: 'Describe an account',
      getUserByName: 'Describe an account, found by its username',
      listOrgUsers: 'List the people of an organization',
      createOrgUser: 'Invite a person to an organization',
      getOrgUser: 'Describe a person of an organization',
      updateOrgUser: 'Change roles and teams of a person of an organization',
      removeOrgUser: 'Remove a person from an organization',
      updateOrgUserRoles: 'Replace the roles of a person in an organization',
      addOrgUserRole: 'Give a person a role in an organization',
      removeOrgUserRole: 'Take a role in an organization from a person',
      listGroupUsers: 'List the people of a project',
      addGroupUsers: 'Add a person to a project',
      getGroupUser: 'Describe a person of a project',
      removeGroupUser: 'Remove a person from a project',
      updateGroupUserRoles: 'Replace the roles of a person in a project',
      addGroupUserRole: 'Give a person a role in a project',
      removeGroupUserRole: 'Take a role in a project from a person',
    },
  },
  Teams: {
    description: 'Teams of an organization, and their roles in projects.',
    operations: {
      listOrgTeams: 'List the teams of an organization',
      createOrgTeam: 'Create a team',
      getOrgTeam: 'Describe a team',
      getOrgTeamByName: 'Describe a team, found by its name',
      renameOrgTeam: 'Rename a team',
      deleteOrgTeam: 'Delete a team',
      listOrgTeamUsers: 'List the people of a team',
      addOrgTeamUsers: 'Add people to a team',
      addOrgTeamUser: 'Add a person to a team',
      removeOrgTeamUser: 'Take a person out of a team',
      removeOrgTeamUserFromTeam: 'Take a person, named in the path, out of a team',
      listGroupTeams: 'List the teams of a project',
      addGroupTeams: 'Add teams to a project',
      getGroupTeam: 'Describe a team of a project',
      updateGroupTeam: 'Change the roles of a team in a project',
      removeGroupTeam: 'Remove a team from a project',
    },
  },
  'API keys': {
    description: 'Keys for HTTP digest, with their roles and access lists.',
    operations: {
      listOrgApiKeys: 'List the API keys of an organization',
      createOrgApiKey: 'Create an API key',
      getOrgApiKey: 'Describe an API key',
      updateOrgApiKey: 'Change description or roles of an API key',
      deleteOrgApiKey: 'Delete an API key',
      listOrgApiKeyAccessListEntries: 'List the addresses that an API key may be used from',
      createOrgApiKeyAccessListEntry: 'Add addresses that an API key may be used from',
      getOrgApiKeyAccessListEntry: 'Describe an address that an API key may be used from',
      deleteOrgApiKeyAccessListEntry: 'Delete an address that an API key may be used from',
      listGroupApiKeys: 'List the API keys of a project',
      createGroupApiKey: 'Create an API key with roles in a project',
      addGroupApiKey: 'Add an API key of the organization to a project',
      updateGroupApiKeyRoles: 'Change the roles of an API key in a project',
      removeGroupApiKey: 'Remove an API key from a project',
    },
  },
  'Service accounts': {
    description: 'OAuth 2.0 clients, their secrets and access lists, and tokens.',
    operations: {
      createToken: 'Get a bearer token for the credentials of a service account',
      revokeToken: 'Revoke a bearer token',
      listOrgServiceAccounts: 'List the service accounts of an organization',
      createOrgServiceAccount: 'Create a service account',
      getOrgServiceAccount: 'Describe a service account',
      updateOrgServiceAccount: 'Change a service account',
      deleteOrgServiceAccount: 'Delete a service account',
      createOrgServiceAccountSecret: 'Add a secret to a service account',
      deleteOrgServiceAccountSecret: 'Delete a secret of a service account',
      listOrgServiceAccountAccessList: 'List the addresses that a service account may call from',
      createOrgServiceAccountAccessList: 'Add addresses that a service account may call from',
      deleteOrgServiceAccountAccessListEntry: 'Delete an address that a service account may call from',
      getOrgServiceAccountGroups: 'List the projects of a service account',
      listGroupServiceAccounts: 'List the service accounts of a project',
      createGroupServiceAccount: 'Create a service account with roles in a project',
      getGroupServiceAccount: 'Describe a service account of a project',
      updateGroupServiceAccount: 'Change a service account of a project',
      deleteGroupServiceAccount: 'Remove a service account from a project',
      inviteGroupServiceAccount: 'Add a service account of the organization to a project',
      createGroupServiceAccountSecret: 'Add a secret to a service account of a project',
      deleteGroupServiceAccountSecret: 'Delete a secret of a service account of a project',
      listGroupServiceAccountAccessList: 'List the addresses that a service account of a project may call from',
      createGroupServiceAccountAccessList: 'Add addresses that a service account of a project may call from',
      deleteGroupServiceAccountAccessListEntry: 'Delete an address that a service account of a project may call from',
    },
  },
  Events: {
    description: 'What was changed, by whom, from where.',
    operations: {
      listGroupEvents: 'List the events of a project, newest first',
      getGroupEvent: 'Describe an event of a project',
      listOrgEvents: 'List the events of an organization, newest first',
      getOrgEvent: 'Describe an event of an organization',
      streamGroupEvents: 'Follow the events of a project as they happen',
      streamOrgEvents: 'Follow the events of an organization as they happen',
    },
  },
  Webhooks: {
    description:
      'Events sent by POST, signed by the Standard Webhooks specification: at least once, under one `webhook-id`, in no promised order.',
    operations: {
      listGroupWebhooks: 'List the webhooks of a project',
      createGroupWebhook: 'Create a webhook of a project; its secret is shown this once',
      getGroupWebhook: 'Describe a webhook of a project',
      updateGroupWebhook: 'Change, enable or disable a webhook of a project',
      deleteGroupWebhook: 'Delete a webhook of a project',
      testGroupWebhook: 'Send a test message to a webhook of a project',
      listGroupWebhookDeliveries: 'List the last deliveries of a webhook of a project',
      listOrgWebhooks: 'List the webhooks of an organization',
      createOrgWebhook: 'Create a webhook of an organization; its secret is shown this once',
      getOrgWebhook: 'Describe a webhook of an organization',
      updateOrgWebhook: 'Change, enable or disable a webhook of an organization',
      deleteOrgWebhook: 'Delete a webhook of an organization',
      testOrgWebhook: 'Send a test message to a webhook of an organization',
      listOrgWebhookDeliveries: 'List the last deliveries of a webhook of an organization',
    },
  },
  'Local cloud': {
    description: "The consumer's side of private endpoints on this machine, in each cloud's own words.",
    operations: {
      createLocalAwsVpcEndpoint: 'Create a VPC endpoint on this machine',
      listLocalAwsVpcEndpoints: 'List the VPC endpoints on this machine',
      deleteLocalAwsVpcEndpoint: 'Delete a VPC endpoint on this machine',
      createLocalAzurePrivateEndpoint: 'Create an Azure private endpoint on this machine',
      listLocalAzurePrivateEndpoints: 'List the Azure private endpoints on this machine',
      deleteLocalAzurePrivateEndpoint: 'Delete an Azure private endpoint on this machine',
      createLocalGcpForwardingRule: 'Create forwarding rules of Google Cloud on this machine',
      listLocalGcpForwardingRules: 'List the forwarding rules of Google Cloud on this machine',
      deleteLocalGcpForwardingRule: 'Delete a forwarding rule of Google Cloud on this machine',
    },
  },
  Console: {
    description: 'Sessions of people, and how invitations are accepted.',
    operations: {
      createSession: 'Log in with username and password',
      getSession: 'Describe the session of the caller',
      deleteSession: 'Log out',
      createInvitationToken: 'Make the token that an invited person accepts with',
      acceptInvitation: 'Accept an invitation',
    },
  },
  Edges: {
    description: 'Gateways, DNS servers and forwarders, and what they are to serve.',
    operations: {
      getEdgeSnapshot: 'Get what an edge is to serve, newer than it has',
      createEdgeReport: 'Report what an edge serves',
      createEdgeCertificate: 'Get a certificate for an endpoint that an edge serves',
      listEdges: 'List the edges that are known',
      deleteEdge: 'Forget an edge',
      getCertificateAuthority: 'Get the certificate of the authority that signs for endpoints',
    },
  },
  Server: {
    description: 'The server itself.',
    operations: {
      getSystemStatus: 'Describe the server and the caller',
      getIpInfo: 'Say which address the caller comes from',
      getDefaultMongoDBMajorVersion: 'Say which major version of MongoDB new clusters have',
      getHealth: 'Say whether the server runs',
      getReadiness: 'Say whether the server can answer, its store included',
    },
  },
} as const satisfies Readonly<Record<string, Tag>>

type Described = { [Name in keyof typeof tags]: keyof (typeof tags)[Name]['operations'] }[keyof typeof tags]
/** Fails to compile where an operation has no line above; it is then named in the error. */
type NotDescribed = Exclude<OperationId, Described>
const undescribed: Readonly<Record<NotDescribed, never>> = {}

interface Words {
  readonly tag: string
  readonly summary: string
}

const words = new Map(
  Object.entries<Tag>(tags).flatMap(([tag, { operations }]) =>
    Object.entries(operations).map(([operation, summary]): [string, Words] => [operation, { tag, summary }]),
  ),
)

export const wordsOf = (operation: OperationId): Words => words.get(operation) ?? undescribed[operation as NotDescribed]
