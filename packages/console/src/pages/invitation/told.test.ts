import { expect, test } from 'vitest'
import { invitationTold } from './told.ts'

const invitation = {
  expiresAt: '2026-03-31T12:00:00Z',
  groupNames: [],
  hasAccount: false,
  inviterUsername: 'owner@example.com',
  orgName: 'Acme',
  username: 'ada@example.com',
}

test.each([
  { groupNames: [], told: 'owner@example.com invites you to the organization Acme.' },
  { groupNames: ['Shop'], told: 'owner@example.com invites you to the organization Acme, with roles in project Shop.' },
  {
    groupNames: ['Ledger', 'Shop'],
    told: 'owner@example.com invites you to the organization Acme, with roles in projects Ledger and Shop.',
  },
])('$told', ({ groupNames, told }) => {
  expect(invitationTold({ ...invitation, groupNames })).toBe(told)
})
