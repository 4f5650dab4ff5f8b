// The consumer's side in Azure: a private endpoint. It asks by hand (`manual`): approving it is the service's matter,
// and whoever makes it has no rights on the other side.

import { shellCommand } from '../shell-words.ts'
import type { SetupParts, Written } from './consumer-setup.ts'
import { expression, hcl } from './hcl.ts'

const nameOf = ({ blanks, serviceId }: SetupParts): string => blanks.optional('endpointName') ?? `postern-${serviceId}`

export const azureSetup = {
  az(parts: SetupParts): Written {
    const { blanks, region, target } = parts
    const subscription = blanks.optional('subscriptionId')
    const name = nameOf(parts)
    return {
      create: shellCommand(
        ['az', 'network', 'private-endpoint', 'create'],
        [
          ...(subscription === undefined ? [] : [['--subscription', subscription] as const]),
          ['--resource-group', blanks.text('resourceGroup')],
          ['--name', name],
          ['--location', blanks.optional('consumerRegion') ?? region],
          ['--vnet-name', blanks.text('network')],
          ['--subnet', blanks.text('subnet')],
          ['--private-connection-resource-id', target],
          ['--connection-name', name],
          ['--manual-request', 'true'],
        ],
      ),
      attach: attach(parts),
    }
  },

  terraform(parts: SetupParts): Written {
    const { blanks, groupId, serviceId, region, target } = parts
    const resource = `postern_${serviceId}`
    const name = nameOf(parts)
    const resourceGroup = blanks.text('resourceGroup')
    const group = `/subscriptions/${blanks.text('subscriptionId')}/resourceGroups/${resourceGroup}`
    const network = `${group}/providers/Microsoft.Network/virtualNetworks/${blanks.text('network')}`
    return {
      create: hcl([
        {
          type: 'resource',
          labels: ['azurerm_private_endpoint', resource],
          attributes: {
            name,
            resource_group_name: resourceGroup,
            location: blanks.optional('consumerRegion') ?? region,
            subnet_id: `${network}/subnets/${blanks.text('subnet')}`,
          },
          blocks: [
            {
              type: 'private_service_connection',
              attributes: {
                name,
                private_connection_resource_id: target,
                is_manual_connection: expression('true'),
                request_message: 'Postern',
              },
            },
          ],
        },
        {
          type: 'resource',
          labels: ['mongodbatlas_privatelink_endpoint_service', resource],
          attributes: {
            project_id: groupId,
            private_link_id: serviceId,
            provider_name: 'AZURE',
            endpoint_service_id: expression(`azurerm_private_endpoint.${resource}.id`),
            private_endpoint_ip_address: expression(
              `azurerm_private_endpoint.${resource}.private_service_connection[0].private_ip_address`,
            ),
          },
        },
      ]),
      attach: null,
    }
  },

  local(parts: SetupParts): Written {
    const { blanks, groupId, serviceId } = parts
    const given = [
      ['--subscription', blanks.optional('subscriptionId')],
      ['--resource-group', blanks.optional('resourceGroup')],
      ['--location', blanks.optional('consumerRegion')],
    ] as const
    return {
      create: shellCommand(
        ['postern', 'local', 'azure', 'private-endpoint', 'create'],
        [
          ['--name', nameOf(parts)],
          ['--endpoint-service-id', serviceId],
          ['--projectId', groupId],
          ...given.flatMap(([option, value]) => (value === undefined ? [] : [[option, value] as const])),
        ],
      ),
      attach: attach(parts),
    }
  },
} as const

const attach = ({ blanks, groupId, serviceId }: SetupParts): string =>
  shellCommand(
    ['postern', 'privateEndpoints', 'azure', 'interfaces', 'create', serviceId],
    [
      ['--projectId', groupId],
      ['--privateEndpointId', blanks.later('<PRIVATE_ENDPOINT_RESOURCE_ID>')],
      ['--privateEndpointIpAddress', blanks.later('<PRIVATE_IP_ADDRESS>')],
    ],
  )
