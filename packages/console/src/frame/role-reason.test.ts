import { expect, test } from 'vitest'
import { allowsInOrg, roleReason } from './role-reason.ts'

const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const

test('it names the role by Atlas’s words', () => {
  expect(roleReason(owner, false)).toBe('This takes the role Project Owner.')
})
test('an organization’s owner is told how to get it', () => {
  expect(roleReason(owner, true)).toBe(
    'This takes the role Project Owner. As Organization Owner, add yourself to the project as Project Owner first.',
  )
})
test('on an organization, its owner may do all, a member what members may', () => {
  const ownersOnly = { kind: 'org', roles: ['ORG_OWNER'] } as const
  const members = { kind: 'org', roles: ['ORG_MEMBER'] } as const
  expect(allowsInOrg(ownersOnly, ['ORG_OWNER'])).toBe(true)
  expect(allowsInOrg(ownersOnly, ['ORG_READ_ONLY'])).toBe(false)
  expect(allowsInOrg(members, ['ORG_READ_ONLY'])).toBe(true)
})
