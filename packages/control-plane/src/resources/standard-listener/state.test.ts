import { certificateOnItsWay } from '@postern/contract/snapshot'
import { expect, test } from 'vitest'
import type { ReportedFeed } from '../private-endpoint/acknowledged.ts'
import { listenerState, type Wanted } from './state.ts'

const now = Date.UTC(2026, 0, 1)
const on: Wanted = {
  id: 'l1',
  enabled: true,
  privateOnly: false,
  n: 7,
  gatewayPorts: [15_000, 15_001],
  portless: [],
  portsAreFree: true,
}
const off: Wanted = { ...on, enabled: false }
const shut: Wanted = { ...on, privateOnly: true }

const gateway = (more: Partial<ReportedFeed> = {}): ReportedFeed => ({
  edge: 'edge-1',
  feed: 'gateway',
  epoch: 'E',
  n: 7,
  bound: new Set(['15000', '15001', 'l1']),
  failed: new Map(),
  seen: now,
  ...more,
})
const late = gateway({ n: 6 })
const silent = gateway({ edge: 'edge-2', n: 6, seen: now - 61_000 })
const gone = gateway({ edge: 'edge-3', n: 6, revoked: now - 1 })

test.each<{ says: string; wanted: Wanted; reports: readonly ReportedFeed[]; state: string; problem: string | null }>([
  {
    says: 'not published yet',
    wanted: { ...on, n: null },
    reports: [gateway()],
    state: 'OPENING',
    problem: 'not published yet',
  },
  { says: 'no gateway', wanted: on, reports: [], state: 'OPENING', problem: 'No gateway has ever reported' },
  {
    says: 'a gateway that is late',
    wanted: on,
    reports: [late],
    state: 'OPENING',
    problem: 'edge-1 has not taken it over yet',
  },
  {
    says: 'a port that is not bound',
    wanted: on,
    reports: [gateway({ bound: new Set(['15000', 'l1']) })],
    state: 'OPENING',
    problem: '15001',
  },
  {
    says: 'no certificate yet',
    wanted: on,
    reports: [gateway({ bound: new Set(['15000', '15001']) })],
    state: 'OPENING',
    problem: 'l1',
  },
  {
    says: 'no member yet',
    wanted: { ...on, gatewayPorts: [] },
    reports: [gateway()],
    state: 'OPENING',
    problem: 'No member',
  },
  {
    says: 'a port that another program has',
    wanted: on,
    reports: [gateway({ failed: new Map([['15001', 'in use']]) })],
    state: 'FAILED',
    problem: 'in use',
  },
  {
    says: 'a gateway that knows no access lists',
    wanted: on,
    reports: [gateway({ failed: new Map([['l1', 'upgrade it']]) })],
    state: 'FAILED',
    problem: 'upgrade it',
  },
  {
    says: 'a certificate that is on its way',
    wanted: on,
    reports: [gateway({ bound: new Set(['15000', '15001']), failed: new Map([['l1', certificateOnItsWay]]) })],
    state: 'OPENING',
    problem: 'it has not come yet',
  },
  {
    says: 'no port left',
    wanted: { ...on, portless: ['db3:27017'], portsAreFree: false },
    reports: [gateway()],
    state: 'FAILED',
    problem: 'left for db3:27017',
  },
  {
    says: 'a member that just came',
    wanted: { ...on, portless: ['db3:27017'] },
    reports: [gateway()],
    state: 'OPENING',
    problem: 'given to db3:27017 yet',
  },
  {
    says: 'every live gateway serves it',
    wanted: on,
    reports: [gateway(), silent, gone],
    state: 'OPEN',
    problem: null,
  },
  {
    says: 'never opened, beside an edge that was told nothing yet',
    wanted: { ...off, n: 0 },
    reports: [gateway({ epoch: '', n: 0, seen: now - 61_000 })],
    state: 'OFF',
    problem: null,
  },
  {
    says: 'off, not published yet',
    wanted: { ...off, n: null },
    reports: [gateway()],
    state: 'CLOSING',
    problem: 'not published yet',
  },
  {
    says: 'off, a gateway still has it',
    wanted: off,
    reports: [gateway(), { ...late, edge: 'edge-4' }],
    state: 'CLOSING',
    problem: 'edge-4 has not let go',
  },
  {
    says: 'off, a gateway is silent',
    wanted: off,
    reports: [gateway(), silent],
    state: 'CLOSING',
    problem: 'postern edges forget edge-2',
  },
  { says: 'off, everywhere', wanted: off, reports: [gateway(), gone], state: 'OFF', problem: null },
  {
    says: 'private only, a gateway still has it',
    wanted: shut,
    reports: [late],
    state: 'CLOSING',
    problem: 'has not let go',
  },
  {
    says: 'private only, everywhere',
    wanted: shut,
    reports: [gateway()],
    state: 'CLOSED_BY_PRIVATE_ONLY',
    problem: 'private only',
  },
  {
    says: 'off and private only',
    wanted: { ...off, privateOnly: true },
    reports: [gateway()],
    state: 'OFF',
    problem: null,
  },
])('$says: $state', ({ wanted, reports, state, problem }) => {
  const stands = listenerState(wanted, { epoch: 'E', reports, now })
  expect(stands.state).toBe(state)
  if (problem === null) expect(stands.problem).toBeNull()
  else expect(stands.problem).toContain(problem)
})
