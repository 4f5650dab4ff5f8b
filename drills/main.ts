// `npm run drill -- NAME [--times N] [--workers N]`: makes a fault on this machine, with gateways and members of its own, and says what was
// promised of it and what became of it. Ends with 1 when the promise was broken.

import { flagsOrEnd, wholeNumber } from '../packages/postern/src/tool-flags.ts'
import { drills } from './drills.ts'

const [name = '', ...rest] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const list = Object.entries(drills).map(([named, { fault }]) => `  ${named.padEnd(20)} ${fault}`)
const usage = ['npm run drill -- NAME [--times N] [--workers N]', ...list].join('\n')

const drill = drills[name]
if (drill === undefined) {
  say(name === '' || name === '--help' ? usage : `there is no drill ${name}\n${usage}`)
  process.exit(name === '--help' ? 0 : 1)
}
process.argv.splice(2, process.argv.length, ...rest)
const { times, workers } = flagsOrEnd({
  usage,
  names: ['times', 'workers'],
  parse: ({ times: count = '5', workers: each }) => ({
    times: wholeNumber('times', count, 1),
    workers: each === undefined ? undefined : wholeNumber('workers', each, 1),
  }),
})

say(`fault:    ${drill.fault}`)
say(`promised: ${drill.promise}`)
const { counted, broken } = await drill.run(times, (line) => say(`  ${line}`), workers)
for (const [what, count] of Object.entries(counted)) say(`${what}: ${count}`)
for (const sentence of broken) say(`broken: ${sentence}`)
say(broken.length === 0 ? 'The promise held.' : 'The promise was broken.')
process.exit(broken.length === 0 ? 0 : 1)
