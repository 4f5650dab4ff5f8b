// An endpoint service of each cloud as the API answers it, and the ids that commands name: what the tests of the
// private endpoints' commands have in common.

import { groupId } from './run-trial.ts'

export const service = '5f4fe14da2b47835a58c63a2'
export const base = `/api/atlas/v2/groups/${groupId}/privateEndpoint`
export const ownBase = `/api/postern/v1/groups/${groupId}/privateEndpoint`
export const vpce = 'vpce-00713b5e644e830a3'
export const azureId =
  '/subscriptions/0d9c1a1d-3f7a-4f4e-9d43-3b1b0f3e7e0d/resourceGroups/shop/providers/Microsoft.Network/privateEndpoints/app 1'

export const awsService = {
  cloudProvider: 'AWS',
  endpointServiceName: 'com.amazonaws.vpce.eu-west-1.vpce-svc-0705499aa25a2b1f5',
  errorMessage: null,
  id: service,
  interfaceEndpoints: [vpce],
  regionName: 'EU_WEST_1',
  status: 'AVAILABLE',
}
export const azureService = {
  cloudProvider: 'AZURE',
  errorMessage: null,
  id: service,
  privateEndpoints: [azureId],
  privateLinkServiceName: 'pls_5f4fe14da2b47835a58c63a2',
  regionName: 'US_EAST_2',
  status: 'INITIATING',
}
export const gcpService = {
  cloudProvider: 'GCP',
  endpointGroupNames: ['app', 'shop'],
  errorMessage: null,
  id: service,
  portMappingEnabled: true,
  regionName: 'WESTERN_EUROPE',
  serviceAttachmentNames: [],
  status: 'AVAILABLE',
}
