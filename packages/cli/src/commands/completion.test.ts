import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTrial } from '../trial/run-trial.ts'

// The scripts in the shells that they are for, as far as those are found here.

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]
const missing = (shell: Shell): string | null =>
  spawnSync(shell, ['--version']).status === 0 ? null : `${shell} is not installed here: its script was not tried`

let folder: string
const file = (shell: Shell): string => join(folder, `postern.${shell}`)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-completion-'))
  for (const shell of shells) {
    const trial = await runTrial(['completion', shell])
    expect(trial).toMatchObject({ code: 0, stderr: '' })
    await writeFile(file(shell), trial.stdout)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test.for(shells)('%s reads its script', (shell, context) => {
  const why = missing(shell)
  if (why !== null) context.skip(why)
  expect(spawnSync(shell, ['-n', file(shell)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
})

test.for([
  { typed: ['privateEndpoints', 'aws', 'cr'], offers: ['create'] },
  { typed: ['projects', 'list', '--output', '=', 'y'], offers: ['yaml'] },
  { typed: ['nope', ''], offers: [] },
])('bash completes $typed', ({ typed, offers }, context) => {
  const why = missing('bash')
  if (why !== null) context.skip(why)
  const script = [
    'postern() { "$NODE" --import tsx "$MAIN" "$@"; }',
    'source "$SCRIPT"',
    'function_of_postern=$(complete -p postern) && [[ $function_of_postern == *"-F _postern postern" ]] || exit 3',
    'COMP_WORDS=(postern "$@") COMP_CWORD=$#',
    '_postern',
    `for word in "\${COMPREPLY[@]}"; do echo "$word"; done`,
  ].join('\n')
  const env = { HOME: folder, PATH: process.env.PATH, NODE: process.execPath, MAIN: main, SCRIPT: file('bash') }
  const ended = spawnSync('bash', ['--norc', '-c', script, 'bash', ...typed], { encoding: 'utf8', env })
  expect(ended).toMatchObject({ status: 0, stderr: '' })
  expect(ended.stdout.split('\n').filter((line) => line !== '')).toEqual(offers)
})
