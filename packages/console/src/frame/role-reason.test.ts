import { expect, test } from 'vitest'
import { roleReason } from './role-reason.ts'

const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const

test('it names the role by Atlas’s words', () => {
  expect(roleReason(owner, false)).toBe('This takes the role Project Owner.')
})
test('an organization’s owner is told how to get it', () => {
  expect(roleReason(owner, true)).toBe(
    'This takes the role Project Owner. As Organization Owner, add yourself to the project as Project Owner first.',
  )
})
