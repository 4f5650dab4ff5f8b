// Many seeds, one after another over one store, with a line for each that went wrong and one for all.

import type { OpenStore } from '@postern/control-plane/store/create-store'
import { vacuumTables } from '@postern/control-plane/store/upkeep'
import type { Fault } from './faults.ts'
import { nothingTold, type Story, simulate, type Told } from './simulate.ts'

export interface SeedsToRun {
  readonly seeds: number
  readonly from: number
  readonly fault?: Fault
  readonly say: (line: string) => void
}

/** Dead rows of earlier stories slow down later ones. */
const storiesPerVacuum = 25

/** Answers how many went wrong. */
export const runSeeds = async (open: OpenStore, { seeds, from, fault, say }: SeedsToRun): Promise<number> => {
  const sum = nothingTold()
  let failed = 0
  for (let seed = from; seed < from + seeds; seed++) {
    const { violation, told }: Story = await simulate(open.store, seed, fault)
    for (const what of Object.keys(sum) as (keyof Told)[]) sum[what] += told[what]
    if (violation !== null) {
      failed += 1
      say(`seed ${seed}: ${violation} (again: --seeds 1 --from ${seed})`)
    }
    if (seed % storiesPerVacuum === 0 && open.backing.kind === 'embedded') await vacuumTables(open.backing.pglite)
  }
  say(
    `${seeds} seeds from ${from}: ${failed} failed; ${sum.wishes} wishes, ${sum.turns} turns, ${sum.starts} starts of control planes, ${sum.jumps} jumps of a clock, ${sum.partings} partings, ${sum.messages} messages, ${sum.available} endpoints became AVAILABLE, ${sum.gone} went, ${sum.undone} terminations were taken back`,
  )
  return failed
}
