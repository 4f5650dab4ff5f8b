import type { GatewayEndpoint, GatewaySnapshot } from '@postern/contract/snapshot'
import { describe, expect, test } from 'vitest'
import { type Arrival, admit, indexSnapshot, notUnderstood } from './admit.ts'

const named: GatewayEndpoint = {
  id: 'e1',
  serviceId: 's1',
  provider: 'AWS',
  linkIds: ['vpce-1'],
  cloudEndpointId: 'vpce-1',
  status: 'AVAILABLE',
  tls: true,
  names: ['pl-0.k45tj.test', 'pl-old.k45tj.test'],
  byAddress: false,
  advertised: { m1: { host: 'pl-0.k45tj.test', port: 1024 } },
}
const byAddress: GatewayEndpoint = { ...named, id: 'e2', linkIds: ['vpce-2'], byAddress: true }
const plain: GatewayEndpoint = { ...byAddress, id: 'e3', linkIds: ['vpce-3'], tls: false, names: [] }
const gcp: GatewayEndpoint = { ...plain, id: 'e4', provider: 'GCP', linkIds: ['18364758544493064720', '7'] }

const snapshot: GatewaySnapshot = {
  listeners: [
    { gatewayPort: 30_000, serviceId: 's1', clusterId: 'c1', memberId: 'm1' },
    { gatewayPort: 30_001, serviceId: 's2', clusterId: 'c1', memberId: 'm1' },
    { gatewayPort: 30_002, serviceId: 's1', clusterId: 'c1', memberId: 'gone' },
    { gatewayPort: 30_003, serviceId: 's1', clusterId: 'gone', memberId: 'm1' },
  ],
  endpoints: [
    named,
    byAddress,
    plain,
    gcp,
    { ...plain, id: 'e5', linkIds: ['vpce-5'], status: 'DELETING' },
    { ...plain, id: 'e6', linkIds: ['vpce-6'], status: 'REFUSED' },
    { ...plain, id: 'e7', linkIds: ['vpce-7'] },
    { ...plain, id: 'e8', linkIds: ['vpce-7'] },
    { ...plain, id: 'p1', linkIds: ['vpce-p1'], policy: { clusterIds: ['c1'] } },
    { ...plain, id: 'p2', linkIds: ['vpce-p2'], policy: { clusterIds: ['c2'] } },
    { ...plain, id: 'p3', linkIds: ['vpce-p3'], policy: { clusterIds: [] } },
    { ...named, id: 'p4', linkIds: ['vpce-p4'], policy: { minimumTls: 'TLS1_3' } },
    { ...plain, id: 'p5', linkIds: ['vpce-p5'], policy: { unread: ['aRuleOfTomorrow'] } },
  ],
  clusters: [{ id: 'c1', name: 'Cluster0', members: [{ id: 'm1', hostPort: 'a.internal:27017' }], tls: null }],
}
const index = indexSnapshot(snapshot)

const from = (linkId: string, more: Partial<Arrival> = {}): Arrival => ({
  gatewayPort: 30_000,
  link: { provider: 'AWS', linkId },
  sni: 'unread',
  ...more,
})
const sni = (name: string | null): Pick<Arrival, 'sni'> => ({ sni: { name } })

describe('admitted', () => {
  test.each([
    { says: 'before TLS has begun', arrival: from('vpce-1'), endpoint: 'e1' },
    { says: 'by its name', arrival: from('vpce-1', sni('pl-0.k45tj.test')), endpoint: 'e1' },
    { says: 'by an alias', arrival: from('vpce-1', sni('pl-old.k45tj.test')), endpoint: 'e1' },
    { says: 'without a name, where it is addressed by IP', arrival: from('vpce-2', sni(null)), endpoint: 'e2' },
    { says: 'by a name, where it is addressed by IP', arrival: from('vpce-2', sni('pl-0.k45tj.test')), endpoint: 'e2' },
    { says: 'without TLS', arrival: from('vpce-3'), endpoint: 'e3' },
    { says: 'to a cluster that its policy opens', arrival: from('vpce-p1'), endpoint: 'p1' },
    { says: 'before TLS has begun, whatever version it may speak', arrival: from('vpce-p4'), endpoint: 'p4' },
    {
      says: 'with the lowest TLS that its policy asks for',
      arrival: from('vpce-p4', { ...sni('pl-0.k45tj.test'), tlsVersion: 'TLSv1.3' }),
      endpoint: 'p4',
    },
    {
      says: 'by either of GCP’s connection ids',
      arrival: from('', { link: { provider: 'GCP', linkId: '7' } }),
      endpoint: 'e4',
    },
    {
      says: 'by an id beyond 2^53',
      arrival: from('', { link: { provider: 'GCP', linkId: '18364758544493064720' } }),
      endpoint: 'e4',
    },
  ])('$says', ({ arrival, endpoint }) => {
    expect(admit(index, arrival)).toMatchObject({
      admit: true,
      endpoint: { id: endpoint },
      member: { id: 'm1', hostPort: 'a.internal:27017' },
      cluster: { cluster: { id: 'c1' } },
    })
  })
})

describe('refused', () => {
  test.each([
    { says: 'a port that belongs to no service', arrival: from('vpce-3', { gatewayPort: 9 }), code: 'NO_LISTENER' },
    { says: 'no link', arrival: from('', { link: null }), code: 'NO_LINK' },
    { says: 'an unknown link', arrival: from('vpce-9'), code: 'UNKNOWN_ENDPOINT' },
    {
      says: 'the same id from another cloud',
      arrival: from('', { link: { provider: 'AZURE', linkId: '7' } }),
      code: 'UNKNOWN_ENDPOINT',
    },
    { says: 'the port of another service', arrival: from('vpce-3', { gatewayPort: 30_001 }), code: 'UNKNOWN_ENDPOINT' },
    { says: 'an id that two endpoints claim', arrival: from('vpce-7'), code: 'UNKNOWN_ENDPOINT' },
    { says: 'an endpoint being deleted', arrival: from('vpce-5'), code: 'NOT_AVAILABLE' },
    { says: 'an endpoint that was refused', arrival: from('vpce-6'), code: 'NOT_AVAILABLE' },
    { says: 'another name', arrival: from('vpce-1', sni('pl-1.k45tj.test')), code: 'WRONG_NAME' },
    { says: 'another name, even where it is addressed by IP', arrival: from('vpce-2', sni('x')), code: 'WRONG_NAME' },
    { says: 'no name, where it has names', arrival: from('vpce-1', sni(null)), code: 'NO_NAME' },
    { says: 'a cluster that its policy leaves out', arrival: from('vpce-p2'), code: 'CLUSTER_NOT_ALLOWED' },
    { says: 'any cluster, where its policy names none', arrival: from('vpce-p3'), code: 'CLUSTER_NOT_ALLOWED' },
    ...['TLSv1.2', 'TLSv1.1', 'SSLv3', 'none', 'unknown'].map((tlsVersion) => ({
      says: `TLS older than its policy asks for, or of no known version (${tlsVersion})`,
      arrival: from('vpce-p4', { ...sni('pl-0.k45tj.test'), tlsVersion }),
      code: 'TLS_VERSION',
    })),
    { says: 'a policy that this gateway does not know', arrival: from('vpce-p5'), code: 'UNKNOWN_POLICY' },
    { says: 'a member that is not listed', arrival: from('vpce-3', { gatewayPort: 30_002 }), code: 'NO_MEMBER' },
    { says: 'a cluster that is not listed', arrival: from('vpce-3', { gatewayPort: 30_003 }), code: 'NO_MEMBER' },
  ])('$says', ({ arrival, code }) => {
    expect(admit(index, arrival)).toMatchObject({ admit: false, code, reason: expect.any(String) })
  })
})

test('an endpoint whose policy is not known is named in the report, with what to do', () => {
  const reason = "this gateway is too old for the endpoint's policy (aRuleOfTomorrow): upgrade it"
  expect(notUnderstood(index)).toEqual([{ id: 'p5', reason }])
})
