import type { EndpointTraffic } from '@postern/contract/edge-traffic'
import { expect, test } from 'vitest'
import { growthOf, type Said } from './growth.ts'

const told = (over: Partial<EndpointTraffic> = {}): EndpointTraffic => ({
  endpointId: 'e1',
  bytesFromClient: 100,
  bytesFromMember: 1_000,
  connections: 2,
  newConnections: 5,
  refused: 1,
  ...over,
})

const said = (over: Partial<Said> = {}): Said => ({
  run: 'run-2',
  runBefore: 'run-1',
  n: 7,
  endpoints: new Map([['e1', told()]]),
  ...over,
})

const more = told({ bytesFromClient: 130, bytesFromMember: 1_400, connections: 1, newConnections: 6 })
const by = told({ bytesFromClient: 30, bytesFromMember: 400, connections: 1, newConnections: 1, refused: 0 })
const nothing = { bytesFromClient: 0, bytesFromMember: 0, newConnections: 0, refused: 0 }

test.each([
  {
    says: 'an edge that was never heard counts from zero',
    before: null,
    report: { run: 'run-1', n: 1, endpoints: [told()] },
    growth: { newRun: true, grown: [told()], cut: [] },
  },
  {
    says: 'the same run counts by how much it grew',
    before: said(),
    report: { run: 'run-2', n: 8, endpoints: [more] },
    growth: { newRun: false, grown: [by], cut: [] },
  },
  {
    says: 'an endpoint that the run had not named counts from zero',
    before: said(),
    report: { run: 'run-2', n: 8, endpoints: [told({ endpointId: 'e2' })] },
    growth: { newRun: false, grown: [told({ endpointId: 'e2' })], cut: [] },
  },
  {
    says: 'a counter that fell counts nothing, and what is open is what is told',
    before: said(),
    report: { run: 'run-2', n: 8, endpoints: [told({ bytesFromClient: 5, connections: 1 })] },
    growth: { newRun: false, grown: [told({ ...nothing, connections: 1 })], cut: [] },
  },
  {
    says: 'a new run counts from zero, and cuts what the one before had open',
    before: said({
      endpoints: new Map([told(), told({ endpointId: 'e2', connections: 0 })].map((e) => [e.endpointId, e])),
    }),
    report: { run: 'run-3', n: 1, endpoints: [more] },
    growth: { newRun: true, grown: [more], cut: ['e1'] },
  },
  {
    says: 'the same report twice',
    before: said(),
    report: { run: 'run-2', n: 7, endpoints: [told()] },
    growth: null,
  },
  {
    says: 'a report that was overtaken',
    before: said(),
    report: { run: 'run-2', n: 6, endpoints: [told({ bytesFromClient: 90 })] },
    growth: null,
  },
  {
    says: 'a last word of the run before',
    before: said(),
    report: { run: 'run-1', n: 99, endpoints: [told({ bytesFromClient: 9_000 })] },
    growth: null,
  },
])('$says', ({ before, report, growth }) => {
  expect(growthOf(before, report)).toEqual(growth)
})
