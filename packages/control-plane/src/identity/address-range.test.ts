// One spelling for each range, and who lies in it.

import { describe, expect, test } from 'vitest'
import { holdsAddress, parseRange, plainAddress } from './address-range.ts'

test.each<{ says: string; text: string; cidr: string | null; single?: string }>([
  { says: 'an address is the range of itself', text: '192.0.2.7', cidr: '192.0.2.7/32', single: '192.0.2.7' },
  { says: 'a /32 is an address', text: '192.0.2.7/32', cidr: '192.0.2.7/32', single: '192.0.2.7' },
  { says: 'a range is no address', text: '192.0.2.0/24', cidr: '192.0.2.0/24' },
  { says: 'everything is a range', text: '0.0.0.0/0', cidr: '0.0.0.0/0' },
  { says: 'IPv6 takes its shortest form', text: '2001:0DB8:0:0::/32', cidr: '2001:db8::/32' },
  { says: 'an IPv6 address is a /128', text: '2001:DB8::1', cidr: '2001:db8::1/128', single: '2001:db8::1' },
  { says: 'an IPv4 address in clothes of IPv6', text: '::ffff:192.0.2.7', cidr: '192.0.2.7/32', single: '192.0.2.7' },
  { says: 'the same, spelled at length', text: '0:0:0:0:0:FFFF:c000:207', cidr: '192.0.2.7/32', single: '192.0.2.7' },
  { says: 'this machine, spelled oddly', text: '::01', cidr: '127.0.0.1/32', single: '127.0.0.1' },
  { says: 'a range in clothes of IPv6', text: '::ffff:0:0/96', cidr: null },
  { says: 'a prefix that is too long', text: '192.0.2.0/33', cidr: null },
  { says: 'an address that is none', text: '192.0.2.256', cidr: null },
  { says: 'three numbers', text: '192.0.2/24', cidr: null },
  { says: 'a host name', text: 'example.com', cidr: null },
  { says: 'a zone', text: 'fe80::1%eth0', cidr: null },
  { says: 'nothing', text: '', cidr: null },
  { says: 'a negative prefix', text: '192.0.2.0/-1', cidr: null },
])('$says: $text', ({ text, cidr, single }) => {
  expect(parseRange(text)).toEqual(cidr === null ? null : { cidr, single: single ?? null })
})

describe('a range holds', () => {
  test.each([
    { says: 'what lies in it', cidr: '192.0.2.0/24', address: '192.0.2.255', holds: true },
    { says: 'nothing beyond its end', cidr: '192.0.2.0/24', address: '192.0.3.0', holds: false },
    { says: 'what a socket of IPv6 shows', cidr: '192.0.2.0/24', address: '::ffff:192.0.2.1', holds: true },
    { says: 'this machine by either name', cidr: '127.0.0.1/32', address: '::1', holds: true },
    { says: 'what shares its bits, wherever it begins', cidr: '192.0.2.9/24', address: '192.0.2.1', holds: true },
    { says: 'IPv6', cidr: '2001:db8::/32', address: '2001:DB8:1::5', holds: true },
    { says: 'no IPv6 in a range of IPv4', cidr: '0.0.0.0/0', address: '2001:db8::1', holds: false },
    { says: 'no address that is none', cidr: '0.0.0.0/0', address: '', holds: false },
  ])('$says', ({ cidr, address, holds }) => {
    expect(holdsAddress(cidr, address)).toBe(holds)
  })
})

test('an address is shown in its shortest form', () => {
  expect(['::ffff:192.0.2.7', '::1', '2001:DB8::0001', 'fe80::1%eth0'].map(plainAddress)).toEqual([
    '192.0.2.7',
    '127.0.0.1',
    '2001:db8::1',
    'fe80::1',
  ])
})
