// A clock that a test may move forward, and put back to what the machine says.

import type { Clock } from '../parts.ts'

export interface MovingClock extends Clock {
  readonly move: (ms: number) => void
  /** How far it was moved, in milliseconds. */
  readonly ahead: () => number
}

export const createMovingClock = (real: Clock): MovingClock => {
  let ahead = 0
  return {
    now: () => real.now() + ahead,
    move: (ms) => {
      ahead += ms
    },
    ahead: () => ahead,
  }
}
