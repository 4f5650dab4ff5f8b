// For tests only: a cluster of three members in one region, an endpoint that leads to it, and what their strings are.

import { behaviours } from '@postern/contract/fidelity'
import type { StringsCluster, StringsEndpoint, StringsMember } from './connection-strings.ts'

export const member = (position: number, more: Partial<StringsMember> = {}): StringsMember => ({
  id: `m${position}`,
  hostPort: `127.0.0.1:2700${position}`,
  provider: 'AWS',
  region: 'US_EAST_1',
  role: position === 0 ? 'primary' : 'secondary',
  position,
  ...more,
})

export const cluster = (more: Partial<StringsCluster> = {}): StringsCluster => ({
  id: 'c0',
  name: 'Cluster0',
  type: 'REPLICASET',
  process: 'MONGOD',
  tier: 'M10',
  state: 'IDLE',
  setName: 'rs0',
  tls: false,
  members: [member(0), member(1), member(2)],
  standardSrvName: null,
  listener: null,
  privateOnly: false,
  behaviour: behaviours.postern,
  regionalized: false,
  ...more,
})

export const at = (host: string, firstPort = 1024): StringsEndpoint['targets'] =>
  new Map([0, 1, 2].map((slot) => [`m${slot}`, { host, port: firstPort + slot }]))

export const endpoint = (more: Partial<StringsEndpoint> = {}): StringsEndpoint => ({
  cloudId: 'vpce-0123456789abcdef0',
  provider: 'AWS',
  region: 'US_EAST_1',
  form: 'address',
  tls: false,
  opens: true,
  targets: at('127.1.2.3'),
  srvName: 'cluster0-pl-0.abcde.postern.internal',
  regionalSrvName: 'cluster0-pl-0-us-east-1.abcde.postern.internal',
  loadBalancedSrvName: 'cluster0-pl-0-lb.abcde.postern.internal',
  hostNames: ['pl-0-us-east-1.abcde.postern.internal'],
  ...more,
})

export const named = (more: Partial<StringsEndpoint> = {}): StringsEndpoint =>
  endpoint({ form: 'name', tls: true, targets: at('pl-0-us-east-1.abcde.postern.internal'), ...more })

export const standard = 'mongodb://127.0.0.1:27000,127.0.0.1:27001,127.0.0.1:27002/?authSource=admin&replicaSet=rs0'
export const byAddress = 'mongodb://127.1.2.3:1024,127.1.2.3:1025,127.1.2.3:1026/?authSource=admin&replicaSet=rs0'
export const host = 'pl-0-us-east-1.abcde.postern.internal'
export const byName = `mongodb://${host}:1024,${host}:1025,${host}:1026/?ssl=true&authSource=admin&replicaSet=rs0`
export const srv = 'mongodb+srv://cluster0-pl-0.abcde.postern.internal'
export const door = [{ endpointId: 'vpce-0123456789abcdef0', providerName: 'AWS', region: 'US_EAST_1' }]

export const twoRegions = [member(0), member(1), member(2, { region: 'US_WEST_2' })]
