import { expect, test } from 'vitest'
import { linkOf } from './link.ts'

test.each([
  { says: 'the link that was printed', pathname: '/login', hash: '#link=0a1b', link: '0a1b' },
  { says: 'another page', pathname: '/', hash: '#link=0a1b', link: null },
  { says: 'something else behind it', pathname: '/login', hash: '#link=<b>', link: null },
])('$says', ({ pathname, hash, link }) => {
  expect(linkOf({ pathname, hash })).toBe(link)
})
