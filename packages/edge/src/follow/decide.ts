// The decisions of a follower, apart from its effects, so that a simulation can drive them: which snapshot may replace
// which, and how long to wait before the next question.

/** What names one snapshot: the store's random mark and a number that only grows within it. */
export interface Mark {
  readonly epoch: string
  readonly n: number
}

/**
 * Whether what is offered may replace what is held: a newer number of the same epoch, or another epoch (a new store,
 * whose numbers say nothing about ours). Only one question is ever on its way, so an old epoch cannot overtake.
 */
export const accepts = (held: Mark | null, offered: Mark): boolean =>
  held === null || offered.epoch !== held.epoch || offered.n > held.n

/** What one long poll came to. */
export type Came =
  | { readonly kind: 'offered'; readonly mark: Mark }
  | { readonly kind: 'nothing newer'; readonly waitedMs: number }
  | { readonly kind: 'failed' }

export interface Next {
  readonly take: boolean
  /** Failures in a row, to be handed to the next decision. */
  readonly failures: number
  /** Before the next question is asked, in milliseconds. */
  readonly waitMs: number
}

const firstDelayMs = 250
const longestDelayMs = 10_000
/** A server that answers "nothing newer" sooner than this is not waiting; asking again at once would spin. */
const shortestPollMs = 1000

/** Doubles from 250 ms up to 10 s; the upper half of each delay is random, so that many edges do not return at once. */
export const backOffMs = (failures: number, random: () => number): number => {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 16))
  return Math.round(full * (0.5 + random() / 2))
}

/** What follows from an answer: take it or not, and when to ask again. */
export function decideNext(
  state: { readonly held: Mark | null; readonly failures: number },
  came: Came,
  random: () => number,
): Next {
  if (came.kind === 'offered' && accepts(state.held, came.mark)) return { take: true, failures: 0, waitMs: 0 }
  if (came.kind === 'nothing newer' && came.waitedMs >= shortestPollMs) return { take: false, failures: 0, waitMs: 0 }
  const failures = came.kind === 'nothing newer' ? 1 : state.failures + 1
  return { take: false, failures, waitMs: backOffMs(failures, random) }
}
