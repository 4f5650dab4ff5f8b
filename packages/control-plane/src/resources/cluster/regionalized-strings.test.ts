// Connection strings in the regionalized mode: an endpoint leads to the routers of its region.

import { describe, expect, test } from 'vitest'
import { at, cluster, named, twoRegions } from './connection-strings.testing.ts'
import {
  connectionStrings,
  endpointConnectionStrings,
  type StringsCluster,
  type StringsEndpoint,
} from './connection-strings.ts'

describe('in the regionalized mode an endpoint leads to the routers of its region', () => {
  const west = 'pl-1-us-west-2.abcde.postern.internal'
  const routers = cluster({
    type: 'SHARDED',
    process: 'MONGOS',
    setName: null,
    regionalized: true,
    members: twoRegions,
  })
  const westEnd = named({
    cloudId: 'vpce-2',
    region: 'US_WEST_2',
    targets: at(west),
    srvName: 'cluster0-pl-1.abcde.postern.internal',
    regionalSrvName: 'cluster0-pl-1-us-west-2.abcde.postern.internal',
  })
  const elsewhere = named({
    cloudId: 'vpce-3',
    region: 'EU_WEST_1',
    regionalSrvName: 'cluster0-pl-2-eu-west-1.abcde.postern.internal',
  })
  const shown = (of: StringsCluster, through: readonly StringsEndpoint[]) =>
    (connectionStrings(of, through).privateEndpoint ?? []).map((each) => [
      each.endpoints[0]?.region,
      each.connectionString.replaceAll('.abcde.postern.internal', '').replace(/^mongodb:\/\/|\/\?.*$/g, ''),
      each.srvConnectionString?.replace('.abcde.postern.internal', ''),
    ])
  const near = ['US_EAST_1', 'pl-0-us-east-1:1024,pl-0-us-east-1:1025', 'mongodb+srv://cluster0-pl-0-us-east-1']

  test.each([
    {
      says: 'a string per region, each with the routers there and a name of its own',
      of: routers,
      through: [named(), westEnd],
      are: [near, ['US_WEST_2', 'pl-1-us-west-2:1026', 'mongodb+srv://cluster0-pl-1-us-west-2']],
    },
    { says: 'none waits for another region’s', of: routers, through: [named()], are: [near] },
    {
      says: 'a region without routers leads to all of them',
      of: routers,
      through: [elsewhere],
      are: [
        [
          'EU_WEST_1',
          'pl-0-us-east-1:1024,pl-0-us-east-1:1025,pl-0-us-east-1:1026',
          'mongodb+srv://cluster0-pl-2-eu-west-1',
        ],
      ],
    },
    {
      says: 'without the mode both regions are needed, and each string has every router',
      of: { ...routers, regionalized: false },
      through: [named(), westEnd],
      are: [
        ['US_EAST_1', 'pl-0-us-east-1:1024,pl-0-us-east-1:1025,pl-0-us-east-1:1026', 'mongodb+srv://cluster0-pl-0'],
        ['US_WEST_2', 'pl-1-us-west-2:1024,pl-1-us-west-2:1025,pl-1-us-west-2:1026', 'mongodb+srv://cluster0-pl-1'],
      ],
    },
    {
      says: 'a replica set knows no such mode',
      of: cluster({ regionalized: true }),
      through: [named()],
      are: [
        ['US_EAST_1', 'pl-0-us-east-1:1024,pl-0-us-east-1:1025,pl-0-us-east-1:1026', 'mongodb+srv://cluster0-pl-0'],
      ],
    },
  ])('$says', ({ of, through, are }) => {
    expect(shown(of, through)).toEqual(are)
  })

  test('direct strings, names and the legacy maps say the same', () => {
    const [only] = endpointConnectionStrings(routers, [westEnd]).endpoints
    expect(only?.direct.map(({ member: hostPort }) => hostPort)).toEqual(['127.0.0.1:27002'])
    expect(only?.names).toContain('cluster0-pl-1-us-west-2.abcde.postern.internal')
    expect(endpointConnectionStrings(routers, [westEnd]).missing).toEqual([])
    expect(connectionStrings(routers, [westEnd]).awsPrivateLinkSrv).toEqual({
      'vpce-2': 'mongodb+srv://cluster0-pl-1-us-west-2.abcde.postern.internal',
    })
  })
})
