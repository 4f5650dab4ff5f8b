// To whom a request may be addressed, and from which page it may come.

import { describe, expect, test } from 'vitest'
import { checkHost, checkOrigin } from './guard.ts'

const us = { publicUrl: 'https://postern.example:8443', hosts: ['other.example'] }

describe('a host', () => {
  test.each([
    'localhost',
    'localhost:8080',
    'LOCALHOST:1',
    '127.0.0.1:8080',
    '127.8.9.10',
    '[::1]:8080',
    'postern.example',
    'postern.example.:8443',
    'Other.Example:9',
  ])('is ours: %s', (host) => {
    expect(() => checkHost(host, us)).not.toThrow()
  })
  test.each([
    null,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '[::2]',
    'localhost:8080:9',
    'user@localhost',
    'localhost/x',
    'localhost evil',
  ])('is not ours: %j', (host) => {
    expect(() => checkHost(host, us)).toThrow(expect.objectContaining({ code: 'MISDIRECTED_HOST', status: 421 }))
  })
})

describe('a page', () => {
  const write = { method: 'POST', host: 'localhost:8080' }
  test.each([
    { says: 'no page at all, as every program', request: { ...write, origin: null } },
    { says: 'a page of this very host and port', request: { ...write, origin: 'http://localhost:8080' } },
    { says: 'a page of the public address', request: { ...write, origin: 'https://postern.example:8443' } },
    { says: 'any page that only reads', request: { method: 'GET', host: null, origin: 'https://evil.example' } },
  ])('may: $says', ({ request }) => {
    expect(() => checkOrigin(request, us)).not.toThrow()
  })
  test.each([
    'https://evil.example',
    'http://localhost:8081',
    'http://localhost:8080.evil.example',
    'null',
    'file://',
    'nonsense',
  ])('may not change anything: %s', (origin) => {
    expect(() => checkOrigin({ ...write, origin }, us)).toThrow(
      expect.objectContaining({ code: 'FOREIGN_ORIGIN', status: 403 }),
    )
  })
})
