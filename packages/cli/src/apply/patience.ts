// How long everything that is waited for may take. Waits that go on at the same time share the time that passes.

import { UsageError } from '../core/usage-error.ts'

/** Sleeps so long. Throws UsageError, which begins with `still`, when the time is over. */
export type Wait = (ms: number, still: string) => Promise<void>

export interface Patience {
  readonly begin: () => Wait
}

/** Without `timeoutSeconds` there is no end. */
export function createPatience(sleep: (ms: number) => Promise<void>, timeoutSeconds: number | undefined): Patience {
  const mostMs = timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : timeoutSeconds * 1_000
  let passedMs = 0
  return {
    begin() {
      let ownMs = passedMs
      return async (ms, still) => {
        if (ownMs >= mostMs) throw new UsageError(`${still}; it goes on by itself`)
        const wait = Math.min(ms, mostMs - ownMs)
        await sleep(wait)
        ownMs += wait
        passedMs = Math.max(passedMs, ownMs)
      }
    },
  }
}
