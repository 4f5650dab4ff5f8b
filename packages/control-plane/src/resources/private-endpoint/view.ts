// How the API shows an attached endpoint: three shapes, each cloud's words for the one phase inside.

import { endpointStatus } from '@postern/contract/private-endpoint'
import type { PrivateEndpointView } from '@postern/contract/schemas/private-endpoint'
import type { EndpointRow } from './row.ts'

const ruleStatus = {
  REQUESTED: 'INITIATING',
  ACCEPTED: 'INITIATING',
  AVAILABLE: 'AVAILABLE',
  REFUSED: 'FAILED',
  DELETING: 'DELETING',
} as const

/** `portMapping` is the service's. */
export const endpointView = (endpoint: EndpointRow, portMapping: boolean): PrivateEndpointView => {
  const { request, phase, cloudId, deleteRequested, errorMessage } = endpoint
  switch (request.provider) {
    case 'AWS':
      return {
        cloudProvider: 'AWS',
        connectionStatus: endpointStatus.AWS[phase],
        deleteRequested,
        errorMessage,
        interfaceEndpointId: cloudId,
      }
    case 'AZURE':
      return {
        cloudProvider: 'AZURE',
        deleteRequested,
        errorMessage,
        privateEndpointConnectionName: endpoint.linkIds.length === 0 ? null : connectionName(cloudId),
        privateEndpointIPAddress: request.address,
        privateEndpointResourceId: cloudId,
        status: endpointStatus.AZURE[phase],
      }
    case 'GCP':
      return {
        cloudProvider: 'GCP',
        deleteRequested,
        endpointGroupName: cloudId,
        endpoints: request.rules.map(({ name, address }) => ({
          endpointName: name,
          ipAddress: address,
          status: ruleStatus[phase],
        })),
        errorMessage,
        gcpProjectId: request.project,
        portMappingEnabled: portMapping,
        status: endpointStatus.GCP[phase],
      }
  }
}

/** Subscription, resource group and name, joined as in the Atlas schema's pattern. */
const connectionName = (resourceId: string): string => {
  const [, , subscription, , resourceGroup, , , , name] = resourceId.split('/')
  return [subscription, resourceGroup, name].join('%2F')
}
