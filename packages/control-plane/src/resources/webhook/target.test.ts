import { describe, expect, test } from 'vitest'
import { targetProblem } from './target.ts'

describe('a webhook may point to', () => {
  test.each([
    { says: 'https anywhere', url: 'https://hooks.example.com/postern?token=1' },
    { says: 'https in a private network', url: 'https://10.1.2.3:8443/in' },
    { says: 'plain HTTP on this machine', url: 'http://localhost:9000/' },
    { says: 'plain HTTP on this machine, by address', url: 'http://127.0.0.9:9000/' },
    { says: 'plain HTTP on this machine, by IPv6', url: 'http://[::1]:9000/' },
    { says: 'plain HTTP elsewhere, where that is asked for', url: 'http://10.1.2.3/in', plain: true },
  ])('$says', ({ url, plain = false }) => {
    expect(targetProblem(url, plain)).toBeNull()
  })
})

describe('a webhook may not point to', () => {
  test.each([
    { says: 'what is no URL', url: 'hooks', because: 'http or https URL' },
    { says: 'a file', url: 'file:///etc/passwd', because: 'http or https URL' },
    { says: 'a URL with a password', url: 'https://me:secret@example.com/', because: 'password' },
    { says: 'a URL with a fragment', url: 'https://example.com/#part', because: 'fragment' },
    { says: 'plain HTTP elsewhere', url: 'http://10.1.2.3/', because: 'allowPlainHttp' },
    {
      says: 'a name that only begins like this machine',
      url: 'http://127.0.0.1.example.com/',
      because: 'allowPlainHttp',
    },
    { says: 'the metadata service', url: 'https://169.254.169.254/latest', because: 'link-local' },
    { says: 'it in other digits', url: 'https://0xA9FEA9FE/', because: 'link-local' },
    { says: 'it in IPv6 clothes', url: 'https://[::ffff:169.254.169.254]/', because: 'link-local' },
    { says: 'a link-local IPv6 address', url: 'https://[fe80::1]/', because: 'link-local' },
    { says: "a cloud's metadata name", url: 'https://metadata.google.internal/', because: 'metadata' },
  ])('$says', ({ url, because }) => {
    expect(targetProblem(url, false)).toContain(because)
    if (because === 'link-local') expect(targetProblem(url, true)).toContain(because)
  })
})
