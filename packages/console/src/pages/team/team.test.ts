import { expect, test } from 'vitest'
import { isIn, membersOf, type OrgMember, peopleTold } from './team.ts'

const member = (username: string, teamIds: readonly string[]): OrgMember => ({
  id: username,
  username,
  orgMembershipStatus: 'ACTIVE',
  teamIds: [...teamIds],
})

test('whoever names the team is in it', () => {
  const people = [member('ada', ['dba', 'shop']), member('bob', []), member('cy', ['shop'])]
  expect(people.filter(isIn('shop')).map(({ username }) => username)).toEqual(['ada', 'cy'])
})

test.each([
  { names: [], told: 'Nobody' },
  { names: ['ada'], told: 'ada' },
  { names: ['ada', 'bob'], told: 'ada, bob' },
  { names: ['ada', 'bob', 'cy'], told: '3 people' },
])('$told', ({ names, told }) => {
  expect(peopleTold(names.map((name) => member(name, [])))).toBe(told)
})

test('an answer in the form of 2023 has no members to show', () => {
  const old = { country: 'IE', createdAt: '', emailAddress: 'a@b.c', firstName: '', id: '1', lastName: '', links: [] }
  expect(membersOf([{ ...old, mobileNumber: '', roles: [], teamIds: [], username: 'a@b.c' }] as never)).toEqual([])
})
