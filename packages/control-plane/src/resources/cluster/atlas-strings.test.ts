// Connection strings under Atlas's behaviour: which endpoints get an element, and in which forms.

import { behaviours } from '@postern/contract/fidelity'
import { describe, expect, test } from 'vitest'
import { byAddress, cluster, door, endpoint, member, srv, standard, twoRegions } from './connection-strings.testing.ts'
import { connectionStrings, endpointConnectionStrings, type StringsCluster } from './connection-strings.ts'

describe('under Atlas’s behaviour', () => {
  const asAtlas = (more: Partial<StringsCluster> = {}) =>
    cluster({ behaviour: behaviours.atlas, standardSrvName: 'cluster0.abcde.postern.internal', ...more })
  const east = endpoint()
  const west = endpoint({ cloudId: 'vpce-0fedcba9876543210', region: 'US_WEST_2' })
  const elsewhere = endpoint({ cloudId: 'vpce-00000000000000000', region: 'EU_WEST_1' })
  const azure = endpoint({ cloudId: 'azure', provider: 'AZURE', region: 'US_EAST_2' })

  test.each([
    { says: 'its own region', of: asAtlas(), through: [east], ids: [[east.cloudId]] },
    { says: 'a region without nodes of it', of: asAtlas(), through: [east, elsewhere], ids: [[east.cloudId]] },
    { says: 'a provider without nodes of it', of: asAtlas(), through: [east, azure], ids: [[east.cloudId]] },
    { says: 'a provider without nodes of it alone', of: asAtlas(), through: [azure], ids: [] },
    { says: 'one of its two regions', of: asAtlas({ members: twoRegions }), through: [east], ids: [] },
    {
      says: 'both of its regions',
      of: asAtlas({ members: twoRegions }),
      through: [east, west],
      ids: [[east.cloudId], [west.cloudId]],
    },
    {
      says: 'all regions of one of its two providers',
      of: asAtlas({ members: [member(0), member(1, { provider: 'AZURE', region: 'US_EAST_2' })] }),
      through: [east],
      ids: [],
    },
  ])('endpoints in $says: elements for $ids', ({ of, through, ids }) => {
    const elements = connectionStrings(of, through).privateEndpoint ?? []
    expect(elements.map(({ endpoints }) => endpoints.map(({ endpointId }) => endpointId))).toEqual(ids)
  })

  test('SRV strings are shown whatever the form, by name, and the cluster’s own too', () => {
    const standardSrv = 'mongodb+srv://cluster0.abcde.postern.internal'
    expect(connectionStrings(asAtlas(), [east])).toStrictEqual({
      awsPrivateLink: { [east.cloudId]: byAddress },
      awsPrivateLinkSrv: { [east.cloudId]: srv },
      privateEndpoint: [{ connectionString: byAddress, endpoints: door, srvConnectionString: srv, type: 'MONGOD' }],
      standard,
      standardSrv,
    })
    expect(connectionStrings(asAtlas({ state: 'CREATING' }), [])).toStrictEqual({})
    expect(connectionStrings(asAtlas({ tier: 'M0' }), [])).toStrictEqual({ standard, standardSrv })
  })

  test('a registered deployment has no SRV string of its own to show', () => {
    expect(connectionStrings(asAtlas({ tier: null, standardSrvName: null }), [])).toStrictEqual({ standard })
  })

  test('Postern’s own route shows every door that works all the same', () => {
    const { endpoints } = endpointConnectionStrings(asAtlas(), [east, elsewhere])
    expect(endpoints.map(({ endpointId }) => endpointId)).toEqual([east.cloudId, elsewhere.cloudId])
  })
})
