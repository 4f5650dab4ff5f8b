import type { GatewayEndpoint } from '@postern/contract/snapshot'
import { expect, test } from 'vitest'
import { indexSnapshot } from '../admit.ts'
import { namesFor } from './names.ts'

const shared = { m0: { host: 'pl-1.k45tj.test', port: 1024 }, m1: { host: 'pl-1.k45tj.test', port: 1025 } }
const byRule = { m0: { host: 'pl-1-gcp-0.test', port: 1024 }, m1: { host: 'pl-1-gcp-1.test', port: 1024 } }
const byAddress = { m0: { host: '127.0.0.5', port: 1024 } }
const endpoint: GatewayEndpoint = {
  id: 'e',
  serviceId: 's',
  provider: 'AWS',
  linkIds: [],
  cloudEndpointId: 'vpce-1',
  status: 'AVAILABLE',
  tls: true,
  names: ['pl-1.k45tj.test', 'pl-0.k45tj.test', 'pl-1-gcp-0.test', 'pl-1-gcp-1.test'],
  byAddress: false,
  advertised: {},
}
const index = indexSnapshot({
  listeners: [],
  endpoints: [],
  clusters: [
    {
      id: 'c',
      name: 'Cluster0',
      members: [
        { id: 'm0', hostPort: 'A.internal:27017' },
        { id: 'm1', hostPort: 'b.internal:27017' },
      ],
      tls: null,
    },
  ],
})
const cluster = index.clusters.get('c')

test.each([
  { says: 'a name without SNI', advertised: shared, sni: null, own: 'a.internal:27017', told: 'pl-1.k45tj.test:1024' },
  {
    says: 'the port picks the member',
    advertised: shared,
    sni: null,
    own: 'b.internal:27017',
    told: 'pl-1.k45tj.test:1025',
  },
  {
    says: 'the alias that the client used',
    advertised: shared,
    sni: 'pl-0.k45tj.test',
    own: 'b.internal:27017',
    told: 'pl-0.k45tj.test:1025',
  },
  {
    says: 'each rule’s own host in GCP’s legacy form',
    advertised: byRule,
    sni: 'pl-1-gcp-0.test',
    own: 'b.internal:27017',
    told: 'pl-1-gcp-1.test:1024',
  },
  {
    says: 'an address, whatever name was used',
    advertised: byAddress,
    sni: 'pl-0.k45tj.test',
    own: 'a.internal:27017',
    told: '127.0.0.5:1024',
  },
  {
    says: 'an IPv6 address in brackets',
    advertised: { m0: { host: '::1', port: 1024 } },
    sni: null,
    own: 'a.internal:27017',
    told: '[::1]:1024',
  },
  {
    says: 'nothing for a member without a target',
    advertised: byAddress,
    sni: null,
    own: 'b.internal:27017',
    told: null,
  },
  { says: 'nothing for a stranger', advertised: shared, sni: null, own: 'x.internal:27017', told: null },
])('$says', ({ advertised, sni, own, told }) => {
  if (cluster === undefined) throw new Error('the snapshot has a cluster')
  expect(namesFor({ ...endpoint, advertised }, cluster, sni).advertised(own)).toBe(told)
})
