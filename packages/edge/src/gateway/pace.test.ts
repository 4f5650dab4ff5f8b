import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

interface Rate {
  readonly perSecond: number
  readonly burst: number
}

const start = (usual: Rate) => {
  const clock = { now: 1_000_000 }
  const pace = createPace(() => clock.now)
  const allowed = (times: number, endpointId = 'one', rate = usual): number =>
    Array.from({ length: times }, () => pace.allows(endpointId, rate)).filter((yes) => yes).length
  return { clock, pace, allowed }
}

test('a burst comes in, what follows waits for its second', () => {
  const { clock, allowed } = start({ perSecond: 10, burst: 50 })
  expect(allowed(60)).toBe(50)
  clock.now += 100
  expect(allowed(5)).toBe(1)
  clock.now += 1000
  expect(allowed(20)).toBe(10)
})

test('a silence earns no more than a burst', () => {
  const { clock, allowed } = start({ perSecond: 10, burst: 50 })
  allowed(50)
  clock.now += 3_600_000
  expect(allowed(100)).toBe(50)
})

test('each endpoint for itself', () => {
  const { allowed } = start({ perSecond: 1, burst: 2 })
  expect([allowed(5, 'one'), allowed(5, 'two')]).toEqual([2, 2])
})

test('a clock that is set back neither opens nor shuts the door', () => {
  const { clock, allowed } = start({ perSecond: 10, burst: 5 })
  allowed(5)
  clock.now -= 60_000
  expect(allowed(5)).toBe(0)
  clock.now += 200
  expect(allowed(5)).toBe(2)
})

test('endpoints that are gone are forgotten', () => {
  const { pace, allowed } = start({ perSecond: 1, burst: 2 })
  allowed(2, 'one')
  allowed(2, 'two')
  pace.keep(new Set(['two']))
  expect([allowed(3, 'one'), allowed(3, 'two')]).toEqual([2, 0])
})

test('another rate holds from the next one on, and 0 is any number', () => {
  const { clock, allowed } = start({ perSecond: 10, burst: 50 })
  expect(allowed(5)).toBe(5)
  expect(allowed(5, 'one', { perSecond: 10, burst: 2 })).toBe(2)
  clock.now += 60_000
  expect(allowed(60)).toBe(50)
  expect(allowed(100, 'one', { perSecond: 0, burst: 1 })).toBe(100)
})
