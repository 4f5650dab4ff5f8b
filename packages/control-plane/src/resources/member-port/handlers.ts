// Which port of the gateways stands for which member: what a balancer in front of them has to be told.

import { isCloudProvider } from '@postern/contract/cloud'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'

export const memberPortHandlers = ({ store }: Pick<Parts, 'store'>): Handlers<'listGroupGatewayPorts'> => ({
  listGroupGatewayPorts: async ({ params }) => {
    const rows = await store.read
      .selectFrom('member_port')
      .innerJoin('endpoint_service', 'endpoint_service.id', 'member_port.service_id')
      .leftJoin('member', 'member.id', 'member_port.member_id')
      .innerJoin('cluster', (join) =>
        join.on(({ or, eb, ref }) =>
          or([eb('cluster.id', '=', ref('member.cluster_id')), eb('cluster.id', '=', ref('member_port.cluster_id'))]),
        ),
      )
      .select(['service_id', 'endpoint_service.provider', 'endpoint_service.region', 'cluster.name', 'host_port'])
      .select(['service_port', 'gateway_port'])
      .where('endpoint_service.group_id', '=', params.groupId ?? '')
      .orderBy('service_id')
      .orderBy('slot')
      .execute()
    const results = rows.flatMap((row) =>
      isCloudProvider(row.provider)
        ? [
            {
              endpointServiceId: row.service_id,
              providerName: row.provider,
              regionName: row.region,
              clusterName: row.name,
              member: row.host_port,
              servicePort: row.service_port,
              gatewayPort: row.gateway_port,
            },
          ]
        : [],
    )
    return { body: { results, totalCount: results.length } }
  },
})
