import { expect, test } from 'vitest'
import { randomBytes, securePassword } from './password.ts'

test('twenty letters and digits, of which a connection string needs none encoded', () => {
  const password = securePassword(randomBytes)
  expect(password).toMatch(/^[A-Za-z0-9]{20}$/)
  expect(encodeURIComponent(password)).toBe(password)
})

test('no two alike', () => {
  expect(new Set(Array.from({ length: 50 }, () => securePassword(randomBytes))).size).toBe(50)
})

test('bytes that would make some letters likelier are passed over', () => {
  const bytes = [255, 254, ...Array.from({ length: 18 }, () => 0)]
  expect(securePassword(() => Uint8Array.from(bytes))).toBe('A'.repeat(20))
})
