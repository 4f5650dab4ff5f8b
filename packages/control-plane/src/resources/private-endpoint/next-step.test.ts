import { endpointMoves, endpointPhases } from '@postern/contract/private-endpoint'
import { describe, expect, test } from 'vitest'
import type { SeenConsumer } from '../../providers/provider.ts'
import type { Acknowledged } from './acknowledged.ts'
import { type EndpointStep, nextEndpointStep, type WantedEndpoint } from './next-step.ts'

const now = 1000
const target = 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0'
const vpce = 'vpce-0123456789abcdef0'
const seen = (over: Partial<SeenConsumer> = {}): SeenConsumer => ({
  cloudId: vpce,
  target,
  region: 'US_EAST_1',
  address: null,
  linkIds: [vpce],
  connection: 'accepted',
  readyAt: now,
  failure: null,
  form: 'address',
  hosts: ['127.64.0.1'],
  firstPort: 1024,
  portCount: 50,
  ...over,
})
const want = (over: Partial<WantedEndpoint> = {}): WantedEndpoint => ({
  provider: 'AWS',
  region: 'US_EAST_1',
  portMapping: false,
  supportedRemoteRegions: [],
  targets: [target],
  refs: [{ cloudId: vpce, address: null }],
  phase: 'REQUESTED',
  deleteRequested: false,
  serviceStatus: 'AVAILABLE',
  takeUnknown: false,
  told: null,
  ...over,
})
const done: Acknowledged = { done: true }
const not: Acknowledged = { done: false, reason: 'edge e has not taken it over', problem: false }
const silent: Acknowledged = { done: false, reason: 'Edge e may still serve it.', problem: true }

interface Row {
  readonly says: string
  readonly want: WantedEndpoint
  readonly consumers: readonly (SeenConsumer | null)[]
  readonly edges?: Acknowledged
  readonly held?: ReadonlyMap<string, string>
  readonly step: EndpointStep | { readonly do: 'refuse'; readonly reason: unknown }
}

const refused = (words: string): Row['step'] => ({ do: 'refuse', reason: expect.stringContaining(words) })

const rows: readonly Row[] = [
  {
    says: 'found and nobody has accepted it: accept',
    want: want(),
    consumers: [seen({ connection: 'pending' })],
    step: { do: 'accept', cloudIds: [vpce] },
  },
  {
    says: 'rejected once, without a failure of the cloud: accept it now',
    want: want(),
    consumers: [seen({ connection: 'rejected' })],
    step: { do: 'accept', cloudIds: [vpce] },
  },
  {
    says: 'accepted, the cloud is at work: wait',
    want: want(),
    consumers: [seen({ readyAt: now + 1 })],
    step: { do: 'wait', until: now + 1 },
  },
  {
    says: 'accepted and ready: number it and tell the edges',
    want: want(),
    consumers: [seen()],
    step: { do: 'record accepted', consumers: [seen()] },
  },
  { says: 'does not exist: refused', want: want(), consumers: [null], step: refused('does not exist') },
  {
    says: 'does not exist, and unknown ones are taken in: register it',
    want: want({ takeUnknown: true }),
    consumers: [null],
    step: { do: 'register' },
  },
  {
    says: 'unknown ones are taken in, but the count is wrong: refused all the same',
    want: want({ takeUnknown: true, provider: 'GCP', region: 'US_EAST_4', targets: ['a', 'b'] }),
    consumers: [null],
    step: refused('1 of 2 forwarding rules were given'),
  },
  {
    says: 'made for another service: refused',
    want: want(),
    consumers: [seen({ target: 'other' })],
    step: refused('was made for other'),
  },
  {
    says: 'the service is not there for it: refused',
    want: want({ serviceStatus: 'FAILED' }),
    consumers: [seen()],
    step: refused('FAILED'),
  },
  {
    says: 'accepted, the edges do not serve it yet: wait for them',
    want: want({ phase: 'ACCEPTED' }),
    consumers: [seen()],
    edges: not,
    step: { do: 'await edges', reason: 'edge e has not taken it over', problem: false },
  },
  {
    says: 'accepted, and every edge serves it: AVAILABLE',
    want: want({ phase: 'ACCEPTED' }),
    consumers: [seen()],
    edges: done,
    step: { do: 'record available' },
  },
  {
    says: 'accepted, then deleted in its cloud: refused',
    want: want({ phase: 'ACCEPTED' }),
    consumers: [null],
    edges: done,
    step: refused('was deleted in its cloud'),
  },
  {
    says: 'available and there: nothing',
    want: want({ phase: 'AVAILABLE' }),
    consumers: [seen()],
    step: { do: 'nothing' },
  },
  {
    says: 'available, and an edge cannot serve it: it stays, and tells',
    want: want({ phase: 'AVAILABLE' }),
    consumers: [seen()],
    edges: silent,
    step: { do: 'tell', message: 'Edge e may still serve it.' },
  },
  {
    says: 'available, and has told so already: nothing',
    want: want({ phase: 'AVAILABLE', told: 'Edge e may still serve it.' }),
    consumers: [seen()],
    edges: silent,
    step: { do: 'nothing' },
  },
  {
    says: 'available, and served again: what was told is taken back',
    want: want({ phase: 'AVAILABLE', told: 'Edge e may still serve it.' }),
    consumers: [seen()],
    edges: done,
    step: { do: 'tell', message: null },
  },
  {
    says: 'asks for what another endpoint of the service has: refused, naming that',
    want: want(),
    consumers: [seen()],
    held: new Map([[vpce, 'the-other']]),
    step: refused('belongs to the endpoint the-other'),
  },
  {
    says: 'to go, and another endpoint has what it asked for: forget the row and leave the other alone',
    want: want({ phase: 'DELETING', deleteRequested: true }),
    consumers: [seen()],
    edges: done,
    held: new Map([[vpce, 'the-other']]),
    step: { do: 'forget' },
  },
  {
    says: 'available, then deleted in its cloud: refused',
    want: want({ phase: 'AVAILABLE' }),
    consumers: [null],
    step: refused('was deleted in its cloud'),
  },
  {
    says: 'available, then its connection was withdrawn: refused',
    want: want({ phase: 'AVAILABLE' }),
    consumers: [seen({ connection: 'pending' })],
    step: refused('withdrawn'),
  },
  {
    says: 'available, and its region was struck off: it stays',
    want: want({ phase: 'AVAILABLE' }),
    consumers: [seen({ region: 'EU_WEST_1' })],
    step: { do: 'nothing' },
  },
  {
    says: 'refused is final, also when the endpoint appears later',
    want: want({ phase: 'REFUSED' }),
    consumers: [seen({ connection: 'pending' })],
    step: { do: 'nothing' },
  },
  {
    says: 'to go: first every edge lets go of it',
    want: want({ phase: 'DELETING', deleteRequested: true }),
    consumers: [seen()],
    edges: silent,
    step: { do: 'await edges', reason: 'Edge e may still serve it.', problem: true },
  },
  {
    says: 'to go, and no edge has it: end the connection in the cloud',
    want: want({ phase: 'DELETING', deleteRequested: true }),
    consumers: [seen()],
    edges: done,
    step: { do: 'detach', cloudIds: [vpce] },
  },
  {
    says: 'to go, and not attached in the cloud: forget the row',
    want: want({ phase: 'DELETING', deleteRequested: true }),
    consumers: [seen({ connection: 'rejected' })],
    edges: done,
    step: { do: 'forget' },
  },
  {
    says: 'to go, and gone in the cloud: forget the row',
    want: want({ phase: 'DELETING', deleteRequested: true }),
    consumers: [null],
    edges: done,
    step: { do: 'forget' },
  },
]

describe('the next step of an attached endpoint', () => {
  test.each(rows)('$says', ({ want: wanted, consumers, edges = not, held = new Map(), step }) => {
    expect(nextEndpointStep(wanted, { consumers, edges, heldByOthers: held }, now)).toEqual(step)
  })

  const recorded = { 'record accepted': 'ACCEPTED', 'record available': 'AVAILABLE', refuse: 'REFUSED' } as const
  const pairs = endpointPhases.flatMap((phase) =>
    [null, seen({ connection: 'pending' }), seen(), seen({ connection: 'rejected' }), seen({ target: 'x' })].flatMap(
      (consumer) => [done, not].map((edges) => ({ phase, consumer, edges })),
    ),
  )
  test.each(pairs)('$phase: a phase only moves along the table', ({ phase, consumer, edges }) => {
    const step = nextEndpointStep(want({ phase }), { consumers: [consumer], edges, heldByOthers: new Map() }, now)
    if (step.do in recorded) expect(endpointMoves[phase]).toContain(recorded[step.do as keyof typeof recorded])
    else expect(['register', 'accept', 'wait', 'await service', 'await edges', 'nothing']).toContain(step.do)
  })
})
