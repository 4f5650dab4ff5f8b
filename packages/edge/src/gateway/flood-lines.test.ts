import { expect, test } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import { createFloodLines } from './flood-lines.ts'

const start = () => {
  const lines: unknown[] = []
  const clock = createManualClock()
  const say = createFloodLines({ warn: (facts: object) => void lines.push(facts) }, clock.after)
  return { lines, clock, say: (code: string, n: number) => say(code, { code, n }, 'refused') }
}

test('the first twenty of a second are said at once, the others as one, with how many they were', () => {
  const { lines, clock, say } = start()
  for (let n = 1; n <= 20_000; n++) say('FULL', n)
  const first = Array.from({ length: 20 }, (_, at) => ({ code: 'FULL', n: at + 1 }))
  expect(lines).toEqual(first)
  clock.advance(1_000)
  expect(lines.slice(20)).toEqual([{ code: 'FULL', n: 20_000, times: 19_980 }])
  say('FULL', 30_000)
  clock.advance(1_000)
  expect(lines.slice(21)).toEqual([{ code: 'FULL', n: 30_000 }])
})

test('one that comes alone is one line, however often', () => {
  const { lines, clock, say } = start()
  for (let n = 1; n <= 3; n++) {
    say('FULL', n)
    clock.advance(2_000)
  }
  expect(lines).toEqual([1, 2, 3].map((n) => ({ code: 'FULL', n })))
})

test('each kind for itself', () => {
  const { lines, say } = start()
  for (let n = 1; n <= 100; n++) say('FULL', n)
  say('UNTRUSTED_SOURCE', 101)
  expect(lines.slice(20)).toEqual([{ code: 'UNTRUSTED_SOURCE', n: 101 }])
})
