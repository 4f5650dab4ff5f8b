import { mostTraffic } from '@postern/contract/edge-traffic'
import { expect, test } from 'vitest'
import type { JoinedConnection } from './register.ts'
import { createTally } from './tally.ts'
import { connection, refused } from './testing/connection.ts'
import { createTrafficTeller } from './traffic.ts'

const closed = { side: 'client', code: 'closed', reason: '' } as const

/** A teller over the real tally; `live` are the connections of now. */
const teller = () => {
  const tally = createTally()
  const live: JoinedConnection[] = []
  const told = createTrafficTeller({ counts: () => tally.counts(live), refusals: tally.refusals }, 'run-1')
  return { tally, live, told }
}

test('members are added up, with what is over, what is live and what was turned away', () => {
  const { tally, live, told } = teller()
  tally.over(connection(), closed)
  live.push(connection({ member: 'b:27017' }), connection({ endpointId: 'endpoint-2' }))
  tally.refused(refused('TOO_MANY_CONNECTIONS', { endpointId: 'endpoint-1' }))
  tally.refused(refused('READ_ONLY', { endpointId: 'endpoint-1', what: 'request' })) // its connection goes on
  tally.refused(refused('UNKNOWN_ENDPOINT', { serviceIds: ['service-1'] }))
  expect(told.next()).toEqual({
    run: 'run-1',
    n: 1,
    endpoints: [
      {
        endpointId: 'endpoint-1',
        bytesFromClient: 20,
        bytesFromMember: 40,
        connections: 1,
        newConnections: 2,
        refused: 1,
      },
      {
        endpointId: 'endpoint-2',
        bytesFromClient: 10,
        bytesFromMember: 20,
        connections: 1,
        newConnections: 1,
        refused: 0,
      },
    ],
  })
})

test('that the run began is told once, even where nothing flowed', () => {
  const { told } = teller()
  const first = { run: 'run-1', n: 1, endpoints: [] }
  expect(told.next()).toEqual(first)
  expect(told.next()).toEqual({ ...first, n: 2 })
  told.accepted(first)
  expect(told.next()).toBeNull()
})

test('what is served no more is told once as having nothing open, and what had nothing open is not told at all', () => {
  const { tally, live, told } = teller()
  live.push(connection(), connection({ endpointId: 'endpoint-2' }))
  tally.over(connection({ endpointId: 'endpoint-3' }), closed)
  const first = told.next()
  if (first !== null) told.accepted(first)
  const [gone] = live.splice(0, 1)
  if (gone !== undefined) tally.over(gone, closed)
  tally.keep({ endpointIds: new Set(['endpoint-2']) })
  const last = told.next()
  expect(last?.endpoints).toEqual([
    { ...first?.endpoints.find(({ endpointId }) => endpointId === 'endpoint-1'), connections: 0 },
  ])
  if (last !== null) told.accepted(last)
  expect(told.next()).toBeNull()
})

test('what was accepted is not told again until it moves; what was not, is', () => {
  const { live, told } = teller()
  live.push(connection(), connection({ endpointId: 'endpoint-2' }))
  const first = told.next()
  expect(told.next()?.endpoints).toEqual(first?.endpoints)
  if (first) told.accepted(first)
  expect(told.next()).toBeNull()
  live[1] = connection({ endpointId: 'endpoint-2', bytesFromClient: 11 })
  expect(told.next()?.endpoints).toMatchObject([{ endpointId: 'endpoint-2', bytesFromClient: 11 }])
})

test('a connection that ends moves its endpoint', () => {
  const { tally, live, told } = teller()
  live.push(connection())
  const first = told.next()
  if (first) told.accepted(first)
  tally.over(connection(), closed)
  live.length = 0
  expect(told.next()?.endpoints).toMatchObject([{ connections: 0, newConnections: 1, bytesFromClient: 10 }])
})

test('an endpoint that is gone is not told, and begins anew when it is back', () => {
  const { tally, told } = teller()
  tally.over(connection(), closed)
  const first = told.next()
  if (first) told.accepted(first)
  tally.keep({ endpointIds: new Set() })
  expect(told.next()).toBeNull()
  tally.over(connection({ bytesFromClient: 4 }), closed)
  expect(told.next()?.endpoints).toMatchObject([{ newConnections: 1, bytesFromClient: 4 }])
})

test('no more are told at once than a report may hold; the rest comes next, also where the first move again', () => {
  const { tally, told } = teller()
  const ids = Array.from({ length: mostTraffic + 10 }, (_, n) => `endpoint-${n}`)
  tally.keep({ endpointIds: new Set(ids), names: ids.length })
  const move = () => {
    for (const endpointId of ids) tally.over(connection({ endpointId }), closed)
  }
  const tell = () => {
    const next = told.next()
    if (next !== null) told.accepted(next)
    return next?.endpoints.map(({ endpointId }) => endpointId) ?? []
  }
  move()
  expect(tell()).toEqual(ids.slice(0, mostTraffic))
  move()
  expect(tell().slice(0, 10)).toEqual(ids.slice(mostTraffic))
  expect(tell()).toEqual(ids.slice(mostTraffic - 10, mostTraffic))
  expect(tell()).toEqual([])
})

test('what is served no more is told as closed also where there was no place for that in the next report', () => {
  const { tally, live, told } = teller()
  const ids = Array.from({ length: mostTraffic + 1 }, (_, n) => `endpoint-${n}`)
  tally.keep({ endpointIds: new Set(ids), names: ids.length })
  live.push(...ids.map((endpointId) => connection({ endpointId })))
  const tell = () => {
    const next = told.next()
    if (next !== null) told.accepted(next)
    return next?.endpoints.map(({ connections }) => connections) ?? []
  }
  tell()
  tell()
  live.length = 0
  tally.keep({ endpointIds: new Set() })
  expect([tell(), tell(), tell()]).toEqual([ids.slice(1).map(() => 0), [0], []])
})
