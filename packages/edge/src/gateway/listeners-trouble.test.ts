import { type GatewayEndpoint, longestReason } from '@postern/contract/snapshot'
import { expect, test } from 'vitest'
import { noListeners } from '../listeners-file.ts'
import { asOneReason, listenersTrouble } from './listeners-trouble.ts'
import type { OwnListener } from './own-listeners.ts'

const endpoint = (id: string, port: number): GatewayEndpoint => ({
  id,
  serviceId: 'service-1',
  provider: 'AWS',
  linkIds: [`vpce-${id}`],
  cloudEndpointId: `vpce-${id}`,
  status: 'AVAILABLE',
  tls: false,
  names: [],
  byAddress: true,
  advertised: { 'member-0': { host: '127.0.0.9', port } },
})
const endpoints = [endpoint('1', 1024), endpoint('2', 1024), endpoint('3', 1025)]
const standard = {
  gatewayPort: 40_000,
  serviceId: 'standard-1',
  clusterId: 'c',
  memberId: 'm',
  endpointId: 'standard-1',
}
const snapshot = { endpoints, listeners: [standard] }
const listener = (of: string, from: OwnListener['from'] = null, host = '127.0.0.70'): OwnListener => ({
  endpoint: `vpce-${of}`,
  host,
  advertise: null,
  from,
})
const overlapping = 'the listeners on 127.0.0.70 for vpce-1 and vpce-2 overlap: whoever is in both ranges is refused'

test.each([
  { says: 'one of an endpoint that is there', listeners: [listener('1')], told: [] },
  { says: 'by our own id', listeners: [{ ...listener('1'), endpoint: '1' }], told: [] },
  {
    says: 'one that names no endpoint',
    listeners: [listener('x')],
    told: ['the listener on 127.0.0.70 waits for the endpoint vpce-x, which is not there'],
  },
  { says: 'two for everybody', listeners: [listener('1'), listener('2')], told: [overlapping] },
  { says: 'one for everybody', listeners: [listener('1', ['10.0.0.1']), listener('2')], told: [overlapping] },
  {
    says: 'the same range twice',
    listeners: [listener('1', ['192.0.2.0/24', '10.0.0.1']), listener('2', ['10.0.0.1'])],
    told: [overlapping],
  },
  {
    says: 'a range within another, whichever is first',
    listeners: [listener('1', ['10.0.0.64/28']), listener('2', ['10.0.0.0/24'])],
    told: [overlapping],
  },
  { says: 'ranges apart', listeners: [listener('1', ['10.0.0.0/24']), listener('2', ['10.0.1.0/24'])], told: [] },
  {
    says: 'ranges of two families',
    listeners: [listener('1', ['0.0.0.0/0']), listener('2', ['2001:db8::/32'])],
    told: [],
  },
  { says: 'two addresses', listeners: [listener('1'), listener('2', null, '127.0.0.71')], told: [] },
  { says: 'no port in common', listeners: [listener('1'), listener('3')], told: [] },
])('of listeners: $says', ({ listeners, told }) => {
  expect(listenersTrouble({ ...noListeners, listeners }, snapshot)).toEqual(told)
})

test('a fixed TLV that names no endpoint', () => {
  const tlvs = ['1', 'x'].map((of) => ({ endpoint: `vpce-${of}`, type: 5, value: `orders-${of}` }))
  expect(listenersTrouble({ ...noListeners, tlvs }, snapshot)).toEqual([
    'the TLV orders-x names the endpoint vpce-x, which is not there',
  ])
})

test('proxies of a service that this gateway does not serve; by an endpoint or a port of its own it does', () => {
  const proxies = ['service-1', 'standard-1', 'service-x'].map((endpointService) => ({
    endpointService,
    from: ['192.0.2.1'],
  }))
  expect(listenersTrouble({ ...noListeners, proxies }, snapshot)).toEqual([
    'the proxies of the endpoint service service-x are believed nowhere: this gateway serves no service of that id',
  ])
})

test('all of it is one reason, as long as one may be, and no character is cut in two', () => {
  expect(asOneReason(['the file is not JSON', overlapping])).toBe(`the file is not JSON; ${overlapping}`)
  for (const before of ['', '.']) {
    const cut = asOneReason([`${before}${'🦉'.repeat(longestReason)}`])
    expect(cut.length).toBeLessThanOrEqual(longestReason)
    expect(cut).toMatch(/^\.?🦉+…$/u)
  }
})
