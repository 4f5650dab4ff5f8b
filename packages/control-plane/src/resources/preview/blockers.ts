// A refusal as something to show beside a form.

import { AtlasError } from '@postern/contract/errors'
import type { Blocker } from '@postern/contract/schemas/preview'

/** What the caller could mend, or see in advance. Throws on what is not there at all (404) and on faults of ours. */
export const blockerOf = (thrown: unknown): Blocker => {
  if (!(thrown instanceof AtlasError) || thrown.status === 404 || thrown.status >= 500) throw thrown
  return { errorCode: thrown.told, detail: thrown.message, field: thrown.fields[0]?.field ?? null }
}

export const asCheck = (blockers: readonly Blocker[]) => ({
  possible: blockers.length === 0,
  blockers: [...blockers],
})
