// What an endpoint of the consumer is made for.

import type { EndpointServiceView } from '../schemas/endpoint-service.ts'

/** What the cloud calls the service, one for each attachment; none while it has no name yet. */
export function targetsOf(service: EndpointServiceView): readonly string[] {
  switch (service.cloudProvider) {
    case 'AWS':
      return service.endpointServiceName === null ? [] : [service.endpointServiceName]
    case 'AZURE':
      return service.privateLinkServiceResourceId === null ? [] : [service.privateLinkServiceResourceId]
    case 'GCP':
      return service.serviceAttachmentNames
  }
}
