import { describe, expect, test } from 'vitest'
import { type Entry, editedBody, entryBody, mustGoFirst, sameBody, standingOf } from './entry.ts'

const now = new Date('2026-03-01T12:00:00Z')
const entry: Entry = { cidrBlock: '192.0.2.7/32', ipAddress: '192.0.2.7', comment: 'home', groupId: 'g', links: [] }
const temporary: Entry = { ...entry, deleteAfterDate: '2026-03-02T09:00:00Z' }

describe('a new entry is', () => {
  test.each([
    {
      says: 'an address',
      fields: { address: ' 192.0.2.7 ', comment: '', life: 'always' },
      body: { ipAddress: '192.0.2.7', comment: '' },
    },
    {
      says: 'a network, with what it is for',
      fields: { address: '198.51.100.0/24', comment: ' office ', life: 'always' },
      body: { cidrBlock: '198.51.100.0/24', comment: 'office' },
    },
    {
      says: 'for six hours',
      fields: { address: '2001:db8::1', comment: '', life: '6' },
      body: { ipAddress: '2001:db8::1', comment: '', deleteAfterDate: '2026-03-01T18:00:00.000Z' },
    },
  ] as const)('$says', ({ fields, body }) => {
    expect(entryBody(fields, now)).toEqual(body)
  })
})

describe('an entry that is edited', () => {
  test.each([
    {
      says: 'keeps its end',
      from: temporary,
      fields: { comment: 'office', life: 'asIs' },
      body: { cidrBlock: '192.0.2.7/32', comment: 'office', deleteAfterDate: '2026-03-02T09:00:00Z' },
      first: false,
    },
    {
      says: 'stays from now on',
      from: temporary,
      fields: { comment: '', life: 'always' },
      body: { cidrBlock: '192.0.2.7/32', comment: '' },
      first: false,
    },
    {
      says: 'ends, so that it goes before it comes again',
      from: entry,
      fields: { comment: 'home', life: '24' },
      body: { cidrBlock: '192.0.2.7/32', comment: 'home', deleteAfterDate: '2026-03-02T12:00:00.000Z' },
      first: true,
    },
    {
      says: 'is a security group',
      from: { ...entry, cidrBlock: undefined, awsSecurityGroup: 'sg-0a' },
      fields: { comment: 'group', life: 'always' },
      body: { awsSecurityGroup: 'sg-0a', comment: 'group' },
      first: false,
    },
  ] as const)('$says', ({ from, fields, body, first }) => {
    const edited = editedBody(from as Entry, fields, now)
    expect(edited).toEqual(body)
    expect(mustGoFirst(from as Entry, edited)).toBe(first)
  })

  test('is made again as it was', () => {
    expect(sameBody(temporary)).toEqual({
      cidrBlock: '192.0.2.7/32',
      comment: 'home',
      deleteAfterDate: '2026-03-02T09:00:00Z',
    })
  })
})

test.each([
  { end: undefined, standing: 'Active' },
  { end: '2026-03-01T13:00:01Z', standing: 'Temporary' },
  { end: '2026-03-01T13:00:00Z', standing: 'Expiring' },
])('an entry that ends $end is $standing', ({ end, standing }) => {
  expect(standingOf({ deleteAfterDate: end }, now)).toBe(standing)
})
