// New credentials have Atlas's forms, and follow from the randomness that is handed in.

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyTail, newClientId, newClientSecret, newPrivateKey, newPublicKey } from './keys.ts'

const seeded = (seed: string) => {
  let calls = 0
  const bytes = (count: number) =>
    createHash('shake256', { outputLength: count }).update(`${seed} ${calls++}`).digest('hex')
  return { hex: bytes, objectId: () => bytes(12) }
}

test.each(Array.from({ length: 50 }, (_, seed) => String(seed)))('seed %s', (seed) => {
  const ids = seeded(seed)
  expect(newPublicKey(ids)).toMatch(/^[a-z]{8}$/)
  const privateKey = newPrivateKey(ids)
  expect(privateKey).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(keyTail(privateKey)).toBe(privateKey.split('-')[4])
  expect(newClientId(ids)).toMatch(/^mdb_sa_id_[0-9a-f]{24}$/)
  expect(newClientSecret(ids)).toMatch(/^mdb_sa_sk_[A-Za-z0-9_-]{40}$/)
  expect(newPublicKey(seeded(seed))).toBe(newPublicKey(seeded(seed)))
})

test('a public key is made of letters alone even where the first bytes give none', () => {
  let calls = 0
  expect(newPublicKey({ hex: (bytes) => (calls++ === 0 ? 'ff' : '00').repeat(bytes) })).toBe('aaaaaaaa')
})
