import { expect, test } from 'vitest'
import { ago } from './ago.ts'

test.each([
  { ms: -2_000, words: '2 seconds ago' },
  { ms: -90_000, words: '1 minute ago' },
  { ms: -7_200_000, words: '2 hours ago' },
  { ms: -90_000_000, words: 'yesterday' },
  { ms: 600_000, words: 'in 10 minutes' },
])('$words', ({ ms, words }) => {
  expect(ago(ms, 'en')).toBe(words)
})
