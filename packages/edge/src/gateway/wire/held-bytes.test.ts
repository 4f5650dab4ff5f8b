import { describe, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { createHeldBytes, type HeldBytes, type Holder } from './held-bytes.ts'

const hour = 3_600_000

/** Somebody of an endpoint, and what became of it. */
function holder(endpointId: string) {
  const ended: string[] = []
  return { endpointId, ended, heldTooLong: (reason: string) => void ended.push(reason) }
}

/** Whether there was room at once; else a word once there is. */
function claimed(room: HeldBytes, one: Holder, bytes: number) {
  const state = { has: false }
  const waits = room.claim(one, bytes)
  if (waits === null) state.has = true
  else void waits.then(() => (state.has = true))
  return state
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('an endpoint has no more than it leaves to the others: whoever of it comes then waits, and nobody else', () => {
  const room = createHeldBytes(100, hour)
  const of = (endpointId: string, bytes: number) => claimed(room, holder(endpointId), bytes).has
  expect([of('a', 20), of('a', 20), of('a', 20), of('a', 20)]).toEqual([true, true, false, false])
  expect([of('b', 30), of('a', 1), of('b', 1)]).toEqual([true, false, false])
  expect(of('c', 15)).toBe(true)
})

test('who waits goes on once there is room, the first first; a shorter one need not wait for a longer', async () => {
  const room = createHeldBytes(100, hour)
  const [one, other] = [holder('a'), holder('a')]
  for (const each of [one, other]) expect(claimed(room, each, 25).has).toBe(true)
  const [gone, long, short] = [holder('a'), holder('a'), holder('a')]
  const waiting = [claimed(room, gone, 20), claimed(room, long, 30), claimed(room, short, 15)]
  room.release(gone)
  room.release(one)
  await settled()
  expect(waiting.map(({ has }) => has)).toEqual([false, false, true])
  room.release(short)
  room.release(other)
  await settled()
  expect(waiting.map(({ has }) => has)).toEqual([false, true, true])
})

describe('too long', () => {
  test('is who began first of the endpoint that holds most, while somebody waits; it makes room', async () => {
    const room = createHeldBytes(100, 20)
    const [small, first, second] = [holder('b'), holder('a'), holder('a')]
    for (const [each, bytes] of [
      [small, 10],
      [first, 20],
      [second, 25],
    ] as const)
      expect(claimed(room, each, bytes).has).toBe(true)
    const waits = claimed(room, holder('c'), 30)
    await eventually(() => expect(waits.has).toBe(true))
    expect([small, first, second].map(({ ended }) => ended.length)).toEqual([0, 1, 0])
    expect(first.ended[0]).toContain('20 bytes')
  })

  test('is nobody while nobody waits', async () => {
    const room = createHeldBytes(100, 0)
    const [first, second] = [holder('a'), holder('a')]
    for (const each of [first, second]) expect(claimed(room, each, 20).has).toBe(true)
    const impatient = holder('a')
    expect(claimed(room, impatient, 50).has).toBe(false)
    room.release(impatient)
    await new Promise((resolve) => setTimeout(resolve, 0)) // a timer that were left would come before this one
    expect([...first.ended, ...second.ended]).toEqual([])
  })
})
