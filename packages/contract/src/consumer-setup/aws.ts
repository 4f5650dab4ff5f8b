// The consumer's side in AWS: an interface VPC endpoint.

import { shellCommand } from '../shell-words.ts'
import type { SetupParts, Written } from './consumer-setup.ts'
import { expression, hcl } from './hcl.ts'

/** Only a VPC in another region must say which region the service is in. */
const serviceRegion = ({ blanks, region }: SetupParts): string | undefined => {
  const consumer = blanks.optional('consumerRegion')
  return consumer === undefined || consumer === region ? undefined : region
}

export const awsSetup = {
  aws(parts: SetupParts): Written {
    const { blanks, region, target } = parts
    const remote = serviceRegion(parts)
    return {
      create: shellCommand(
        ['aws', 'ec2', 'create-vpc-endpoint'],
        [
          ['--region', blanks.optional('consumerRegion') ?? region],
          ['--vpc-endpoint-type', 'Interface'],
          ['--service-name', target],
          ...(remote === undefined ? [] : [['--service-region', remote] as const]),
          ['--vpc-id', blanks.text('vpcId')],
          ['--subnet-ids', ...blanks.many('subnetIds')],
          ['--security-group-ids', ...blanks.many('securityGroupIds')],
        ],
      ),
      attach: attach(parts),
    }
  },

  terraform(parts: SetupParts): Written {
    const { blanks, groupId, serviceId, target } = parts
    const name = `postern_${serviceId}`
    return {
      create: hcl([
        {
          type: 'resource',
          labels: ['aws_vpc_endpoint', name],
          attributes: {
            vpc_endpoint_type: 'Interface',
            service_name: target,
            service_region: serviceRegion(parts),
            vpc_id: blanks.text('vpcId'),
            subnet_ids: blanks.many('subnetIds'),
            security_group_ids: blanks.many('securityGroupIds'),
          },
        },
        {
          type: 'resource',
          labels: ['mongodbatlas_privatelink_endpoint_service', name],
          attributes: {
            project_id: groupId,
            private_link_id: serviceId,
            provider_name: 'AWS',
            endpoint_service_id: expression(`aws_vpc_endpoint.${name}.id`),
          },
        },
      ]),
      attach: null,
    }
  },

  local(parts: SetupParts): Written {
    const { blanks, groupId, serviceId } = parts
    const vpcId = blanks.optional('vpcId')
    const subnetIds = blanks.optionalMany('subnetIds')
    const consumerRegion = blanks.optional('consumerRegion')
    return {
      create: shellCommand(
        ['postern', 'local', 'aws', 'create-vpc-endpoint'],
        [
          ['--endpoint-service-id', serviceId],
          ['--projectId', groupId],
          ...(vpcId === undefined ? [] : [['--vpc-id', vpcId] as const]),
          ...(subnetIds === undefined ? [] : [['--subnet-ids', subnetIds.join()] as const]),
          ...(consumerRegion === undefined ? [] : [['--region', consumerRegion] as const]),
        ],
      ),
      attach: attach(parts),
    }
  },
} as const

const attach = ({ blanks, groupId, serviceId }: SetupParts): string =>
  shellCommand(
    ['postern', 'privateEndpoints', 'aws', 'interfaces', 'create', serviceId],
    [
      ['--projectId', groupId],
      ['--privateEndpointId', blanks.later('<VPC_ENDPOINT_ID>')],
    ],
  )
