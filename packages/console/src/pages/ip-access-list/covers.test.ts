import { expect, test } from 'vitest'
import { covers } from './covers.ts'

test.each([
  { cidrBlock: '198.51.100.0/24', address: '198.51.100.77', is: true },
  { cidrBlock: '198.51.100.0/24', address: '198.51.101.77', is: false },
  { cidrBlock: '192.0.2.7/32', address: '192.0.2.7', is: true },
  { cidrBlock: '192.0.2.7/32', address: '192.0.2.6', is: false },
  { cidrBlock: '10.0.0.0/9', address: '10.127.255.255', is: true },
  { cidrBlock: '10.0.0.0/9', address: '10.128.0.0', is: false },
  { cidrBlock: '0.0.0.0/0', address: '203.0.113.9', is: true },
  { cidrBlock: '0.0.0.0/0', address: '2001:db8::1', is: false },
  { cidrBlock: '2001:db8::/32', address: '2001:DB8:0:0::1', is: true },
  { cidrBlock: '2001:db8::/32', address: '2001:db9::1', is: false },
  { cidrBlock: '::/0', address: '::1', is: true },
  { cidrBlock: undefined, address: '203.0.113.9', is: false },
  { cidrBlock: '0.0.0.0/0', address: '999.1.1.1', is: false },
  { cidrBlock: '0.0.0.0/0', address: 'localhost', is: false },
])('$cidrBlock lets $address in: $is', ({ cidrBlock, address, is }) => {
  expect(covers({ cidrBlock }, address)).toBe(is)
})
