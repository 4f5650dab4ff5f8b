// `npm run workload -- --changes 50`: so many changes of each kind to a set, under the load of one client that is connected
// directly and one that comes through an endpoint, and what either of them saw.

import { randomInt } from 'node:crypto'
import { flagsOrEnd, wholeNumber } from '../../src/tool-flags.ts'
import { notDirect, runWorkload } from './workload.ts'

const times = flagsOrEnd({
  usage: 'npm run workload -- [--changes N]',
  names: ['changes'],
  parse: ({ changes = '50' }) => wholeNumber('changes', changes, 1),
})
const { changes, outcomes } = await runWorkload({
  times,
  random: () => randomInt(2 ** 32) / 2 ** 32,
  tell: (line) => process.stderr.write(`${line}\n`),
})
const counts = Object.entries(changes).map(([kind, count]) => `${count} ${kind}`)
process.stdout.write(`\n${counts.join(', ')}\n\n`)
for (const { by, writes, reads, errors, lost } of outcomes) {
  process.stdout.write(`${by.padEnd(9)} ${writes} writes, ${reads} reads, ${errors.length} errors, ${lost} lost\n`)
  for (const error of new Set(errors))
    process.stdout.write(`  ${errors.filter((each) => each === error).length} × ${error}\n`)
}
const through = outcomes.find(({ by }) => by === 'endpoint')
process.exit(notDirect(through?.errors ?? []).length === 0 && outcomes.every(({ lost }) => lost === 0) ? 0 : 1)
