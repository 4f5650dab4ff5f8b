// A trouble that lasts, as two lines of the log.

import type { Logger } from 'pino'

/** Logs a trouble when it begins or changes, and its end once; a control plane that is away for a day is two lines. */
export function onChange(log: Logger): (problem: string | null) => void {
  let last: string | null = null
  return (problem) => {
    if (problem === last) return
    if (problem !== null) log.warn(problem)
    else log.info(`over: ${last}`)
    last = problem
  }
}
