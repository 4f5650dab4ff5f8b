// How long something takes, and what its last try came to, in words. Pure.

import type { Failing } from '../../reconcile/turns.ts'

/** Atlas promises three to five minutes; twice that is long. */
const longMs = 10 * 60_000

export const isLong = (since: Date, now: number): boolean => now - since.getTime() > longMs

/** `40 s`, `12 min`, `3 h`. */
export const age = (since: Date, now: number): string => {
  const seconds = Math.max(0, Math.floor((now - since.getTime()) / 1_000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`
}

/** A sentence with the space before it; nothing where no try failed. */
export const lastTry = (failing: Failing | undefined): string => {
  if (failing === undefined) return ''
  const times = failing.times === 1 ? 'The last try failed' : `The last ${failing.times} tries failed`
  return ` ${times}: ${failing.reason}; the next is at ${new Date(failing.nextTry).toISOString()}.`
}
