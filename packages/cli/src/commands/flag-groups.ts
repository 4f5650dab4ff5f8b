// Flags that go together or do not, by Cobra's rules and in Cobra's words.

import type { Context } from '../core/context.ts'
import { UsageError } from '../core/usage-error.ts'

/** Throws UsageError where two or more of the flags are set. */
export function atMostOne(context: Context, ...names: readonly string[]): void {
  const set = names.filter((name) => context.isSet(name))
  if (set.length < 2) return
  throw new UsageError(
    `if any flags in the group [${names.join(' ')}] are set none of the others can be; ` +
      `[${set.toSorted().join(' ')}] were all set`,
  )
}

/** Throws UsageError where none or several of the flags are set. */
export function exactlyOne(context: Context, ...names: readonly string[]): void {
  atMostOne(context, ...names)
  if (names.some((name) => context.isSet(name))) return
  throw new UsageError(`at least one of the flags in the group [${names.join(' ')}] is required`)
}

/** Throws UsageError for those that are not set, where a condition makes them required. */
export function allOf(context: Context, ...names: readonly string[]): void {
  const missing = names.filter((name) => !context.isSet(name))
  if (missing.length === 0) return
  throw new UsageError(`required flag(s) ${missing.map((name) => `"${name}"`).join(', ')} not set`)
}

/**
 * A setting that is switched by `--enableX` and `--disableX`; undefined where neither is on. Throws UsageError for both.
 */
export function enabledOrDisabled(context: Context, setting: string): boolean | undefined {
  const [enable, disable] = [`enable${setting}`, `disable${setting}`] as const
  atMostOne(context, enable, disable)
  if (context.isOn(enable)) return true
  return context.isOn(disable) ? false : undefined
}
