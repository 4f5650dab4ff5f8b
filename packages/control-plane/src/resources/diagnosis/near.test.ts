import { expect, test } from 'vitest'
import { editsBetween } from './near.ts'

test.each([
  ['psc-shop-0', 'psc-shop-0', 0],
  ['psc-shop-0', 'psc-shop-1', 1],
  ['psc-shop', 'psc-shops', 1],
  ['psc-shop', 'pcs-shop', 2],
  ['', 'abc', 3],
  ['abc', '', 3],
])('from %j to %j it is %i letters', (one, other, edits) => {
  expect(editsBetween(one, other)).toBe(edits)
})
