// `npm run drill -- NAME [--times N] [--workers N] [--relay yes]`: makes a fault on this machine, with gateways and members of its own, and
// says what was promised of it and what became of it. Ends with 1 when the promise was broken. All of them with the relay, under
// the sanitizers: `npm run native -- --drills`.

import { flagsOrEnd, wholeNumber } from '../packages/postern/src/tool-flags.ts'
import { drills } from './drills.ts'

const [name = '', ...rest] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const list = Object.entries(drills).map(([named, { fault }]) => `  ${named.padEnd(20)} ${fault}`)
const usage = ['npm run drill -- NAME [--times N] [--workers N] [--relay yes]', ...list].join('\n')

const drill = drills[name]
if (drill === undefined) {
  say(name === '' || name === '--help' ? usage : `there is no drill ${name}\n${usage}`)
  process.exit(name === '--help' ? 0 : 1)
}
process.argv.splice(2, process.argv.length, ...rest)
const { times, ...gateways } = flagsOrEnd({
  usage,
  names: ['times', 'workers', 'relay'],
  parse: ({ times: count = '5', workers, relay = 'no' }) => ({
    times: wholeNumber('times', count, 1),
    relay: relay === 'yes',
    ...(workers !== undefined && { workers: wholeNumber('workers', workers, 1) }),
  }),
})

say(`fault:    ${drill.fault}`)
say(`promised: ${drill.promise}`)
const { counted, broken } = await drill.run(times, (line) => say(`  ${line}`), gateways)
for (const [what, count] of Object.entries(counted)) say(`${what}: ${count}`)
for (const sentence of broken) say(`broken: ${sentence}`)
say(broken.length === 0 ? 'The promise held.' : 'The promise was broken.')
process.exit(broken.length === 0 ? 0 : 1)
