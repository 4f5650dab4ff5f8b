import { expect, test } from 'vitest'
import { parseSearch, stringifySearch } from './url-state.ts'

test.each([
  { says: 'nothing is no query at all', search: {}, text: '' },
  { says: 'a number stays text', search: { page: '0' }, text: '?page=0' },
  { says: 'what has a meaning in a URL is escaped', search: { text: 'a&b=c d/é' }, text: '?text=a%26b%3Dc+d%2F%C3%A9' },
])('$says', ({ search, text }) => {
  expect(stringifySearch(search)).toBe(text)
  expect(parseSearch(text)).toEqual(search)
})
