import { BlockList } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { accessListOf } from './access-list.ts'

const now = Date.UTC(2026, 0, 1)
const lists = {
  empty: accessListOf([]),
  one: accessListOf([{ cidr: '192.0.2.7/32' }]),
  two: accessListOf([{ cidr: '10.0.0.0/8' }, { cidr: '2001:db8::/32' }]),
  here: accessListOf([{ cidr: '127.0.0.1/32' }]),
  four: accessListOf([{ cidr: '0.0.0.0/0' }]),
  six: accessListOf([{ cidr: '::/0' }]),
  timed: accessListOf([{ cidr: '192.0.2.7/32', untilMs: now }]),
  timedAndMore: accessListOf([{ cidr: '192.0.2.7/32', untilMs: now }, { cidr: '192.0.2.0/24' }]),
  timedSix: accessListOf([
    { cidr: '2001:db8::/32', untilMs: now },
    { cidr: '2001:db8:1::/48', untilMs: now + 1 },
  ]),
}

test.each<{ list: keyof typeof lists; source: string; at?: number }>([
  { list: 'one', source: '192.0.2.7' },
  { list: 'one', source: '::ffff:192.0.2.7' },
  { list: 'one', source: '::ffff:c000:207' },
  { list: 'one', source: '0:0:0:0:0:FFFF:192.0.2.7' },
  { list: 'two', source: '10.255.255.255' },
  { list: 'two', source: '2001:DB8:0::1' },
  { list: 'two', source: '2001:db8::1%eth0' },
  { list: 'here', source: '::1' },
  { list: 'four', source: '203.0.113.9' },
  { list: 'six', source: '2001:db8::1' },
  { list: 'timed', source: '192.0.2.7', at: now - 1 },
  { list: 'timedAndMore', source: '192.0.2.7', at: now },
  { list: 'timedSix', source: '2001:db8:1::1' },
])('$list lets $source in', ({ list, source, at = now }) => {
  expect(lists[list].against(source, at)).toBeNull()
})

test.each<{ list: keyof typeof lists; source: string | null; at?: number; says: string }>([
  { list: 'empty', source: '192.0.2.7', says: 'is empty, so nobody comes in from 192.0.2.7' },
  { list: 'empty', source: '127.0.0.1', says: 'is empty' },
  { list: 'one', source: '192.0.2.8', says: '192.0.2.8 is not on' },
  { list: 'one', source: '::192.0.2.7', says: 'is not on' },
  { list: 'one', source: '64:ff9b::c000:207', says: 'is not on' },
  { list: 'two', source: '11.0.0.0', says: 'is not on' },
  { list: 'four', source: '2001:db8::1', says: 'is not on' },
  { list: 'six', source: '192.0.2.7', says: 'is not on' },
  { list: 'four', source: null, says: 'not known from which address' },
  { list: 'four', source: '', says: 'not known from which address' },
  { list: 'four', source: '192.0.2.7:51000', says: 'not known from which address' },
  { list: 'four', source: 'localhost', says: 'not known from which address' },
  { list: 'timed', source: '192.0.2.7', says: 'which let 192.0.2.7 in, ended at 2026-01-01T00:00:00.000Z' },
  { list: 'timedSix', source: '2001:db8:1::1', at: now + 1, says: 'the entry 2001:db8:1::/48 of' },
  { list: 'timedSix', source: '192.0.2.7', at: 0, says: 'is not on' },
  { list: 'timed', source: '192.0.2.7', at: Number.POSITIVE_INFINITY, says: 'is not on' },
])('$list keeps $source out: $says', ({ list, source, at = now, says }) => {
  expect(lists[list].against(source, at)).toContain(says)
})

test('whoever is kept out is told how the address is added', () => {
  expect(lists.one.against('192.0.2.8', now)).toContain('postern accessLists create 192.0.2.8 --type ipAddress')
})

test('when entries of a list end by themselves', () => {
  expect(Object.entries(lists).filter(([, { ends }]) => ends.length > 0)).toMatchObject([
    ['timed', { ends: [now] }],
    ['timedAndMore', { ends: [now] }],
    ['timedSix', { ends: [now, now + 1] }],
  ])
})

test('entries without an end are asked in one go, however many they are, and before those that end', () => {
  const many = Array.from({ length: 200 }, (_, n) => ({ cidr: `10.0.${n}.0/24` }))
  const list = accessListOf([{ cidr: '10.0.0.0/8', untilMs: now + 1 }, ...many])
  const checks = vi.spyOn(BlockList.prototype, 'check')
  onTestFinished(() => checks.mockRestore())
  expect(list.against('10.0.199.1', now)).toBeNull()
  expect(checks).toHaveBeenCalledTimes(1)
  expect(list.against('10.0.200.1', now)).toBeNull()
  expect(checks).toHaveBeenCalledTimes(3)
})
