import { expect, test } from 'vitest'
import { createPassingStates } from './passing-states.ts'

const at = (start: number) => {
  const clock = { time: start, now: () => clock.time }
  return clock
}

test('the first look is shown the passing state, the second is not', () => {
  const passing = createPassingStates<string>(at(0))
  passing.began('a', 'CREATING')
  expect(passing.take('a')).toBe('CREATING')
  expect(passing.take('a')).toBeUndefined()
})

test('a look that comes late is shown what is', () => {
  const clock = at(0)
  const passing = createPassingStates<string>(clock)
  passing.began('a', 'CREATING')
  clock.time = 10_000
  expect(passing.take('a')).toBeUndefined()
})

test('the newest request counts, and each name is its own', () => {
  const passing = createPassingStates<string>(at(0))
  passing.began('a', 'CREATING')
  passing.began('a', 'DELETING')
  expect(passing.take('b')).toBeUndefined()
  expect(passing.take('a')).toBe('DELETING')
})
