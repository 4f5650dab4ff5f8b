// Private endpoints and who is connected through them. See ../summaries.ts.

import type { Tag } from './tag.ts'

export const privateEndpointTags = {
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
      listGroupEndpointServices: 'List the endpoint services of a project at all cloud providers',
      ensureGroupEndpointService: 'Take the endpoint service of a region, or create it',
      getGroupEndpointService: 'Describe an endpoint service with its labels',
      getGroupEndpointServiceSetup: "Write the commands that make the consumer's side of an endpoint service",
      updateGroupEndpointService: 'Change labels, description or remote regions of an endpoint service',
      retryGroupEndpointService: 'Try an endpoint service that failed once more',
      undoGroupEndpointServiceDeletion: 'Take the deletion of an endpoint service back',
      listGroupPrivateEndpoints: 'List the private endpoints of a project over all endpoint services',
      ensureGroupPrivateEndpoint: 'Take a private endpoint that is attached, or attach it',
      getGroupPrivateEndpoint: 'Describe a private endpoint with its labels',
      updateGroupPrivateEndpoint:
        'Change labels, limits or the policy of a private endpoint, or correct one that was refused',
      deleteGroupPrivateEndpoint: 'Detach a private endpoint and say what becomes of its endpoint service',
      retryGroupPrivateEndpoint: 'Try a private endpoint that was refused once more',
      undoGroupPrivateEndpointDeletion: 'Take the deletion of a private endpoint back',
      checkGroupEndpointService: 'Say whether an endpoint service could be created, without creating it',
      checkGroupPrivateEndpoint: 'Say whether a private endpoint could be attached, without attaching it',
      checkGroupPrivateEndpointRegionalMode: 'Say whether regional mode could be turned on or off, without turning it',
      previewGroupEndpointServiceDeletion:
        'Say what the deletion of an endpoint service would cut, or why it is refused',
      previewGroupPrivateEndpointDeletion: 'Say what the deletion of a private endpoint would cut',
      listGroupTerminations: 'List the deletions that can be taken back',
    },
  },
  Connections: {
    description: 'Live connections through private endpoints, as the gateways know them now.',
    operations: {
      listGroupConnections: 'List the live connections of a project',
      summarizeGroupConnections: 'Count the live connections by endpoint, application and source, beside their limits',
      killGroupConnections: 'End the live connections of an endpoint, a cluster or an application',
      killGroupConnection: 'End one live connection',
      listGroupGatewayPorts: 'List which port of the gateways stands for which member, and what clients dial instead',
      getGroupPrivateEndpointTraffic: 'Say what flowed through a private endpoint lately: bytes, connections, refusals',
    },
  },
} as const satisfies Readonly<Record<string, Tag>>
