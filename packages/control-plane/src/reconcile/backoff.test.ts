import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test.each([
  { says: 'the first wait is short', failures: 1, least: 125, most: 250 },
  { says: 'the second is twice as long', failures: 2, least: 250, most: 500 },
  { says: 'the eighth is at the cap', failures: 8, least: 15_000, most: 30_000 },
  { says: 'the thousandth is too', failures: 1000, least: 15_000, most: 30_000 },
])('$says', ({ failures, least, most }) => {
  expect(backoffMs(failures, () => 0)).toBe(least)
  expect(backoffMs(failures, () => 0.999_999_9)).toBe(most)
})
