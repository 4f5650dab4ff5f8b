// Guessing is slowed down, and memory stays bounded.

import { expect, test } from 'vitest'
import { createThrottle } from './throttle.ts'

const rateLimited = expect.objectContaining({ code: 'RATE_LIMITED', status: 429 })

test('a name is refused after 20 failures from one address, until tokens have come back', () => {
  let now = 0
  const throttle = createThrottle({ now: () => now })
  for (let failure = 0; failure < 20; failure += 1) {
    throttle.check('key', 'here')
    throttle.failed('key', 'here')
  }
  expect(() => throttle.check('key', 'here')).toThrow(rateLimited)
  throttle.check('key', 'there')
  throttle.check('other', 'here')
  now += 1999
  expect(() => throttle.check('key', 'here')).toThrow(rateLimited)
  now += 1
  throttle.check('key', 'here')
})

test('a clock that runs backwards takes no tokens', () => {
  let now = 10_000
  const throttle = createThrottle({ now: () => now })
  throttle.failed('key', 'here')
  now = 0
  throttle.check('key', 'here')
})

test('one name that fails locks out no other one, not even from the same address', () => {
  const throttle = createThrottle({ now: () => 0 })
  for (let failure = 0; failure < 1000; failure += 1) throttle.failed('wrong', 'here')
  throttle.check('right', 'here')
})

test('what was touched longest ago is forgotten first', () => {
  const throttle = createThrottle({ now: () => 0 })
  for (let failure = 0; failure < 20; failure += 1) throttle.failed('first', 'here')
  for (let name = 0; name < 10_000; name += 1) throttle.failed(`name ${name}`, `address ${name}`)
  throttle.check('first', 'here')
})
