// `npm run bench -- <what>`: measures and prints; nothing is asserted, since a figure is worth what the machine it was
// taken on is worth. Each subcommand is one row here and one folder beside this file.

import { benchApi } from './api/bench-api.ts'
import { benchCli } from './cli/bench-cli.ts'

interface Benchmark {
  readonly says: string
  readonly run: (args: readonly string[]) => Promise<void>
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
  api: {
    says: 'the Administration API: list, describe, create, on both stores, as the number of rows grows',
    run: benchApi,
  },
  cli: {
    says: 'what a cold command costs beyond a bare node',
    run: benchCli,
  },
}

const [word = '', ...args] = process.argv.slice(2)
const benchmark = benchmarks[word]
if (benchmark === undefined) {
  const known = Object.entries(benchmarks).map(([name, { says }]) => `  npm run bench -- ${name}   ${says}\n`)
  process.stderr.write(`There is no benchmark "${word}". There are:\n${known.join('')}`)
  process.exitCode = 1
} else await benchmark.run(args)
