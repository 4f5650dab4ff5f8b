// States that pass faster here than official clients look. `atlas clusters create --watch` fails unless its first poll
// says CREATING, and `delete --watch` unless its first says DELETING; their polls come 4 s after the request, when a
// cluster of this machine is long there or gone. So the first description after the request still says the passing
// state, once, and only shortly after it. Kept in memory: losing it loses a courtesy, never a fact.

import type { Clock } from '../../parts.ts'
import type { ClusterRow } from './rows.ts'

/** How long after the request a first look is still answered with the passing state, in milliseconds. */
const courtesyMs = 10_000

export interface PassingStates<Shown> {
  /** Remembers what the first look after a request is to be shown. */
  readonly began: (key: string, shown: Shown) => void
  /** What to show this once; undefined when there is nothing to be courteous about. */
  readonly take: (key: string) => Shown | undefined
}

export const createPassingStates = <Shown>(clock: Clock): PassingStates<Shown> => {
  const waiting = new Map<string, { readonly shown: Shown; readonly until: number }>()
  return {
    began: (key, shown) => {
      const now = clock.now()
      for (const [old, { until }] of waiting) if (until <= now) waiting.delete(old)
      waiting.set(key, { shown, until: now + courtesyMs })
    },
    take: (key) => {
      const found = waiting.get(key)
      waiting.delete(key)
      return found !== undefined && found.until > clock.now() ? found.shown : undefined
    },
  }
}

/**
 * The row to show: of a cluster that goes, as it was when that began, since it may be gone; of one that comes, as it is
 * now, since somebody may have changed it meanwhile. Throws what `read` throws.
 */
export const rowToShow = async (
  began: ClusterRow | undefined,
  read: () => Promise<ClusterRow>,
): Promise<ClusterRow> => {
  if (began?.delete_requested) return began
  const row = await read()
  return began === undefined ? row : { ...row, state: began.state }
}
