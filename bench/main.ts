// `npm run bench -- <what>`: measures and prints; nothing is asserted, since a figure is worth what the machine it was
// taken on is worth. Each subcommand is one row here and one folder beside this file.

import { apiFlags, benchApi } from './api/bench-api.ts'
import { benchCli, cliFlags } from './cli/bench-cli.ts'
import { benchFeed, feedFlags } from './feed/bench-feed.ts'
import { benchGateway, gatewayFlags } from './gateway/bench-gateway.ts'
import { isUsageError } from './usage.ts'

interface Benchmark {
  readonly says: string
  readonly flags: string
  readonly run: (args: readonly string[]) => Promise<void>
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
  api: {
    says: 'the Administration API: list, describe, create, on both stores, as the number of rows grows',
    flags: apiFlags,
    run: benchApi,
  },
  cli: {
    says: 'what a cold command costs beyond a bare node',
    flags: cliFlags,
    run: benchCli,
  },
  feed: {
    says: 'snapshots of 10,000 endpoints: the first whole, and one change on its way to 1 and to 100 gateways',
    flags: feedFlags,
    run: benchFeed,
  },
  gateway: {
    says: 'operations through the gateway, beside HAProxy, a plain proxy in Node.js and a direct connection',
    flags: gatewayFlags,
    run: benchGateway,
  },
}

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h'
const usageOf = (name: string, { says, flags }: Benchmark): string =>
  `  npm run bench -- ${name} ${flags}\n    ${says}\n`
const everyUsage = Object.entries(benchmarks)
  .map(([name, benchmark]) => usageOf(name, benchmark))
  .join('')

const refuse = (sentence: string, usage: string): void => {
  process.stderr.write(`${sentence}\n${usage}`)
  process.exitCode = 1
}

const [word, ...args] = process.argv.slice(2)
const benchmark = word === undefined ? undefined : benchmarks[word]
if (word === undefined || isHelp(word)) process.stdout.write(everyUsage)
else if (benchmark === undefined) refuse(`There is no benchmark "${word}". There are:`, everyUsage)
else if (args.some(isHelp)) process.stdout.write(usageOf(word, benchmark))
else
  await benchmark.run(args).catch((thrown: unknown) => {
    if (!isUsageError(thrown)) throw thrown
    refuse(thrown.message, usageOf(word, benchmark))
  })
