// `npm run fuzz -- [--minutes N] [--target NAME] [--seed S] [--runs N] [--keep yes] [--input FILE]`: a coverage-guided
// search for inputs that break what the targets promise. Targets take turns of a minute. A finding is written to
// fuzz/findings/, with the command that runs it again; the end is 1 when there was one. `--keep yes` writes the kept corpus
// anew from what was found.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { flagsOrEnd, wholeNumber } from '../packages/postern/src/tool-flags.ts'
import { bundle } from './engine/bundle.ts'
import { runCampaign } from './engine/campaign.ts'
import type { Explored, Finding } from './engine/explore.ts'
import { readKept, writeKept } from './engine/kept.ts'
import { targets } from './targets.ts'

const names = Object.keys(targets)
const flags = flagsOrEnd({
  usage: `npm run fuzz -- [--minutes N] [--target NAME] [--seed S] [--runs N] [--keep yes] [--input FILE]\ntargets: ${names.join(', ')}`,
  names: ['minutes', 'target', 'seed', 'runs', 'keep', 'input'],
  parse: ({ minutes = '5', target, seed = '1', runs, keep = 'no', input }) => {
    if (target !== undefined && !names.includes(target)) throw new Error(`there is no target ${target}`)
    if (input !== undefined && target === undefined) throw new Error('--input goes with --target')
    return {
      minutes: wholeNumber('minutes', minutes, 1),
      chosen: target === undefined ? names : [target],
      seed: wholeNumber('seed', seed),
      runs: runs === undefined ? null : wholeNumber('runs', runs, 1),
      keep: keep === 'yes',
      input,
    }
  },
})

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const turnMs = 60_000

if (flags.input === undefined) process.exitCode = (await search()) ? 0 : 1
else for (const name of flags.chosen) targets[name]?.run(readFileSync(flags.input))

/** Answers whether nothing was found. */
async function search(): Promise<boolean> {
  const built = await bundle()
  say(`${names.length} targets, ${built.counters} places counted; seed ${flags.seed}`)
  const until = Date.now() + flags.minutes * 60_000
  const corpora = new Map(flags.chosen.map((name) => [name, readKept(name).map(({ input }) => input)]))
  const sums = new Map<string, Pick<Explored, 'executions' | 'places'>>()
  const found = new Set<string>()
  for (let round = 0; round === 0 || (flags.runs === null && Date.now() < until); round++) {
    for (const [index, target] of flags.chosen.entries()) {
      const left = until - Date.now()
      if (flags.runs === null && round > 0 && left <= 0) break
      const share = Math.max(1000, Math.min(turnMs, left / (flags.chosen.length - index)))
      const kept = corpora.get(target) ?? []
      const seed = flags.seed + round
      const explored = await runCampaign({ bundle: built, target, kept, seed, runs: flags.runs, ms: share })
      corpora.set(target, [...explored.corpus])
      const before = sums.get(target)?.executions ?? 0
      sums.set(target, { executions: before + explored.executions, places: explored.places })
      for (const finding of explored.findings) report(target, finding, found)
      if (flags.keep) writeKept(target, explored.corpus)
    }
  }
  rmSync(built.path)
  for (const [target, { executions, places }] of sums)
    say(`${target}: ${executions} executions, ${places} places, ${corpora.get(target)?.length ?? 0} inputs`)
  const total = [...sums.values()].reduce((sum, { executions }) => sum + executions, 0)
  say(`${total} executions, ${found.size} findings`)
  return found.size === 0
}

function report(target: string, { input, error }: Finding, found: Set<string>): void {
  const directory = fileURLToPath(new URL('./findings/', import.meta.url))
  const name = `${target}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`
  if (found.has(name)) return
  found.add(name)
  mkdirSync(directory, { recursive: true })
  writeFileSync(`${directory}${name}`, input)
  say(`${target}: ${error}\n  ${input.length} bytes: ${input.toString('hex').slice(0, 400)}`)
  say(`  again: npm run fuzz -- --target ${target} --input fuzz/findings/${name}`)
}
