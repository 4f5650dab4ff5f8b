// The consumer's side of an endpoint service in the local cloud: how each cloud calls what it makes, and the body that
// attaches it. `setup`, quickstart and the journeys make their endpoints here.

import type { Client } from '@postern/contract/client'
import { targetsOf } from '@postern/contract/consumer-setup/targets'
import type { AdvertisedForm } from '@postern/contract/private-endpoint'
import type { EndpointServiceView } from '@postern/contract/schemas/endpoint-service'
import type { BodyInputOf } from '@postern/contract/schemas/operations'

export interface LocalEndpoint {
  /** What the API will know it by. */
  readonly endpointId: string
  readonly body: BodyInputOf<'createGroupPrivateEndpointEndpointServiceEndpoint'>
}

/** `form`: how clients are told of it. Throws RangeError for a service that has no name in its cloud yet. */
export async function makeLocalEndpoint(
  client: Client,
  {
    service,
    name,
    form,
  }: { readonly service: EndpointServiceView; readonly name: string; readonly form?: AdvertisedForm | undefined },
): Promise<LocalEndpoint> {
  const targets = targetsOf(service)
  const [target] = targets
  if (target === undefined) throw new RangeError(`endpoint service ${service.id} has no name in its cloud yet`)
  switch (service.cloudProvider) {
    case 'AWS': {
      const { body } = await client.call('createLocalAwsVpcEndpoint', { body: { serviceName: target, form } })
      return { endpointId: body.vpcEndpointId, body: { id: body.vpcEndpointId } }
    }
    case 'AZURE': {
      const { body } = await client.call('createLocalAzurePrivateEndpoint', {
        body: { name, privateLinkServiceId: target, form },
      })
      return { endpointId: body.id, body: { id: body.id, privateEndpointIPAddress: body.privateIPAddress } }
    }
    case 'GCP': {
      const count = service.portMappingEnabled ? {} : { count: targets.length }
      const { body } = await client.call('createLocalGcpForwardingRule', { body: { name, target, form, ...count } })
      const endpoints = body.forwardingRules.map((rule) => ({ endpointName: rule.name, ipAddress: rule.IPAddress }))
      const [rule] = body.forwardingRules
      const { endpointGroupName } = body
      return {
        endpointId: endpointGroupName,
        body: { endpointGroupName, gcpProjectId: rule?.project ?? '', endpoints },
      }
    }
  }
}
