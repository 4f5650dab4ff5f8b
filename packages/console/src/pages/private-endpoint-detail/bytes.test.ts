import { expect, test } from 'vitest'
import { bytes } from './bytes.ts'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [150 * 1024, '150 KiB'],
  [3.5 * 1024 ** 3, '3.5 GiB'],
])('%i is %s', (count, words) => {
  expect(bytes(count)).toBe(words)
})
