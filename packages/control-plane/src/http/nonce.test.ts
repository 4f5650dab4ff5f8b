// Nonces that need no memory: ours are believed until they expire, nobody else's ever.

import { describe, expect, test } from 'vitest'
import { makeNonce, nonceLifeMs, readNonce } from './nonce.ts'

const key = new Uint8Array(32).fill(7)
const now = 1_800_000_000_000
const nonce = makeNonce(key, now, '0011223344556677')

describe('a nonce', () => {
  test('is 32 base64 characters, as recorded from Atlas', () => {
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{32}$/)
  })
  test('tells when it expires', () => {
    expect(readNonce(key, nonce)).toEqual({ expires: now + nonceLifeMs })
  })
  test('differs with its random part', () => {
    expect(makeNonce(key, now, '0011223344556678')).not.toBe(nonce)
  })
  test("is nobody's under another key", () => {
    expect(readNonce(new Uint8Array(32).fill(8), nonce)).toBeNull()
  })
  test.each(Array.from({ length: 32 }, (_, at) => at))('is refused with its character %i changed', (at) => {
    const other = nonce[at] === 'A' ? 'B' : 'A'
    expect(readNonce(key, nonce.slice(0, at) + other + nonce.slice(at + 1))).toBeNull()
  })
  test.each(['', 'short', `${nonce}AAAA`, `${nonce.slice(0, 31)}!`])('is refused as %j', (text) => {
    expect(readNonce(key, text)).toBeNull()
  })
})
