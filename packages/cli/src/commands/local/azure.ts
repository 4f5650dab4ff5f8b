// `postern local azure private-endpoint create | list | delete`.

import type { Command, Leaf } from '../../core/command.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { column, row, rows } from '../../print/template.ts'
import { address, addressColumn } from './address.ts'
import { chosenForm, formFlag } from './form.ts'
import { chosenService, endpointServiceId, targetName } from './target.ts'

const columns = [
  column('ID', 'id'),
  column('IP ADDRESS', 'privateIPAddress'),
  column('STATE', 'connectionState'),
  addressColumn('LISTENS ON', address),
] as const

const privateEndpointCommands: readonly Leaf[] = [
  {
    word: 'create',
    short: 'Create a private endpoint for a private link service.',
    long: 'It listens on this machine; attach it with `privateEndpoints azure interfaces create`.',
    flags: [
      { name: 'name', short: 'n', kind: 'text', required: true, usage: 'Name of the private endpoint.' },
      {
        name: 'private-connection-resource-id',
        also: ['privateConnectionResourceId', 'private-link-service-id', 'privateLinkServiceId'],
        kind: 'text',
        usage: 'Resource id of the private link service.',
      },
      endpointServiceId,
      {
        name: 'resource-group',
        short: 'g',
        also: ['resourceGroup'],
        kind: 'text',
        usage: 'Resource group to put it in.',
      },
      { name: 'subscription', kind: 'text', usage: 'Subscription to put it in.' },
      { name: 'location', short: 'l', kind: 'text', usage: "Region; the service's own when left out." },
      formFlag,
      projectId,
      output,
    ],
    examples: [
      [
        'Create one for an endpoint service of this project:',
        'local azure private-endpoint create --name app --endpoint-service-id 5f4fe14da2b47835a58c63a2',
      ],
    ],
    async run(context) {
      const service = await chosenService(context, 'AZURE')
      const privateLinkServiceId = targetName({
        typed: context.optional('private-connection-resource-id'),
        service,
        name: service?.privateLinkServiceResourceId,
        flag: 'private-connection-resource-id',
      })
      const resourceGroupName = context.optional('resource-group')
      const subscriptionId = context.optional('subscription')
      const location = context.optional('location')
      const { body } = await (await context.client()).call('createLocalAzurePrivateEndpoint', {
        body: {
          name: context.text('name'),
          privateLinkServiceId,
          ...(resourceGroupName === undefined ? {} : { resourceGroupName }),
          ...(subscriptionId === undefined ? {} : { subscriptionId }),
          ...(location === undefined ? {} : { location }),
          ...chosenForm(context),
        },
      })
      await context.print(body, row(...columns))
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all private endpoints of the local cloud.',
    flags: [output],
    async run(context) {
      const { body } = await (await context.client()).call('listLocalAzurePrivateEndpoints')
      await context.print(body, rows(...columns))
    },
  },
  {
    word: 'delete',
    aliases: ['rm'],
    short: 'Delete a private endpoint, as its owner would in Azure; its connections end.',
    args: [{ name: 'privateEndpointResourceId', usage: 'Resource id of the private endpoint.' }],
    async run(context) {
      const id = context.arg('privateEndpointResourceId')
      await (await context.client()).call('deleteLocalAzurePrivateEndpoint', { params: { privateEndpointId: id } })
      context.say(`Private endpoint '${id}' deleted`)
    },
  },
]

export const localAzure: readonly Command[] = [
  {
    word: 'private-endpoint',
    aliases: ['private-endpoints', 'privateEndpoint', 'privateEndpoints'],
    short: 'Azure private endpoints of the local cloud.',
    load: async () => privateEndpointCommands,
  },
]
