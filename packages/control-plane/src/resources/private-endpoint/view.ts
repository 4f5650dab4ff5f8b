// How the API shows an attached endpoint: three shapes, each cloud's words for the one phase inside.

import type { EndpointPolicy } from '@postern/contract/endpoint-policy'
import { endpointStatus } from '@postern/contract/private-endpoint'
import type { PrivateEndpointDetails, PrivateEndpointView } from '@postern/contract/schemas/private-endpoint'
import type { ServiceRow } from '../endpoint-service/row.ts'
import { undoUntil } from '../endpoint-service/view.ts'
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

/** As Postern's own API shows it. `undoWindowMs`: how long a termination can be undone. */
export const endpointDetails = (
  endpoint: EndpointRow,
  service: ServiceRow,
  undoWindowMs: number,
): PrivateEndpointDetails => {
  const own = {
    createDate: endpoint.created.toISOString(),
    description: endpoint.description,
    endpointId: endpoint.cloudId,
    endpointServiceId: service.id,
    keepService: endpoint.keepService,
    labels: endpoint.labels,
    limits: endpoint.limits,
    policy: shownPolicy(endpoint.policy),
    regionName: service.region,
    undoUntil: undoUntil(endpoint, undoWindowMs),
  }
  const view = endpointView(endpoint, service.portMapping)
  return view.cloudProvider === 'AWS' ? { ...view, ...own, status: view.connectionStatus } : { ...view, ...own }
}

const shownPolicy = (policy: EndpointPolicy): PrivateEndpointDetails['policy'] => ({
  ...policy,
  clusters: policy.clusters && [...policy.clusters],
  databaseUsers: policy.databaseUsers && [...policy.databaseUsers],
  clientNames: policy.clientNames && [...policy.clientNames],
})

/** Subscription, resource group and name, joined as in the Atlas schema's pattern. */
const connectionName = (resourceId: string): string => {
  const [, , subscription, , resourceGroup, , , , name] = resourceId.split('/')
  return [subscription, resourceGroup, name].join('%2F')
}
