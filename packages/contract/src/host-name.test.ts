import { expect, test } from 'vitest'
import { cloudProviders, regions } from './cloud.ts'
import {
  type EndpointNaming,
  endpointHost,
  loadBalancedSrvName,
  regionalSrvName,
  ruleHost,
  srvName,
  standardNames,
} from './host-name.ts'

const aws: EndpointNaming = {
  provider: 'AWS',
  region: 'US_EAST_1',
  index: 0,
  hash: 'k45tj',
  domain: 'postern.internal',
}
const gcp: EndpointNaming = { ...aws, provider: 'GCP', region: 'NORTH_AMERICA_NORTHEAST_1', index: 123 }
const zone = '.k45tj.postern.internal'

test.each([
  { says: 'an endpoint’s host', name: endpointHost(aws), is: 'pl-0-us-east-1' },
  {
    says: 'that of one of several forwarding rules',
    name: ruleHost({ ...gcp, index: 0 }, 3),
    is: 'pl-0-northamerica-northeast1-gcp-3',
  },
  { says: 'a seedlist', name: srvName('Cluster0', aws), is: 'cluster0-pl-0' },
  { says: 'a seedlist in Google Cloud', name: srvName('Cluster0', gcp), is: 'cluster0-psc-123' },
  { says: 'that of a region', name: regionalSrvName('Cluster0', aws), is: 'cluster0-pl-0-us-east-1' },
  { says: 'that which spreads', name: loadBalancedSrvName('Cluster0', aws), is: 'cluster0-pl-0-lb' },
])('$says is $is', ({ name, is }) => {
  expect(name).toBe(`${is}${zone}`)
})

test.each([55, 58, 59, 64])('every name is one of DNS, also of a cluster whose name has %i letters', (length) => {
  const [one, other] = ['a', 'b'].map((last) => `${'C'.repeat(length - 1)}${last}`)
  for (const naming of [aws, gcp]) {
    for (const nameOf of [srvName, regionalSrvName, loadBalancedSrvName]) {
      const [name = '', otherName] = [one, other].map((cluster) => nameOf(cluster ?? '', naming))
      expect(name.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))).toBe(true)
      expect(otherName).not.toBe(name)
      expect(nameOf(one ?? '', naming)).toBe(name)
    }
  }
})

test('the standard names of a cluster are its own name, and a host below it', () => {
  expect(standardNames('Cluster0', aws)).toEqual({ srv: `cluster0${zone}`, name: `standard.cluster0${zone}` })
})

test('no standard name is a name through an endpoint, however a cluster is called', () => {
  const namings = cloudProviders.flatMap((provider) =>
    Object.keys(regions[provider]).flatMap((region) =>
      [0, 7, 123].map((index) => ({ ...aws, provider, region, index })),
    ),
  )
  const long = 'L'.repeat(64)
  const privately = namings.flatMap((naming) => [
    endpointHost(naming),
    ruleHost(naming, 3),
    ...['Cluster0', 'a', 'a-pl-0', long].flatMap((cluster) =>
      [srvName, regionalSrvName, loadBalancedSrvName].map((nameOf) => nameOf(cluster, naming)),
    ),
  ])
  const taken = new Set(privately)
  const called = [...new Set([...taken].map((name) => name.split('.')[0] ?? ''))]
  const standard = called.flatMap((cluster) => [cluster, `${cluster}-std`]).map((name) => standardNames(name, aws).srv)
  expect(standard.filter((name) => taken.has(name))).toEqual([])
  expect(new Set(standard).size).toBe(standard.length)
  expect(standard.every((name) => (name.split('.')[0] ?? '').length <= 63)).toBe(true)
  expect(standardNames('Cluster0-pl-0', aws).srv).toBe(`cluster0-pl-0-std${zone}`)
})
