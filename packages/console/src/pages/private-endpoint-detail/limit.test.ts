import { expect, test } from 'vitest'
import { keepServiceOf, lastWordOf, lastWords, limitOf, limitWords } from './limit.ts'

test.each([
  { text: '', limit: null },
  { text: ' 200 ', limit: 200 },
  { text: '0', limit: 0 },
  { text: '-1', limit: undefined },
  { text: '1.5', limit: undefined },
  { text: 'many', limit: undefined },
  { text: '99999999999', limit: undefined },
])('"$text" is $limit', ({ text, limit }) => {
  expect(limitOf(text)).toBe(limit)
})

test.each([
  { limit: 1500, gateways: [5000], words: '1,500' },
  { limit: 0, gateways: [], words: 'any number' },
  { limit: null, gateways: [], words: 'As each gateway is set' },
  { limit: null, gateways: [5000, 5000], words: 'As each gateway is set: 5,000' },
  { limit: null, gateways: [5000, 0], words: 'As each gateway is set: 5,000, any number' },
])('$limit beside $gateways reads "$words"', ({ limit, gateways, words }) => {
  expect(limitWords(limit, gateways)).toBe(words)
})

test('what becomes of the service is said and read alike', () => {
  for (const word of Object.keys(lastWords) as (keyof typeof lastWords)[])
    expect(lastWordOf(keepServiceOf(word))).toBe(word)
})
