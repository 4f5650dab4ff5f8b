import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createIdleWatch } from './idle.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

const watched = () => {
  const state = { lastActivityAt: 0, quiet: true, ended: [] as number[] }
  const watch = createIdleWatch({
    now: Date.now,
    lastActivityAt: () => state.lastActivityAt,
    quiet: () => state.quiet,
    idle: (ms) => state.ended.push(ms),
  })
  return { state, watch }
}

test('after as long without a byte it is over', () => {
  const { state, watch } = watched()
  watch.set(60_000)
  vi.advanceTimersByTime(59_999)
  expect(state.ended).toEqual([])
  vi.advanceTimersByTime(1)
  expect(state.ended).toEqual([60_000])
})

test('a byte begins the time anew', () => {
  const { state, watch } = watched()
  watch.set(60_000)
  vi.advanceTimersByTime(30_000)
  state.lastActivityAt = Date.now()
  vi.advanceTimersByTime(59_999)
  expect(state.ended).toEqual([])
  vi.advanceTimersByTime(1)
  expect(state.ended).toEqual([60_000])
})

test('whoever waits for an answer is not idle, however long it takes', () => {
  const { state, watch } = watched()
  watch.set(60_000)
  state.quiet = false
  vi.advanceTimersByTime(600_000)
  expect(state.ended).toEqual([])
  state.quiet = true
  vi.advanceTimersByTime(60_000)
  expect(state.ended).toEqual([60_000])
})

test('a newer snapshot’s word holds at once: shorter, longer, or none any more', () => {
  const { state, watch } = watched()
  watch.set(600_000)
  vi.advanceTimersByTime(100_000)
  watch.set(60_000)
  vi.advanceTimersByTime(0)
  expect(state.ended).toEqual([60_000])
  watch.set(300_000)
  watch.set(null)
  vi.advanceTimersByTime(1_000_000)
  expect(state.ended).toEqual([60_000])
})

test('a clock that is set back makes nobody wait for longer than twice', () => {
  const { state, watch } = watched()
  vi.setSystemTime(3_600_000)
  state.lastActivityAt = Date.now()
  watch.set(60_000)
  vi.setSystemTime(0)
  state.lastActivityAt = 0
  vi.advanceTimersByTime(120_000)
  expect(state.ended).toEqual([60_000])
})
