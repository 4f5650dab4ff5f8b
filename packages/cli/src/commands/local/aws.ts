// `postern local aws create-vpc-endpoint | list-vpc-endpoints | delete-vpc-endpoint`.

import type { Leaf } from '../../core/command.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { column, row, rows } from '../../print/template.ts'
import { address, addressColumn } from './address.ts'
import { chosenForm, formFlag } from './form.ts'
import { chosenService, endpointServiceId, targetName } from './target.ts'

const columns = [
  column('VPC ENDPOINT ID', 'vpcEndpointId'),
  column('STATE', 'state'),
  addressColumn('ADDRESS', address),
  column('SERVICE NAME', 'serviceName'),
] as const

export const localAws: readonly Leaf[] = [
  {
    word: 'create-vpc-endpoint',
    short: 'Create a VPC endpoint for an endpoint service.',
    long: 'It listens on this machine; attach it with `privateEndpoints aws interfaces create`.',
    flags: [
      {
        name: 'service-name',
        also: ['serviceName'],
        kind: 'text',
        usage: 'Name of the service, com.amazonaws.vpce.….',
      },
      endpointServiceId,
      { name: 'vpc-id', also: ['vpcId'], kind: 'text', usage: 'VPC that it belongs to; only shown.' },
      { name: 'subnet-ids', also: ['subnetIds'], kind: 'list', usage: 'Subnets that it belongs to; only shown.' },
      { name: 'region', kind: 'text', usage: "Region of the consumer; the service's own when left out." },
      formFlag,
      projectId,
      output,
    ],
    examples: [
      [
        'Create one for a service:',
        'local aws create-vpc-endpoint --service-name com.amazonaws.vpce.eu-west-1.vpce-svc-0705499aa25a2b1f5',
      ],
    ],
    async run(context) {
      const service = await chosenService(context, 'AWS')
      const serviceName = targetName({
        typed: context.optional('service-name'),
        service,
        name: service?.endpointServiceName,
        flag: 'service-name',
      })
      const vpcId = context.optional('vpc-id')
      const region = context.optional('region')
      const subnetIds = context.list('subnet-ids')
      const { body } = await (await context.client()).call('createLocalAwsVpcEndpoint', {
        body: {
          serviceName,
          ...(vpcId === undefined ? {} : { vpcId }),
          ...(subnetIds.length === 0 ? {} : { subnetIds: [...subnetIds] }),
          ...(region === undefined ? {} : { region }),
          ...chosenForm(context),
        },
      })
      await context.print(body, row(...columns))
    },
  },
  {
    word: 'list-vpc-endpoints',
    aliases: ['describe-vpc-endpoints', 'list', 'ls'],
    short: 'Return all VPC endpoints of the local cloud.',
    flags: [output],
    async run(context) {
      const { body } = await (await context.client()).call('listLocalAwsVpcEndpoints')
      await context.print(body, rows(...columns))
    },
  },
  {
    word: 'delete-vpc-endpoint',
    aliases: ['delete', 'rm'],
    short: 'Delete a VPC endpoint, as its owner would in AWS; its connections end.',
    args: [{ name: 'vpcEndpointId', usage: 'Id of the VPC endpoint, vpce-….' }],
    async run(context) {
      const vpcEndpointId = context.arg('vpcEndpointId')
      await (await context.client()).call('deleteLocalAwsVpcEndpoint', { params: { vpcEndpointId } })
      context.say(`VPC endpoint '${vpcEndpointId}' deleted`)
    },
  },
]
