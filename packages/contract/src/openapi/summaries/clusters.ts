// Clusters, and who is let into them. See ../summaries.ts.

import type { Tag } from './tag.ts'

export const clusterTags = {
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
      getGroupClusterGlobalWrites: 'Say which places and namespaces of a cluster are bound to a zone: none',
      listGroupClusterProviderRegions: 'List the regions and tiers that clusters may have',
      listGroupFlexClusters: 'List the Flex clusters of a project',
      createGroupFlexCluster: 'Create a Flex cluster',
      getGroupFlexCluster: 'Describe a Flex cluster',
      updateGroupFlexCluster: 'Change a Flex cluster',
      deleteGroupFlexCluster: 'Delete a Flex cluster',
      checkGroupDeployment: 'Say whether a deployment can be reached and registered, without registering it',
      listGroupDeployments: 'List the clusters of a project that are deployments registered with it',
      registerGroupDeployment:
        'Register a MongoDB deployment of your own as a cluster; its members’ own ports nobody but their owner can close',
      listGroupClusterMembers: 'List the members of a cluster with their roles, as the control plane sees them',
      getGroupClusterConnectionStrings: 'List every connection string of a cluster, endpoint by endpoint',
      getGroupClusterStandardListener: 'Describe the standard listener of a cluster at the gateways',
      getGroupClusterStandardListenerTraffic:
        'Say what flowed through a standard listener lately: bytes, connections, refusals',
      updateGroupClusterStandardListener:
        'Open or close a standard listener at the gateways, for addresses of the access list, or set its policy; members’ own ports stay as they are',
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
} as const satisfies Readonly<Record<string, Tag>>
