import { describe, expect, test } from 'vitest'
import { roleDifference, userDifference } from './drift.ts'

const read = { role: 'read', db: 'shop' }
const write = { role: 'readWrite', db: 'shop' }

describe('what somebody changed of a user', () => {
  const wished = { roles: [read, write], credentials: 'a' }
  test.each([
    { says: 'nothing', seen: { roles: [read, write], credentials: 'a' }, difference: null },
    { says: 'nothing, in another order', seen: { roles: [write, read], credentials: 'a' }, difference: null },
    { says: 'nothing that can be seen', seen: { roles: [read, write], credentials: null }, difference: null },
    { says: 'removed', seen: undefined, difference: 'the user was removed' },
    {
      says: 'one role more',
      seen: { roles: [read, write, read], credentials: 'a' },
      difference: 'its roles were changed',
    },
    { says: 'one role less', seen: { roles: [read], credentials: 'a' }, difference: 'its roles were changed' },
    { says: 'another password', seen: { roles: [read, write], credentials: 'b' }, difference: 'its password was set' },
    {
      says: 'both',
      seen: { roles: [], credentials: 'b' },
      difference: 'its roles were changed, its password was set',
    },
  ])('$says', ({ seen, difference }) => {
    expect(userDifference(wished, seen)).toBe(difference)
  })

  test('a password whose digest was never seen tells nothing', () => {
    expect(userDifference({ ...wished, credentials: null }, { roles: [read, write], credentials: 'b' })).toBeNull()
  })
})

describe('what somebody changed of a role', () => {
  const carts = { db: 'shop', collection: 'carts' }
  const wished = { privileges: [{ resource: carts, actions: ['find', 'insert'] }], roles: [read] }
  test.each([
    { says: 'nothing', seen: wished, difference: null },
    {
      says: 'nothing, in another order and in two parts',
      seen: {
        privileges: [
          { resource: carts, actions: ['insert'] },
          { resource: carts, actions: ['find'] },
        ],
        roles: [read],
      },
      difference: null,
    },
    { says: 'removed', seen: undefined, difference: 'the role was removed' },
    {
      says: 'an action more',
      seen: { ...wished, privileges: [{ resource: carts, actions: ['find', 'insert', 'remove'] }] },
      difference: 'its privileges were changed',
    },
    {
      says: 'another resource',
      seen: { ...wished, privileges: [{ resource: { cluster: true } as const, actions: ['find', 'insert'] }] },
      difference: 'its privileges were changed',
    },
    {
      says: 'another inherited role',
      seen: { ...wished, roles: [write] },
      difference: 'its inherited roles were changed',
    },
  ])('$says', ({ seen, difference }) => {
    expect(roleDifference(wished, seen)).toBe(difference)
  })
})
