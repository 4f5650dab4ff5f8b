// `npm run simulate -- [--of stories|feeds] [--seeds N] [--from S] [--fault NAME]`: tells N stories, from seed S (0), and says
// which went wrong. `stories` are of whole control planes over a store; `feeds` of the way of snapshots alone, without a
// store, a hundred times as fast. A seed that went wrong is told again by `--seeds 1 --from <seed>`. Ends with 1 when any did.

import { createTestStore } from '@postern/control-plane/store/testing'
import { flagsOrEnd, wholeNumber } from '../tool-flags.ts'
import { faults, isFaultName } from './faults.ts'
import { feedFaults, isFeedFaultName } from './feeds/faults.ts'
import { runFeeds } from './feeds/run.ts'
import { runSeeds } from './run-seeds.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const run = flagsOrEnd({
  usage: `npm run simulate -- [--of stories|feeds] [--seeds N] [--from SEED] [--fault NAME]
faults of stories: ${Object.keys(faults).join(', ')}
faults of feeds: ${Object.keys(feedFaults).join(', ')}`,
  names: ['of', 'seeds', 'from', 'fault'],
  parse: ({ of = 'stories', seeds: count = '200', from: first = '0', fault: name }) => {
    const wanted = { seeds: wholeNumber('seeds', count), from: wholeNumber('from', first), say }
    if (of === 'feeds') {
      if (name === undefined) return async () => runFeeds(wanted)
      if (!isFeedFaultName(name)) throw new Error(`there is no fault ${name} of feeds`)
      return async () => runFeeds({ ...wanted, fault: feedFaults[name] })
    }
    if (of !== 'stories') throw new Error(`--of takes stories or feeds, not ${of}`)
    if (name === undefined) return () => overStore(wanted)
    if (!isFaultName(name)) throw new Error(`there is no fault ${name} of stories`)
    return () => overStore({ ...wanted, fault: faults[name] })
  },
})

async function overStore(wanted: Parameters<typeof runSeeds>[1]): Promise<number> {
  const open = await createTestStore()
  try {
    return await runSeeds(open, wanted)
  } finally {
    await open.close()
  }
}

process.exitCode = (await run()) === 0 ? 0 : 1
