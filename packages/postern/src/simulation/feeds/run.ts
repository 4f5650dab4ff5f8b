// Many stories of feeds, one after another, with a line for each that went wrong and one for all.

import type { FeedFault } from './faults.ts'
import { type FeedTold, nothingTold, tellFeeds } from './story.ts'

interface Run {
  readonly seeds: number
  readonly from: number
  readonly fault?: FeedFault
  readonly say: (line: string) => void
}

/** Answers how many went wrong. */
export const runFeeds = ({ seeds, from, fault, say }: Run): number => {
  const sum = nothingTold()
  let failed = 0
  for (let seed = from; seed < from + seeds; seed++) {
    const { violation, told } = tellFeeds(seed, fault)
    for (const what of Object.keys(sum) as (keyof FeedTold)[]) sum[what] += told[what]
    if (violation === null) continue
    failed += 1
    say(`seed ${seed}: ${violation} (again: --of feeds --seeds 1 --from ${seed})`)
  }
  say(
    `${seeds} seeds from ${from}: ${failed} failed; ${sum.steps} steps, ${sum.messages} messages, ${sum.snapshots} snapshots, ${sum.changes} of them as changes that fitted and ${sum.misfits} that did not, ${sum.byHash} reports by the hash of their lists and ${sum.unknown} that was not known, ${sum.jumps} jumps of a clock, ${sum.partings} partings, ${sum.epochs} epochs, ${sum.available} endpoints became AVAILABLE, ${sum.gone} went, a standard listener counted as closed ${sum.closed} times`,
  )
  return failed
}
