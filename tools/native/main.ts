// `npm run native`: builds the relay for this machine, with the compiler that is here (CXX, else g++ or clang++) against the
// headers that Node.js brings along. Nothing is downloaded. `npm ci` does not do this, and nothing needs it.
// `npm run native -- --sanitize SECONDS [--seed S]` builds its core without Node.js under the address, undefined behaviour and
// thread sanitizers instead, and drives each for so long (native/drive.cc); a sanitizer's word or a wrong byte ends it with 1.
// `npm run native -- --suites` builds it for Node.js under each, and runs the relay's and the gateway's suites with it there;
// `npm run native -- --drills [--times N]` runs every drill so, each with one worker and where it can with two.
// Either takes `--only address` or `--only thread`.
// `npm run native -- --fuzz SECONDS [--seed S] [--keep]` searches its core under clang's libFuzzer (native/fuzz.cc), `--replay FILE` runs
// a finding again.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { drills } from '../../drills/drills.ts'
import { buildForNode, builtFile, NotHere } from './compile.ts'
import { fuzz, replay } from './fuzz.ts'
import { addressSanitizer, type RunInNode, sanitizeCore, sanitizeInNode } from './sanitize.ts'

function build(): void {
  buildForNode(['-O2'])
  process.stdout.write(
    `${builtFile}\nAn edge that runs from here uses it unless POSTERN_GATEWAY_RELAY=no; npm run prepare takes it into the build.\n`,
  )
}

const suites: RunInNode = {
  says: 'the suites',
  args: [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...['relay.test.ts', 'relay-gateway.test.ts'].map((name) => `packages/edge/src/gateway/join/${name}`),
  ],
}

const drill = (name: string, ...words: string[]): RunInNode => ({
  says: `npm run drill -- ${[name, ...words].join(' ')}`,
  args: ['--import', 'tsx', 'drills/main.ts', name, ...words],
})

/** Where the gateway's own process moves no bytes, the relays are in its workers. */
const drillsOf = (times: string): readonly RunInNode[] =>
  Object.keys(drills).flatMap((name) => {
    const words = ['--relay', 'yes', '--times', times]
    return [drill(name, ...words), ...(withWorkers.has(name) ? [drill(name, ...words, '--workers', '2')] : [])]
  })
const withWorkers = new Set(['restart', 'lose-gateway', 'member-hangs'])

function inNode(runs: readonly RunInNode[], only: string | undefined): void {
  try {
    sanitizeInNode(runs, only)
  } finally {
    build()
  }
}

try {
  const { values } = parseArgs({
    options: {
      sanitize: { type: 'string' },
      seed: { type: 'string', default: '1' },
      suites: { type: 'boolean', default: false },
      drills: { type: 'boolean', default: false },
      times: { type: 'string', default: '3' },
      only: { type: 'string' },
      fuzz: { type: 'string' },
      keep: { type: 'boolean', default: false },
      replay: { type: 'string' },
    },
  })
  if (process.platform !== 'linux') throw new NotHere('The relay is for Linux.')
  if (values.suites) inNode([suites], values.only)
  else if (values.drills) inNode(drillsOf(values.times), values.only)
  else if (values.fuzz !== undefined)
    fuzz({ seconds: Number(values.fuzz), seed: Number(values.seed), keep: values.keep })
  else if (values.replay !== undefined) replay([resolve(values.replay)], addressSanitizer)
  else if (values.sanitize === undefined) build()
  else sanitizeCore(values.sanitize, values.seed)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof NotHere ? 2 : 1
}
