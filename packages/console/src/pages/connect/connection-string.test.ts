import { describe, expect, test } from 'vitest'
import { endpointString, hostsOf, withOption, withUser } from './connection-string.ts'

const standard = 'mongodb://127.1.2.3:1024,127.1.2.3:1025/?authSource=admin&replicaSet=rs0'
const srv = 'mongodb+srv://cluster0-pl-0.abcde.postern.internal'
const loadBalanced = {
  standard: 'mongodb://127.1.2.3:1027/?authSource=admin&loadBalanced=true',
  srv: 'mongodb+srv://cluster0-pl-0-lb.abcde.postern.internal',
}

describe('a string with its user', () => {
  test.each([
    { says: 'a plain name', username: 'app', user: 'app' },
    { says: 'nobody yet', username: undefined, user: '<db_username>' },
    { says: 'a name full of signs', username: `a@b/c:d'e$&`, user: 'a%40b%2Fc%3Ad%27e%24%26' },
  ])('$says', ({ username, user }) => {
    expect(withUser(standard, username)).toBe(
      `mongodb://${user}:<db_password>@127.1.2.3:1024,127.1.2.3:1025/?authSource=admin&replicaSet=rs0`,
    )
  })
  test('an SRV string has its place too', () => {
    expect(withUser(srv, 'app')).toBe('mongodb+srv://app:<db_password>@cluster0-pl-0.abcde.postern.internal')
  })
})

describe('an endpoint’s string', () => {
  test('by name both are as the API tells them', () => {
    const door = { form: 'name', standard, srv, loadBalanced: null } as const
    expect(endpointString(door, 'standard')).toBe(standard)
    expect(endpointString(door, 'srv')).toBe(srv)
  })
  test('by address there is no TLS, and SRV says so', () => {
    const door = { form: 'address', standard, srv, loadBalanced } as const
    expect(endpointString(door, 'standard')).toBe(standard)
    expect(endpointString(door, 'srv')).toBe(`${srv}/?tls=false`)
    expect(endpointString(door, 'loadBalanced')).toBe(loadBalanced.standard)
    expect(endpointString({ ...door, form: 'name' }, 'loadBalanced')).toBe(loadBalanced.srv)
  })
})

test.each([
  { before: srv, after: `${srv}/?tlsCAFile=ca.pem` },
  { before: `${srv}/`, after: `${srv}/?tlsCAFile=ca.pem` },
  { before: standard, after: `${standard}&tlsCAFile=ca.pem` },
])('one option more: $after', ({ before, after }) => {
  expect(withOption(before, 'tlsCAFile', 'ca.pem')).toBe(after)
})

test.each([
  { of: standard, are: ['127.1.2.3:1024', '127.1.2.3:1025'] },
  { of: withUser(standard, 'app'), are: ['127.1.2.3:1024', '127.1.2.3:1025'] },
  { of: `${srv}/?tls=false`, are: ['cluster0-pl-0.abcde.postern.internal'] },
  { of: 'mongodb://[::1]:20000/?authSource=admin', are: ['[::1]:20000'] },
])('the hosts of $of', ({ of, are }) => {
  expect(hostsOf(of)).toEqual(are)
})
