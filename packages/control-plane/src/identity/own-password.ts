// Whether somebody knows an account's password, asked wherever one is typed: signing in, accepting an invitation, setting
// another one. All of them count the same failures, or each would be a way around the others.

import { AtlasError } from '@postern/contract/errors'
import type { Parts } from '../parts.ts'
import type { PasswordGate } from './password-gate.ts'
import { createThrottle } from './throttle.ts'

/**
 * `verifier` null: there is no such account, or it has no password; that takes as long. Throws POSTERN_WRONG_PASSWORD, and
 * RATE_LIMITED after too many failures for this name from this address.
 */
export type ProvePassword = (
  account: { readonly username: string; readonly verifier: string | null },
  given: { readonly password: string; readonly address: string },
) => Promise<void>

export const createProvePassword = (parts: Parts, passwords: PasswordGate): ProvePassword => {
  const throttle = createThrottle(parts)
  return async ({ username, verifier }, { password, address }) => {
    const name = username.toLowerCase()
    await throttle.check(name, address)
    if (await passwords.verify(verifier, password)) return
    await throttle.failed(name, address)
    throw new AtlasError('POSTERN_WRONG_PASSWORD', {})
  }
}
