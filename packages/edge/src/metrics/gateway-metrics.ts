// What a gateway tells of itself: a table of metrics over its counts. Samples without an endpoint are of endpoints that
// are gone, or of arrivals that were turned away before it was known through which they came.

import type { Gateway, WorkerUsage } from '../gateway/gateway.ts'
import type { Side } from '../gateway/join/join.ts'
import type { RefusalCount } from '../gateway/refusals.ts'
import { type Count, handshakeBucketsMs } from '../gateway/tally.ts'
import type { Labels, Metric, Sample } from './text.ts'

type Counted = Readonly<Count>

interface Row {
  readonly name: string
  readonly help: string
  readonly type: Metric['type']
  readonly of: (count: Counted, labels: Labels) => readonly Sample[]
}

const one =
  (of: (count: Counted) => number): Row['of'] =>
  (count, labels) => [{ labels, value: of(count) }]
const sides: readonly Side[] = ['client', 'gateway', 'member']

const perMember: readonly Row[] = [
  {
    name: 'postern_gateway_connections',
    help: 'Connections that are joined to a member now.',
    type: 'gauge',
    of: one(({ open }) => open),
  },
  {
    name: 'postern_gateway_connections_started_total',
    help: 'Connections that were ever joined to a member.',
    type: 'counter',
    of: one(({ started }) => started),
  },
  {
    name: 'postern_gateway_connections_ended_total',
    help: 'Connections that are over, by whose side was the reason, and whether closed in good order or cut.',
    type: 'counter',
    of: ({ closed, cut }, labels) =>
      sides.flatMap((side) => [
        { labels: { ...labels, side, how: 'closed' }, value: closed[side] },
        { labels: { ...labels, side, how: 'cut' }, value: cut[side] },
      ]),
  },
  {
    name: 'postern_gateway_operations_total',
    help: 'Requests of clients, hellos included.',
    type: 'counter',
    of: one(({ operations }) => operations),
  },
  {
    name: 'postern_gateway_bytes_total',
    help: 'Bytes read, by the side that sent them.',
    type: 'counter',
    of: ({ bytesFromClients, bytesFromMembers }, labels) => [
      { labels: { ...labels, from: 'client' }, value: bytesFromClients },
      { labels: { ...labels, from: 'member' }, value: bytesFromMembers },
    ],
  },
  {
    name: 'postern_gateway_handshake_seconds',
    help: 'How long members took for the answer to the first hello of a connection.',
    type: 'histogram',
    of: ({ handshakes, handshakeMs }, labels) => {
      const upTo = (at: number): number => handshakes.slice(0, at + 1).reduce((sum, count) => sum + count, 0)
      const all = upTo(handshakes.length)
      return [
        ...handshakeBucketsMs.map((limit, at) => ({
          suffix: '_bucket',
          labels: { ...labels, le: String(limit / 1000) },
          value: upTo(at),
        })),
        { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: all },
        { suffix: '_sum', labels, value: handshakeMs / 1000 },
        { suffix: '_count', labels, value: all },
      ]
    },
  },
]

const nameOf = ({ cloudEndpointId, endpointId }: Pick<Count, 'cloudEndpointId' | 'endpointId'>): Labels => ({
  endpoint: cloudEndpointId,
  endpoint_id: endpointId,
})

const refused = (gateway: Pick<Gateway, 'refusals'>, what: RefusalCount['what']): readonly Sample[] =>
  gateway
    .refusals()
    .filter((refusal) => refusal.what === what)
    .map((refusal) => ({ labels: { ...nameOf(refusal), code: refusal.code }, value: refusal.count }))

const perWorker: readonly (Pick<Metric, 'name' | 'help' | 'type'> & { readonly of: (usage: WorkerUsage) => number })[] =
  [
    {
      name: 'postern_gateway_worker_connections',
      help: 'Connections that a worker was given and that are not over, joined or not.',
      type: 'gauge',
      of: ({ connections }) => connections,
    },
    {
      name: 'postern_gateway_worker_starts_total',
      help: 'How often a worker was started; more than once: it ended, and its connections with it.',
      type: 'counter',
      of: ({ starts }) => starts,
    },
    {
      name: 'postern_gateway_worker_cpu_seconds',
      help: 'CPU time in user and system mode of a worker, since its newest start.',
      type: 'gauge',
      of: ({ cpuSeconds }) => cpuSeconds,
    },
    {
      name: 'postern_gateway_worker_resident_memory_bytes',
      help: 'Memory of a worker that is resident.',
      type: 'gauge',
      of: ({ residentBytes }) => residentBytes,
    },
  ]

function workerMetrics(workers: readonly WorkerUsage[]): readonly Metric[] {
  return perWorker.map(({ of, ...metric }) => ({
    ...metric,
    samples: workers.map((usage) => ({ labels: { worker: String(usage.worker) }, value: of(usage) })),
  }))
}

export function gatewayMetrics(
  gateway: Pick<Gateway, 'counts' | 'refusals' | 'stats' | 'held' | 'workers'>,
): readonly Metric[] {
  const counts = gateway.counts()
  const { accepted, open, join } = gateway.stats()
  const held = gateway.held()
  const alone = (value: number): readonly Sample[] => [{ labels: {}, value }]
  return [
    {
      name: 'postern_gateway_snapshot_number',
      help: 'Number of the snapshot that is served.',
      type: 'gauge',
      samples: held === null ? [] : alone(held.n),
    },
    {
      name: 'postern_gateway_join_info',
      help: 'The method that joins clients and members.',
      type: 'gauge',
      samples: [{ labels: { method: join }, value: 1 }],
    },
    {
      name: 'postern_gateway_arrivals_total',
      help: 'Connections that were accepted, whatever became of them.',
      type: 'counter',
      samples: alone(accepted),
    },
    {
      name: 'postern_gateway_arrivals_open',
      help: 'Connections that were accepted and are not over, joined or not.',
      type: 'gauge',
      samples: alone(open),
    },
    {
      name: 'postern_gateway_refused_total',
      help: 'Connections that were turned away, by the reason in the log.',
      type: 'counter',
      samples: refused(gateway, 'connection'),
    },
    {
      name: 'postern_gateway_requests_refused_total',
      help: 'Requests that were refused, by the reason in the log: by a policy, or because they are none.',
      type: 'counter',
      samples: refused(gateway, 'request'),
    },
    ...(gateway.workers === undefined ? [] : workerMetrics(gateway.workers())),
    ...perMember.map(({ name, help, type, of }) => ({
      name,
      help,
      type,
      samples: counts.flatMap((count) => of(count, { ...nameOf(count), member: count.member })),
    })),
  ]
}
