// Flags of commands that can wait for what they began.

import type { Flag } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { UsageError } from '../core/usage-error.ts'

export const watch: Flag = { name: 'watch', short: 'w', kind: 'switch', usage: 'Waits until it is done.' }

export const timeout: Flag = {
  name: 'timeout',
  also: ['watchTimeout'],
  kind: 'number',
  usage: 'Seconds after which waiting ends with exit code 1. Without it, waiting has no end.',
}

/** Throws UsageError for a time that is no time. */
export function timeoutOf(context: Context): number | undefined {
  const seconds = context.number('timeout')
  if (seconds !== undefined && seconds < 1) throw new UsageError('--timeout must be 1 or more')
  return seconds
}
