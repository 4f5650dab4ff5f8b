import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

const start = (options: { perSecond: number; burst: number }) => {
  const clock = { now: 1_000_000 }
  return { clock, pace: createPace({ now: () => clock.now, ...options }) }
}
const allowed = (pace: ReturnType<typeof createPace>, times: number, endpointId = 'one'): number =>
  Array.from({ length: times }, () => pace.allows(endpointId)).filter((yes) => yes).length

test('a burst comes in, what follows waits for its second', () => {
  const { clock, pace } = start({ perSecond: 10, burst: 50 })
  expect(allowed(pace, 60)).toBe(50)
  clock.now += 100
  expect(allowed(pace, 5)).toBe(1)
  clock.now += 1000
  expect(allowed(pace, 20)).toBe(10)
})

test('a silence earns no more than a burst', () => {
  const { clock, pace } = start({ perSecond: 10, burst: 50 })
  allowed(pace, 50)
  clock.now += 3_600_000
  expect(allowed(pace, 100)).toBe(50)
})

test('each endpoint for itself', () => {
  const { pace } = start({ perSecond: 1, burst: 2 })
  expect([allowed(pace, 5, 'one'), allowed(pace, 5, 'two')]).toEqual([2, 2])
})

test('a clock that is set back neither opens nor shuts the door', () => {
  const { clock, pace } = start({ perSecond: 10, burst: 5 })
  allowed(pace, 5)
  clock.now -= 60_000
  expect(allowed(pace, 5)).toBe(0)
  clock.now += 200
  expect(allowed(pace, 5)).toBe(2)
})

test('endpoints that are gone are forgotten', () => {
  const { pace } = start({ perSecond: 1, burst: 2 })
  allowed(pace, 2, 'one')
  allowed(pace, 2, 'two')
  pace.keep(new Set(['two']))
  expect([allowed(pace, 3, 'one'), allowed(pace, 3, 'two')]).toEqual([2, 0])
})
