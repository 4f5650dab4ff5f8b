import { expect, test } from 'vitest'
import { membersOfGroup, membersOfOrg } from './member.ts'

const page = { links: [], totalCount: 2 }
const active = {
  country: 'DE',
  createdAt: '2026-03-01T12:00:00Z',
  firstName: 'Ada',
  id: '65f1a2b3c4d5e6f7a8b9c0d1',
  lastAuth: '2026-03-02T12:00:00Z',
  lastName: 'Lovelace',
  mobileNumber: null,
  orgMembershipStatus: 'ACTIVE' as const,
  username: 'ada@example.com',
}
const invited = {
  id: '65f1a2b3c4d5e6f7a8b9c0d2',
  invitationCreatedAt: '2026-03-01T12:00:00Z',
  invitationExpiresAt: '2026-03-31T12:00:00Z',
  inviterUsername: 'ada@example.com',
  orgMembershipStatus: 'PENDING' as const,
  username: 'grace@example.com',
}

test('of a project, with the roles there', () => {
  const results = [
    { ...active, roles: ['GROUP_OWNER'] },
    { ...invited, roles: ['GROUP_READ_ONLY'] },
  ]
  expect(membersOfGroup({ ...page, results })).toEqual([
    {
      id: active.id,
      username: 'ada@example.com',
      name: 'Ada Lovelace',
      status: 'ACTIVE',
      roles: ['GROUP_OWNER'],
      lastAuth: active.lastAuth,
      invitationExpiresAt: undefined,
    },
    {
      id: invited.id,
      username: 'grace@example.com',
      name: '',
      status: 'PENDING',
      roles: ['GROUP_READ_ONLY'],
      lastAuth: undefined,
      invitationExpiresAt: invited.invitationExpiresAt,
    },
  ])
})

test('of an organization, with the roles of the organization', () => {
  const roles = { groupRoleAssignments: [], orgRoles: ['ORG_MEMBER'] }
  const [member] = membersOfOrg({ ...page, results: [{ ...active, roles, teamIds: [] }] })
  expect(member?.roles).toEqual(['ORG_MEMBER'])
})
