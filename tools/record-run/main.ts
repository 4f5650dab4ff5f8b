// `npm run record`: runs the README's recorded run and says where it is not true any more; with `--write` it writes what
// was printed, ids and addresses of this run included.

import { readFileSync, writeFileSync } from 'node:fs'
import { mongoshMissing } from '../../packages/postern/journeys/shell.ts'
import { type Replayed, replay } from './replay.ts'
import { stepsOf, withSteps } from './steps.ts'

const file = new URL('../../README.md', import.meta.url)
const document = readFileSync(file, 'utf8')
const writes = process.argv.includes('--write')
const all: Replayed[] = []

if (mongoshMissing !== null && writes) throw new Error(mongoshMissing)
if (mongoshMissing !== null) process.stderr.write(`${mongoshMissing}; what is typed there is passed over\n`)
await replay(stepsOf(document), (step) => {
  all.push(step)
  process.stderr.write(
    `${step.matches ? 'as recorded' : 'OTHERWISE  '}  ${step.step.line}: ${step.command.slice(0, 100)}\n`,
  )
  if (!step.matches && !writes)
    process.stdout.write(`README.md:${step.step.line}: ${step.step.command}\n${step.printed}\n`)
})
if (writes) {
  const changed = all.flatMap(({ step, recorded }) => (recorded === null ? [] : [[step.line, recorded] as const]))
  writeFileSync(file, withSteps(document, new Map(changed)))
  const left = all.filter(({ recorded }) => recorded === null)
  for (const { step } of left) process.stdout.write(`README.md:${step.line}: write it by hand: ${step.command}\n`)
}
if (!writes && all.some(({ matches }) => !matches)) process.exitCode = 1
