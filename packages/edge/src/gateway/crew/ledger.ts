// What one worker has counted, and what all of them have. Those that ended are in it for ever, so that sums never fall.

import { keepingNames, type RefusalCount, sumOfRefusals } from '../refusals.ts'
import { type Count, type Kept, sumOfCounts } from '../tally.ts'

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

/** What was counted for others goes on without a name. */
export function keepingNamesOf({ endpointIds, serviceIds }: Required<Kept>, { counts, refusals }: Counted): Counted {
  const name = (count: Readonly<Count>): Readonly<Count> =>
    count.endpointId === null || endpointIds.has(count.endpointId)
      ? count
      : { ...count, endpointId: null, cloudEndpointId: null, member: null }
  const kept = keepingNames(refusals, { endpointIds, serviceIds }, Number.POSITIVE_INFINITY)
  return together([{ counts: counts.map(name), refusals: [...kept.values()] }])
}
