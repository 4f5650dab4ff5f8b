// When something temporary ends: a database user, an entry of a project's IP access list. In Atlas that is within a week.

import { AtlasError } from '@postern/contract/errors'
import type { Behaviour } from '@postern/contract/fidelity'

const weekMs = 7 * 24 * 60 * 60 * 1000

export interface TemporaryRules {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly behaviour: Pick<Behaviour, 'temporaryLife'>
}

/**
 * The moment that a `deleteAfterDate` names; null where there is none. Throws EXPIRATION_DATE_IN_PAST, and
 * INVALID_ATTRIBUTE naming `field` for one that is further away than is allowed. Pure.
 */
export const endOfLife = (
  text: string | null | undefined,
  field: string,
  { now, behaviour: { temporaryLife } }: TemporaryRules,
): Date | null => {
  if (text === null || text === undefined || text === '') return null
  const end = new Date(text)
  if (end.getTime() <= now) throw new AtlasError('EXPIRATION_DATE_IN_PAST', {})
  if (temporaryLife === 'a week at most' && end.getTime() > now + weekMs) {
    const fields = [{ field, description: 'must be within one week from now' }]
    throw new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields })
  }
  return end
}
