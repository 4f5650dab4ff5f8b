import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { EdgeQuestion } from '@postern/contract/edge-question'
import { expect, test } from 'vitest'
import { systemClock } from '../../clock.ts'
import { createProofMemory } from '../../proxy-protocol/proof.ts'
import { createKeptLog } from '../../testing/kept-log.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createPlaces } from '../places.ts'
import { createHand } from './hand.ts'
import type { Line } from './talk.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('nothing is kept of what a worker has answered', async () => {
  let heard: Parameters<Line['listen']>[0] = () => {}
  let answer: WeakRef<object> | null = null
  const line: Line = {
    listen(by) {
      heard = by
    },
    send(message) {
      const { name, id } = message as { readonly name: string; readonly id: number }
      setImmediate(() => {
        const value = name === 'start' ? { join: 'onread' } : { count: 0, connections: [] }
        if (name === 'answer') answer = new WeakRef(value)
        heard({ id, value })
      })
    },
  }
  const never = new Promise<string>(() => {})
  const hand = createHand({
    worker: 1,
    hired: { line, kill() {}, dismiss() {}, gone: never },
    places: createPlaces(Date.now, { connectionsPerEndpoint: 1, newPerSecond: 0 }),
    proofs: createProofMemory(),
    pairOf: () => null,
    clock: { now: systemClock.now, after: () => () => {} },
    log: createKeptLog().log,
  })
  await hand.start({} as Parameters<typeof hand.start>[0], { taking: null, confirmedAt: null })
  await (async () => expect(await hand.answer({} as EdgeQuestion)).toMatchObject({ count: 0 }))()
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
  expect((answer as WeakRef<object> | null)?.deref()).toBeUndefined()
  expect(hand.isReady()).toBe(true) // it is there still, and with it whoever waits for its end
})

test('a worker that tells rarely what it counted is there as long as it says how much it has to do', async () => {
  let heard: Parameters<Line['listen']>[0] = () => {}
  const line: Line = {
    listen(by) {
      heard = by
    },
    send(message) {
      const { name, id } = message as { readonly name: string; readonly id: number }
      if (name === 'start') setImmediate(() => heard({ id, value: { join: 'onread' } }))
    },
  }
  const clock = createManualClock(Date.now())
  let killed = false
  const hired = { line, kill: () => (killed = true), dismiss() {}, gone: new Promise<string>(() => {}) }
  const hand = createHand({
    ...{ worker: 1, hired, pairOf: () => null, clock, log: createKeptLog().log, proofs: createProofMemory() },
    places: createPlaces(Date.now, { connectionsPerEndpoint: 1, newPerSecond: 0 }),
  })
  await hand.start({} as Parameters<typeof hand.start>[0], { taking: null, confirmedAt: null })
  for (let beat = 0; beat < 10; beat++) {
    clock.advance(10_000)
    heard({ name: 'load', what: { arrived: 0, open: 0 } })
  }
  expect(killed).toBe(false)
  clock.advance(15_000)
  expect(killed).toBe(true)
})
