// The consumer's side in the local cloud, made at once, and what it is then called.

import { targetsOf } from '@postern/contract/consumer-setup/targets'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../../api/client.ts'
import { type Draft, severalIn } from '../draft.ts'
import type { Service } from '../filters.ts'

export const useLocalEndpoint = (service: Service) =>
  useMutation({ mutationFn: (draft: Draft): Promise<Partial<Draft>> => makeLocalEndpoint(service, draft) })

/** What was not filled in is the local cloud's default. */
const orDefault = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim())

async function makeLocalEndpoint(service: Service, draft: Draft): Promise<Partial<Draft>> {
  const targets = targetsOf(service)
  const target = targets[0] ?? ''
  const name = orDefault(draft.endpointName) ?? `postern-${service.id}`
  switch (service.cloudProvider) {
    case 'AWS': {
      const subnetIds = severalIn(draft.subnetIds)
      const { body } = await client.call('createLocalAwsVpcEndpoint', {
        body: {
          serviceName: target,
          vpcId: orDefault(draft.vpcId),
          subnetIds: subnetIds.length === 0 ? undefined : [...subnetIds],
          region: orDefault(draft.consumerRegion),
        },
      })
      return { id: body.vpcEndpointId }
    }
    case 'AZURE': {
      const { body } = await client.call('createLocalAzurePrivateEndpoint', {
        body: {
          name,
          privateLinkServiceId: target,
          subscriptionId: orDefault(draft.subscriptionId),
          resourceGroupName: orDefault(draft.resourceGroup),
        },
      })
      return { id: body.id, privateEndpointIPAddress: body.privateIPAddress }
    }
    case 'GCP': {
      const count = service.portMappingEnabled ? {} : { count: targets.length }
      const { body } = await client.call('createLocalGcpForwardingRule', {
        body: { name, target, project: orDefault(draft.gcpProjectId), ...count },
      })
      const [rule] = body.forwardingRules
      return {
        gcpProjectId: rule?.project ?? '',
        endpointGroupName: body.endpointGroupName,
        privateEndpointIPAddress: rule?.IPAddress ?? '',
        endpoints: body.endpoints,
      }
    }
  }
}
