// A point in time on the command line.

import type { Context } from '../core/context.ts'
import { UsageError } from '../core/usage-error.ts'

/** A flag's ISO 8601 date and time as the API takes it; undefined where the flag is not set. Throws UsageError. */
export function momentOf(context: Context, flag: string): string | undefined {
  const text = context.optional(flag)
  if (text === undefined) return undefined
  const date = new Date(text)
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(date.getTime())) {
    throw new UsageError(`invalid value "${text}" for --${flag}: not an ISO 8601 date and time`)
  }
  return date.toISOString()
}
