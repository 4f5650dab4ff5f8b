// `npm run simulate -- --seeds N [--from S] [--fault NAME]`: tells N stories, from seed S (0), and says which went wrong.
// A seed that did is told again by `--seeds 1 --from <seed>`. Ends with 1 when any did.

import { createTestStore } from '@postern/control-plane/store/testing'
import { flagsOrEnd, wholeNumber } from '../tool-flags.ts'
import { faults, isFaultName } from './faults.ts'
import { runSeeds } from './run-seeds.ts'

const { seeds, from, fault } = flagsOrEnd({
  usage: `npm run simulate -- [--seeds N] [--from SEED] [--fault NAME]\nfaults: ${Object.keys(faults).join(', ')}`,
  names: ['seeds', 'from', 'fault'],
  parse: ({ seeds: count = '200', from: first = '0', fault: name }) => {
    if (name !== undefined && !isFaultName(name)) throw new Error(`there is no fault ${name}`)
    return { seeds: wholeNumber('seeds', count), from: wholeNumber('from', first), fault: name }
  },
})

const open = await createTestStore()
try {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const failed = await runSeeds(open, { seeds, from, ...(fault !== undefined && { fault: faults[fault] }), say })
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  await open.close()
}
