// Console passwords are kept as verifiers: scrypt with its parameters in the text, so that they can be raised later
// without locking anybody out. 32 MiB and about half a second each on a small machine.

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

const current = { N: 2 ** 15, r: 8, p: 3 } as const
const length = 32

const textOf = (salt: Buffer, key: Buffer): string =>
  ['scrypt', current.N, current.r, current.p, salt.toString('base64'), key.toString('base64')].join('$')

/** No password has it, and to find that out takes as long as with a real one. */
export const nobodysVerifier = textOf(Buffer.alloc(16), Buffer.alloc(length))

/** `scrypt$N$r$p$salt$key`, the last two in base64. */
export const makeVerifier = async (password: string): Promise<string> => {
  const salt = randomBytes(16)
  const key = await derive(password, salt, current)
  return textOf(salt, key)
}

/** False for a wrong password and for a verifier that this code did not make. */
export const verifyPassword = async (verifier: string, password: string): Promise<boolean> => {
  const [scheme, N, r, p, salt, key] = verifier.split('$')
  if (scheme !== 'scrypt' || !N || !r || !p || !salt || !key) return false
  const expected = Buffer.from(key, 'base64')
  const derived = await derive(password, Buffer.from(salt, 'base64'), { N: Number(N), r: Number(r), p: Number(p) })
  return expected.length === derived.length && timingSafeEqual(expected, derived)
}

const derive = (password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, { ...options, maxmem: 128 * 1024 * 1024 }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
