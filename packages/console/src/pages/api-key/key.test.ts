import { expect, test } from 'vitest'
import { rolesHere } from './key.ts'

test('of a key’s roles, those of the place', () => {
  const roles = [
    { orgId: 'org', roleName: 'ORG_MEMBER' },
    { groupId: 'shop', roleName: 'GROUP_OWNER' },
    { groupId: 'other', roleName: 'GROUP_READ_ONLY' },
  ]
  expect(rolesHere({ roles }, { id: 'shop' })).toEqual(['GROUP_OWNER'])
  expect(rolesHere({ roles }, { id: 'org' })).toEqual(['ORG_MEMBER'])
})
