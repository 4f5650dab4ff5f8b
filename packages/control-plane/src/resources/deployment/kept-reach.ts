// What is kept of the credentials that were given: pure. A password that neither manages users nor may show hidden members is
// of no use here. One with which the set's configuration could not be read just now may show them later.

import type { Reach } from '../../engines/engine.ts'
import type { Discovered } from './discover.ts'

export const keptReach = (
  given: Reach,
  { found, manages }: { readonly found: Discovered; readonly manages: boolean },
): Reach => {
  if (manages) return given
  const mayShow = found.kind === 'replicaSet' && found.hidden !== 'NOT_TOLD'
  return { ...given, admin: null, monitor: mayShow ? given.admin : null }
}
