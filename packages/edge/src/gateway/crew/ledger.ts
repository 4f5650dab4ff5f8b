// What one worker has counted, and what all of them have. Those that ended are in it for ever, so that sums never fall.

import type { Count, RefusalCount } from '../tally.ts'
import { sumOfCounts, sumOfRefusals } from '../tally.ts'

export interface Ledger {
  readonly counts: readonly Readonly<Count>[]
  readonly refusals: readonly Readonly<RefusalCount>[]
  /** Of its process. */
  readonly usage: { readonly cpuSeconds: number; readonly residentBytes: number }
}

export const emptyLedger: Ledger = { counts: [], refusals: [], usage: { cpuSeconds: 0, residentBytes: 0 } }

/** What is told at each beat. */
const countsPerBeat = 4_000

/** How many beats a worker says nothing for after it told all this: the more there is to tell, the rarer it is told. */
export const restsAfter = ({ counts, refusals }: Counted): number =>
  Math.floor((counts.length + refusals.length) / countsPerBeat)

type Counted = Pick<Ledger, 'counts' | 'refusals'>

export const together = (ledgers: readonly Counted[]): Counted => ({
  counts: sumOfCounts(ledgers.flatMap(({ counts }) => counts)),
  refusals: sumOfRefusals(ledgers.flatMap(({ refusals }) => refusals)),
})

/** Of a worker that is gone: what was open there was cut. */
export const closedFor = ({ counts, refusals }: Counted): Counted => ({
  counts: counts.map((count) => ({
    ...count,
    open: 0,
    cut: { ...count.cut, gateway: count.cut.gateway + count.open },
  })),
  refusals,
})

/** What was counted for other endpoints goes on without a name. */
export function keepingNamesOf(endpointIds: ReadonlySet<string>, { counts, refusals }: Counted): Counted {
  const name = <Of extends { readonly endpointId: string | null }>(of: Of): Of =>
    of.endpointId === null || endpointIds.has(of.endpointId)
      ? of
      : { ...of, endpointId: null, cloudEndpointId: null, ...('member' in of && { member: null }) }
  return together([{ counts: counts.map(name), refusals: refusals.map(name) }])
}
