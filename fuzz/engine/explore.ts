// The search itself, for one target: run, see what was new, keep it, change it. The same seed over the same code and corpus
// runs the same inputs. What a target throws is a finding; the first of each kind is made as short as it will go.

import type { Random } from '../../packages/postern/src/simulation/random.ts'
import { createCoverage } from './coverage.ts'
import { mutated } from './mutate.ts'

export interface Target {
  readonly says: string
  /** In bytes. */
  readonly longest: number
  /** Whole and good inputs to begin with. */
  readonly seeds: () => readonly Buffer[] | Promise<readonly Buffer[]>
  /** Throws where a property does not hold. */
  readonly run: (input: Buffer) => void
}

export interface Finding {
  readonly input: Buffer
  readonly error: string
}

export interface Explored {
  readonly executions: number
  readonly places: number
  /** The fewest that show all that was seen. */
  readonly corpus: readonly Buffer[]
  readonly findings: readonly Finding[]
}

export interface Exploration {
  readonly target: Target
  readonly counters: Uint8Array
  readonly words: readonly Buffer[]
  readonly kept: readonly Buffer[]
  readonly random: Random
  /** Asked before each execution, with how many there were. */
  readonly goesOn: (executions: number) => boolean
  /** Called with each input before it is run, so that somebody else knows of one that never ends. */
  readonly before: (input: Buffer) => void
}

interface Known {
  readonly input: Buffer
  readonly features: readonly number[]
}

export async function explore({
  target,
  counters,
  words,
  kept,
  random,
  goesOn,
  before,
}: Exploration): Promise<Explored> {
  const coverage = createCoverage(counters)
  const known: Known[] = []
  const inputs: Buffer[] = []
  const findings = new Map<string, Finding>()
  let executions = 0

  const failure = (input: Buffer): string | null => {
    executions++
    before(input)
    counters.fill(0)
    try {
      target.run(input)
      return null
    } catch (error) {
      return told(error)
    }
  }

  const tryOut = (input: Buffer): void => {
    const error = failure(input)
    const features = coverage.read()
    if (error !== null) {
      const kind = kindOf(error)
      if (!findings.has(kind)) findings.set(kind, shortened({ input: Buffer.from(input), error }))
    } else if (coverage.adds(features)) {
      const copy = Buffer.from(input)
      known.push({ input: copy, features })
      inputs.push(copy)
    }
  }

  const shortened = (finding: Finding): Finding => {
    const kind = kindOf(finding.error)
    let best = finding
    for (let size = Math.ceil(best.input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < best.input.length && executions < 1e9; ) {
        const input = Buffer.concat([best.input.subarray(0, at), best.input.subarray(at + size)])
        const error = failure(input)
        if (error !== null && kindOf(error) === kind) best = { input, error }
        else at += size
      }
    }
    return best
  }

  for (const input of [...kept, ...(await target.seeds())]) tryOut(input)
  while (goesOn(executions)) tryOut(mutated(random, { inputs, words, longest: target.longest }))
  return { executions, places: coverage.places(), corpus: fewest(known), findings: [...findings.values()] }
}

const told = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** Two findings are one when they say the same, numbers and quoted texts aside, at the same place. */
const kindOf = (error: string): string =>
  error
    .split('\n')
    .slice(0, 3)
    .join(' ')
    .replaceAll(/"[^"]*"|\d+/g, '…')

/** Greedy: the shortest first, each that shows what none before it did. */
function fewest(known: readonly Known[]): readonly Buffer[] {
  const seen = new Set<number>()
  const chosen: Buffer[] = []
  for (const { input, features } of known.toSorted((one, other) => one.input.length - other.input.length)) {
    if (features.every((feature) => seen.has(feature))) continue
    for (const feature of features) seen.add(feature)
    chosen.push(input)
  }
  return chosen
}
