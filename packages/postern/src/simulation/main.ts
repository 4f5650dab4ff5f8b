// `npm run simulate -- --seeds N [--from S] [--fault NAME]`: tells N stories, from seed S (0), and says which went wrong.
// A seed that did is told again by `--seeds 1 --from <seed>`. Ends with 1 when any did.

import { parseArgs } from 'node:util'
import { createTestStore } from '@postern/control-plane/store/testing'
import { faults, isFaultName } from './faults.ts'
import { runSeeds } from './run-seeds.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, from: { type: 'string' }, fault: { type: 'string' } },
})

const wholeNumber = (name: string, text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`--${name} takes a whole number, not ${text}`)
}

const seeds = wholeNumber('seeds', values.seeds ?? '200')
const from = wholeNumber('from', values.from ?? '0')
const { fault } = values
if (fault !== undefined && !isFaultName(fault)) {
  throw new Error(`there is no fault ${fault}; there are ${Object.keys(faults).join(', ')}`)
}

const open = await createTestStore()
try {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const failed = await runSeeds(open, { seeds, from, ...(fault !== undefined && { fault: faults[fault] }), say })
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  await open.close()
}
