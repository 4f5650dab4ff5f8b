// The README's recorded run, held against a run of now: every command is run as it stands there, and what it prints is
// what stands there, but for ids and addresses.

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mongoshMissing } from '../../packages/postern/journeys/shell.ts'
import { type Replayed, replay } from './replay.ts'
import { stepsOf } from './steps.ts'

const steps = stepsOf(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))
const ended = new Map<number, Replayed>()
let broken: unknown

beforeAll(async () => {
  await replay(steps, (step) => ended.set(step.step.line, step)).catch((problem: unknown) => {
    broken = problem
  })
}, 600_000)
afterAll(() => expect(broken).toBeUndefined())

test('there is a run, with every command that it is about', () => {
  const commands = steps.map(({ command }) => command).join('\n')
  for (const words of [
    'aws create',
    'azure create',
    'gcp create',
    'local aws',
    'dbusers create',
    'mongosh@',
    'connectionStrings',
  ])
    expect(commands).toContain(words)
})

test.for(steps)('line $line: $command', ({ line, shown }, context) => {
  const step = ended.get(line)
  if (step?.printed === null) context.skip(mongoshMissing ?? '')
  // Only where it is another than shown is the whole told.
  expect(step?.matches === true ? shown.join('\n') : step?.printed).toBe(shown.join('\n'))
})
