// How the API shows an endpoint service: three shapes, keys in the recorded order; what is not known yet is null or [].
// Postern's own API shows the same and what people wrote on it.

import type { EndpointServiceDetails, EndpointServiceView } from '@postern/contract/schemas/endpoint-service'
import type { ServiceRow, ShownService } from './row.ts'

/** `endpoints` are the cloud ids of what is attached, oldest first. */
export const serviceView = (service: ShownService, endpoints: readonly string[]): EndpointServiceView => {
  const { id, names, errorMessage, region: regionName, status } = service
  switch (service.provider) {
    case 'AWS':
      return {
        cloudProvider: 'AWS',
        endpointServiceName: names?.provider === 'AWS' ? names.endpointServiceName : null,
        errorMessage,
        id,
        interfaceEndpoints: [...endpoints],
        regionName,
        status,
        supportedRemoteRegions: service.supportedRemoteRegions === null ? null : [...service.supportedRemoteRegions],
      }
    case 'AZURE':
      return {
        cloudProvider: 'AZURE',
        errorMessage,
        id,
        privateEndpoints: [...endpoints],
        privateLinkServiceName: names?.provider === 'AZURE' ? names.privateLinkServiceName : null,
        privateLinkServiceResourceId: names?.provider === 'AZURE' ? names.privateLinkServiceResourceId : null,
        regionName,
        status,
      }
    case 'GCP':
      return {
        cloudProvider: 'GCP',
        endpointGroupNames: [...endpoints],
        errorMessage,
        id,
        portMappingEnabled: service.portMapping,
        regionName,
        serviceAttachmentNames: names?.provider === 'GCP' ? [...names.serviceAttachmentNames] : [],
        status,
      }
  }
}

/** `undoWindowMs`: how long a termination can be undone. */
export const serviceDetails = (
  service: ServiceRow,
  endpoints: readonly string[],
  undoWindowMs: number,
): EndpointServiceDetails => ({
  ...serviceView(service, endpoints),
  endpointIds: [...endpoints],
  createDate: service.created.toISOString(),
  description: service.description,
  labels: service.labels,
  undoUntil: undoUntil(service, undoWindowMs),
})

/** Null where no deletion was asked for, or nothing can be undone. */
export const undoUntil = (
  { deleteRequested, terminated }: Pick<ServiceRow, 'deleteRequested' | 'terminated'>,
  undoWindowMs: number,
): string | null =>
  !deleteRequested || terminated === null || undoWindowMs === 0
    ? null
    : new Date(terminated.getTime() + undoWindowMs).toISOString()
