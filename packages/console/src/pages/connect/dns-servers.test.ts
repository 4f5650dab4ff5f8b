import { expect, test } from 'vitest'
import { dnsServers } from './dns-servers.ts'

const edge = (name: string, dnsAddress: string | null, state: 'LIVE' | 'SILENT' | 'REVOKED' = 'LIVE') => ({
  edge: name,
  state,
  dnsAddress,
  seen: '2026-03-01T12:00:00Z',
  identity: null,
  enrolment: null,
  feeds: [],
})

test.each([
  { says: 'no edge', edges: [], servers: [] },
  { says: 'one that runs none', edges: [edge('e1', null)], servers: [] },
  {
    says: 'two of one machine',
    edges: [edge('e1', '127.0.0.1:53'), edge('e2', '127.0.0.1:53')],
    servers: ['127.0.0.1:53'],
  },
  {
    says: 'a silent one',
    edges: [edge('e1', '192.0.2.1:53', 'SILENT'), edge('e2', '192.0.2.2:53')],
    servers: ['192.0.2.2:53'],
  },
  { says: 'a revoked one', edges: [edge('e1', '192.0.2.1:53', 'REVOKED')], servers: [] },
  {
    says: 'every address of a machine',
    edges: [edge('e1', '0.0.0.0:5300'), edge('e2', '[::]:53')],
    servers: ['port 5300 of the machine of edge e1', 'port 53 of the machine of edge e2'],
  },
])('$says', ({ edges, servers }) => {
  expect(dnsServers(edges)).toEqual(servers)
})
