// A turn that takes one step after another, as long as each got something done, so that a fast cloud is not slowed by the
// queue.

import type { Outcome } from './turns.ts'

/** `most`: how many steps one turn may take; more than any path through the resource's table is long. */
export const stepByStep =
  (most: number, step: (id: string) => Promise<Outcome | 'go on'>) =>
  async (id: string): Promise<Outcome> => {
    for (let taken = 0; taken < most; taken++) {
      const outcome = await step(id)
      if (outcome !== 'go on') return outcome
    }
    return { do: 'again', afterMs: 0 }
  }
