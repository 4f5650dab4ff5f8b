// The stored spec of a cluster of a shared tier, which gets no private endpoint.

import { clusterSchemas } from '@postern/contract/schemas/cluster'
import { specFromBody } from './body.ts'

export const sharedTierSpec = (ids: Parameters<typeof specFromBody>[1]['ids']): string => {
  const free = clusterSchemas.createGroupCluster.body.parse({
    name: 'Free',
    clusterType: 'REPLICASET',
    replicationSpecs: [
      {
        regionConfigs: [
          {
            providerName: 'TENANT',
            backingProviderName: 'AWS',
            regionName: 'US_EAST_1',
            electableSpecs: { instanceSize: 'M0' },
          },
        ],
      },
    ],
  })
  return JSON.stringify(specFromBody(free, { ids, version: '2024-08-05' }))
}
