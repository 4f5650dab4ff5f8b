// An endpoint that fails closed: once its gateway has not heard for as long as its policy says that the snapshot is the
// newest, nobody is let in and who is there is ended; every other endpoint is served on.

import { expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { createBench, hello, lineOf, port } from './testing/bench.ts'
import { awsHeader, linkId } from './testing/doors.ts'

const { start, dial } = createBench()

const startAt = async (policy: { readonly maxSnapshotAgeMs?: number }) => {
  const time = { now: 1_000_000_000 }
  const { doors, set } = await start({ endpoint: { policy }, parts: { clock: { now: () => time.now } } })
  const arrive = () => {
    const one = dial(port(doors))
    one.socket.write(Buffer.concat([awsHeader(linkId), hello]))
    return one
  }
  return { time, doors, set, arrive }
}

test('it is served while the control plane is heard of, and not once the snapshot is older; heard again, it is', async () => {
  const { time, doors, set, arrive } = await startAt({ maxSnapshotAgeMs: 60_000 })
  doors.gateway.confirmed()
  const first = arrive()
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
  time.now += 60_000
  arrive()
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(2))
  time.now += 1
  await first.closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'SNAPSHOT_TOO_OLD', side: 'gateway' })
  const dialled = set.members[0]?.accepted()
  expect((await arrive().closed).bytes).toHaveLength(0)
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'SNAPSHOT_TOO_OLD', endpointId: 'endpoint-1' })
  expect(set.members[0]?.accepted()).toBe(dialled)
  doors.gateway.confirmed()
  arrive()
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
})

test('a snapshot from disk is of an unknown age: nobody is let in before the control plane was heard of', async () => {
  const { doors, arrive } = await startAt({ maxSnapshotAgeMs: 60_000 })
  await arrive().closed
  expect(lineOf(doors, 'connection refused')).toMatchObject({
    code: 'SNAPSHOT_TOO_OLD',
    reason: expect.stringContaining('since this gateway started'),
  })
})

test('a clock that is set back makes no snapshot younger', async () => {
  const { time, doors, arrive } = await startAt({ maxSnapshotAgeMs: 60_000 })
  doors.gateway.confirmed()
  time.now -= 3_600_000
  await arrive().closed
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'SNAPSHOT_TOO_OLD' })
})

test('by default it is served on, however long nothing is heard', async () => {
  const { time, doors, arrive } = await startAt({})
  time.now += 365 * 86_400_000
  arrive()
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
})
