// The one way to scrypt for whoever is not trusted yet: few at a time, since each takes 32 MiB and half a second of a
// thread that file reads and DNS share, and a short queue behind them, so that a flood of sign-ins is told to come back
// instead of piling up.

import { AtlasError } from '@postern/contract/errors'
import { makeVerifier, nobodysVerifier, verifyPassword } from './password.ts'

export interface PasswordGate {
  /** False for a wrong password; null stands for an account that is not there and takes as long. Throws RATE_LIMITED. */
  readonly verify: (verifier: string | null, password: string) => Promise<boolean>
  /** Throws RATE_LIMITED. */
  readonly make: (password: string) => Promise<string>
}

const atOnce = 2
const maxWaiting = 32

/** `work` is scrypt unless a test wants to see when it begins and to say when it ends. */
export const createPasswordGate = (work = { verify: verifyPassword, make: makeVerifier }): PasswordGate => {
  let running = 0
  const waiting: (() => void)[] = []

  const through = async <Result>(turn: () => Promise<Result>): Promise<Result> => {
    if (running >= atOnce) {
      if (waiting.length >= maxWaiting) throw new AtlasError('RATE_LIMITED', { seconds: 5 })
      await new Promise<void>((go) => waiting.push(go))
    } else running += 1
    try {
      return await turn()
    } finally {
      // Whoever waits takes the place over, so that nobody slips in between.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
  return {
    verify: (verifier, password) => through(() => work.verify(verifier ?? nobodysVerifier, password)),
    make: (password) => through(() => work.make(password)),
  }
}
