import { describe, expect, test } from 'vitest'
import { withoutSecrets } from './without-secrets.ts'

const secret = 'what nobody may read'

describe('a secret is blotted out', () => {
  test.each(['token', 'forwarderKey', 'proofKey', 'key', 'authorization'])('under the name %s', (name) => {
    const line = { [name]: secret, edge: 'a', in: { [name]: secret, an: { [name]: secret, other: 1 } } }
    expect(withoutSecrets(line)).toEqual({
      [name]: '[Redacted]',
      edge: 'a',
      in: { [name]: '[Redacted]', an: { [name]: '[Redacted]', other: 1 } },
    })
  })

  test('whatever it is', () => {
    expect(withoutSecrets({ key: Buffer.from(secret), token: { of: secret } })).toEqual({
      key: '[Redacted]',
      token: '[Redacted]',
    })
  })
})

test('what was handed in is not changed', () => {
  const line = { in: { token: secret } }
  withoutSecrets(line)
  expect(line).toEqual({ in: { token: secret } })
})

test('a line without one is the same line, with its errors and lists', () => {
  const line = { err: new Error('no'), ports: [1], nothing: null, on: { the: { way: 1 } } }
  expect(withoutSecrets(line)).toBe(line)
})
