import { expect, test } from 'vitest'
import { moment } from './moment.ts'

test.each([
  ['2026-11-30T10:33:01Z', 'UTC', 'Nov 30, 2026, 10:33:01 AM UTC'],
  ['2026-07-01T22:00:00Z', 'Asia/Kolkata', 'Jul 2, 2026, 03:30:00 AM GMT+5:30'],
])('%s in %s says its zone', (at, timeZone, says) => {
  expect(moment(at, 'en-US', timeZone)).toBe(says)
})
