import { expect, test } from 'vitest'
import { invitationOf } from './token.ts'

test.each([
  { says: 'the link that was handed over', pathname: '/invitation', hash: '#token=0a1b', token: '0a1b' },
  { says: 'another page', pathname: '/login', hash: '#token=0a1b', token: null },
  { says: 'something else behind it', pathname: '/invitation', hash: '#token=<b>', token: null },
  { says: 'nothing behind it', pathname: '/invitation', hash: '', token: null },
])('$says', ({ pathname, hash, token }) => {
  expect(invitationOf({ pathname, hash })).toBe(token)
})
