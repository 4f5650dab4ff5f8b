// What becomes of a delivery after an attempt, as data: done, once more later, or given up. Waits grow from seconds to
// half a day, so that a receiver may be away for a night without missing anything and a broken one is not hammered.

export type Answer =
  | { readonly kind: 'answered'; readonly status: number }
  /** No answer came; `reason` is a sentence. */
  | { readonly kind: 'failed'; readonly reason: string }

export type Verdict =
  | { readonly do: 'deliver' }
  | { readonly do: 'retry'; readonly afterMs: number; readonly error: string }
  /** `gone`: the receiver said that it wants nothing any more (410). */
  | { readonly do: 'give up'; readonly gone: boolean; readonly error: string }

const second = 1000
const minute = 60 * second
const hour = 60 * minute
/** After the first failed attempt, the second, …; about 28 hours in all. */
export const waits = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  12 * hour,
] as const

/** `attempts` counts this one. `random` answers a number from 0 up to, not including, 1: a tenth of a wait is chance. */
export const judgeAttempt = (attempts: number, answer: Answer, random: () => number): Verdict => {
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status <= 299) return { do: 'deliver' }
  const error = answer.kind === 'failed' ? answer.reason : sentenceFor(answer.status)
  if (answer.kind === 'answered' && answer.status === 410) return { do: 'give up', gone: true, error }
  const wait = waits[attempts - 1]
  if (wait === undefined) return { do: 'give up', gone: false, error }
  return { do: 'retry', afterMs: Math.round(wait * (0.95 + 0.1 * random())), error }
}

const sentenceFor = (status: number): string =>
  status >= 300 && status <= 399
    ? `the receiver answered ${status}: redirects are not followed, give the URL that it leads to`
    : `the receiver answered ${status}`
