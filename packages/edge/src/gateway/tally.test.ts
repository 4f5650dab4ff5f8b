import { expect, test } from 'vitest'
import { sumOfRefusals } from './refusals.ts'
import { type Count, createTally, handshakeBucketsMs, keptOf, namesFor, sumOfCounts } from './tally.ts'
import { connection, refused } from './testing/connection.ts'

const closed = { side: 'client', code: 'closed', reason: '' } as const
const reset = { side: 'member', code: 'ECONNRESET', reason: '' } as const

test('what is over and what is live are counted together, by endpoint and member', () => {
  const tally = createTally()
  tally.over(connection(), closed)
  tally.over(connection(), reset)
  tally.over(connection({ member: 'b:27017' }), closed)
  const counts = tally.counts([connection({ operations: 5, handshakeMs: null })])
  expect(counts).toMatchObject([
    {
      endpointId: 'endpoint-1',
      cloudEndpointId: 'vpce-1',
      member: 'a:27017',
      open: 1,
      started: 3,
      operations: 11,
      hellos: 3,
      bytesFromClients: 30,
      bytesFromMembers: 60,
      closed: { client: 1, gateway: 0, member: 0 },
      cut: { client: 0, gateway: 0, member: 1 },
      handshakeMs: 4,
    },
    { member: 'b:27017', open: 0, started: 1 },
  ])
  expect(counts).toEqual(tally.counts([connection({ operations: 5, handshakeMs: null })]))
})

test.each([
  { ms: 0, bucket: 0 },
  { ms: 1, bucket: 0 },
  { ms: 3, bucket: 2 },
  { ms: 10_000, bucket: handshakeBucketsMs.length - 1 },
  { ms: 10_001, bucket: handshakeBucketsMs.length },
])('a handshake of $ms ms falls into bucket $bucket', ({ ms, bucket }) => {
  const tally = createTally()
  tally.over(connection({ handshakeMs: ms }), closed)
  const [{ handshakes } = { handshakes: [] }] = tally.counts([])
  expect(handshakes.findIndex((count) => count > 0)).toBe(bucket)
})

const sumOf = (counts: readonly Readonly<Count>[]): number => counts.reduce((sum, { started }) => sum + started, 0)

test('what was counted for an endpoint that is gone goes on without its name: sums never fall', () => {
  const tally = createTally()
  for (const endpointId of ['endpoint-1', 'endpoint-2', 'endpoint-3']) {
    tally.over(connection({ endpointId }), closed)
    tally.refused(refused('NOT_AVAILABLE', { endpointId, lastAt: 7, lastConnection: endpointId }))
  }
  for (const serviceIds of [['service-1'], ['service-2'], ['service-1', 'service-2']])
    tally.refused(refused('PROXY_HEADER', { serviceIds, lastFrom: `10.0.0.${serviceIds.length}` }))
  tally.keep({ endpointIds: new Set(['endpoint-1']), serviceIds: new Set(['service-1']) })
  expect(tally.counts([])).toMatchObject([
    { endpointId: 'endpoint-1', started: 1 },
    { endpointId: null, cloudEndpointId: null, member: null, started: 2, closed: { client: 2 } },
  ])
  expect(tally.refusals()).toMatchObject([
    { endpointId: 'endpoint-1', cloudEndpointId: 'vpce', count: 1, lastAt: 7, lastConnection: 'endpoint-1' },
    { endpointId: null, cloudEndpointId: null, code: 'NOT_AVAILABLE', count: 2, lastConnection: 'endpoint-3' },
    { endpointId: null, serviceIds: ['service-1'], code: 'PROXY_HEADER', count: 2, lastFrom: '10.0.0.2' },
    { endpointId: null, serviceIds: [], code: 'PROXY_HEADER', what: 'connection', count: 1 },
  ])
})

test('beyond its capacity it goes on counting, and keeps no more names', () => {
  const tally = createTally()
  for (let n = 0; n < 2_500; n++) {
    tally.over(connection({ endpointId: `endpoint-${n}` }), closed)
    tally.refused(refused('NOT_AVAILABLE', { endpointId: `endpoint-${n}` }))
  }
  const counts = tally.counts([])
  expect([counts.length, sumOf(counts)]).toEqual([2_001, 2_500])
  const refusals = tally.refusals()
  expect([refusals.length, refusals.reduce((sum, { count }) => sum + count, 0)]).toEqual([2_001, 2_500])
})

test('every member of every endpoint that is served has a name, however many there are', () => {
  const tally = createTally()
  const ids = Array.from({ length: 1_000 }, (_, n) => `endpoint-${n}`)
  const listener = { serviceId: 'service' }
  const served = {
    endpoints: ids.map((id) => ({ ...listener, id })),
    listeners: [listener, listener, { ...listener, balances: ['one', 'two'] }],
  }
  expect(namesFor(served)).toBe(5_001)
  tally.keep(keptOf(served))
  for (const endpointId of ids)
    for (const member of ['a:1', 'b:1', 'c:1', 'd:1']) {
      tally.over(connection({ endpointId, member }), closed)
      tally.refused(refused(member, { endpointId }))
    }
  expect([tally.counts([]).length, tally.refusals().length]).toEqual([4_000, 4_000])
  tally.keep({ endpointIds: new Set(ids) })
  const counts = tally.counts([])
  expect([counts.length, sumOf(counts)]).toEqual([2_001, 4_000])
})

test('of several, whoever has a name keeps it, however many there are: no count falls', () => {
  const of = (from: number) => {
    const tally = createTally()
    for (let n = from; n < from + 1_500; n++) {
      const endpointId = `endpoint-${n}`
      tally.over(connection({ endpointId }), closed)
      tally.refused(refused('FULL', { endpointId }))
    }
    return tally
  }
  const [one, other] = [of(0), of(1_500)]
  expect(sumOfCounts([...one.counts([]), ...other.counts([])])).toHaveLength(3_000)
  expect(sumOfRefusals([...one.refusals(), ...other.refusals()])).toHaveLength(3_000)
})
