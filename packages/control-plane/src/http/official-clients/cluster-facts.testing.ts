// A cluster from its creation to its deletion.

import { expect } from 'vitest'
import { aText, type Fact, g, go, mcp, page, vnd } from './fact.testing.ts'

export const cluster = `${g}/clusters/Cluster0`
const region = {
  providerName: 'AWS',
  regionName: 'US_EAST_1',
  priority: 7,
  electableSpecs: { instanceSize: 'M10', nodeCount: 3 },
}
export const clusterFacts: readonly Fact[] = [
  {
    says: 'a project without clusters has an empty list with totalCount, which Terraform reads unasked',
    sent: go('GET', `${g}/clusters`, '2024-08-05'),
    status: 200,
    body: page([], 0),
  },
  {
    says: 'the CLI makes one in the version of 2023-02-01, which is on its way out and says so',
    sent: go('POST', `${g}/clusters`, '2023-02-01', {
      name: 'Cluster0',
      clusterType: 'REPLICASET',
      diskSizeGB: 10,
      mongoDBMajorVersion: '8.0',
      backupEnabled: false,
      biConnector: { enabled: false },
      labels: [{ key: 'Infrastructure Tool', value: 'Atlas CLI' }],
      replicationSpecs: [{ numShards: 1, zoneName: 'Zone 1', regionConfigs: [region] }],
    }),
    status: 201,
    type: `${vnd('2023-02-01')};charset=utf-8`,
    headers: { deprecation: 'Mon, 5 Aug 2024 00:00:00 GMT', sunset: 'Thu, 1 Jul 2027 00:00:00 GMT' },
  },
  {
    says: 'its first poll, in another version, finds CREATING; whatever Terraform asks besides does no harm',
    sent: {
      ...go('GET', `${cluster}?useEffectiveInstanceFields=true`, '2024-08-05'),
      headers: { ...go('GET', '', '2024-08-05').headers, 'use-effective-instance-fields': 'true' },
    },
    status: 200,
    type: `${vnd('2024-08-05')};charset=utf-8`,
    body: { stateName: expect.stringMatching(/CREATING|IDLE/) },
  },
  {
    says: 'a second one of the name: the code that the CLI knows',
    sent: go('POST', `${g}/clusters`, '2024-10-23', {
      name: 'Cluster0',
      clusterType: 'REPLICASET',
      replicationSpecs: [{ regionConfigs: [region] }],
    }),
    status: 400,
    body: { errorCode: 'DUPLICATE_CLUSTER_NAME' },
  },
  {
    says: 'the MCP server asks by a date that clusters have not, and gets the newest before it',
    sent: mcp('GET', cluster),
    status: 200,
    type: `${vnd('2024-08-05')};charset=utf-8`,
    body: { name: 'Cluster0', id: aText },
  },
  {
    says: 'a project with a cluster is not deleted: the code that clean-ups wait on',
    sent: go('DELETE', g),
    status: 409,
    body: { errorCode: 'CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS' },
  },
  {
    says: 'regions of a tier are three lists deep, where the CLI looks for their names',
    sent: go('GET', `${g}/clusters/provider/regions?providers=AWS&tier=M10`),
    status: 200,
    text: /"instanceSizes":\[\{"availableRegions":\[\{"default":(true|false),"name":"[A-Z_0-9]+"\}/,
  },
  {
    says: 'the CLI asks how it scales before it changes anything',
    sent: go('GET', `${cluster}/autoScalingConfiguration`, '2024-08-05'),
    status: 200,
    body: { autoScalingMode: aText },
  },
  {
    says: 'Terraform reads process arguments after each apply',
    sent: go('GET', `${cluster}/processArgs`, '2024-08-05'),
    status: 200,
    body: { minimumEnabledTlsProtocol: aText },
  },
  {
    says: 'a cluster is deleted by 202 and an empty object, in the version that the CLI is pinned to',
    sent: go('DELETE', cluster, '2023-02-01'),
    status: 202,
    text: '{}',
  },
]
