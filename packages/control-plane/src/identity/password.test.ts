// Passwords are verifiers: never the password, never twice the same.

import { expect, test } from 'vitest'
import { makeVerifier, verifyPassword } from './password.ts'

test('a verifier knows its password, in any spelling of its letters, and no other', async () => {
  const verifier = await makeVerifier('pässwörd')
  expect(verifier).toMatch(/^scrypt\$32768\$8\$3\$/)
  expect(verifier).not.toContain('pässwörd')
  expect(await verifyPassword(verifier, 'pässwörd'.normalize('NFD'))).toBe(true)
  expect(await verifyPassword(verifier, 'password')).toBe(false)
  expect(await makeVerifier('pässwörd')).not.toBe(verifier)
})

test.each(['', 'plain', 'scrypt$1$1$1', 'bcrypt$1$1$1$AA==$AA=='])(
  'what is no verifier knows nobody: %j',
  async (text) => {
    expect(await verifyPassword(text, 'x')).toBe(false)
  },
)
