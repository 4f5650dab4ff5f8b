// `npm run kill -- --times 200`: kills the control plane that often and prints what it was doing, phase by phase.

import { randomInt } from 'node:crypto'
import { flagsOrEnd, wholeNumber } from '../tool-flags.ts'
import { atRandom, kills } from './kills.ts'

const times = flagsOrEnd({
  usage: 'npm run kill -- [--times N]',
  names: ['times'],
  parse: ({ times: count = '200' }) => wholeNumber('times', count, 1),
})
const report = await kills({
  moments: atRandom(times),
  random: () => randomInt(2 ** 32) / 2 ** 32,
  tell: (says) => process.stderr.write(`${says}\n`),
})
const longest = Math.max(...[...report.byPhase.values()])
process.stdout.write(`\n${report.kills} kills, ${report.busy} with a request in flight or a wish unfinished\n\n`)
for (const [phase, count] of [...report.byPhase].sort((one, other) => other[1] - one[1]))
  process.stdout.write(
    `${String(count).padStart(5)} ${'#'.repeat(Math.ceil((40 * count) / longest)).padEnd(41)} ${phase}\n`,
  )
process.stdout.write(
  `\n${report.violations.length} violations\n${report.violations.map((line) => `  ${line}\n`).join('')}`,
)
process.exit(report.violations.length === 0 ? 0 : 1)
