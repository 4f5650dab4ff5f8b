import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTrial } from '../trial/run-trial.ts'

// What is offered where the cursor is: the last word is the one being typed.

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-complete-'))
  await mkdir(join(folder, 'postern'))
  await writeFile(join(folder, 'postern/config.toml'), '[work]\n[home]\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function completed(words: readonly string[]) {
  const trial = await runTrial(['__complete', ...words], { env: { XDG_CONFIG_HOME: folder } })
  expect(trial).toMatchObject({ code: 0, stderr: '' })
  const lines = trial.stdout.trimEnd().split('\n')
  return { words: lines.slice(0, -1).map((line) => line.split('\t')[0]), directive: lines.at(-1) }
}

test.each([
  { says: 'a noun', words: ['privateE'], offers: ['privateEndpoints'] },
  { says: 'words below', words: ['privateEndpoints', 'a'], offers: ['aws', 'azure'] },
  { says: 'words below an alias', words: ['private-endpoint', 'aws', 'd'], offers: ['describe', 'delete'] },
  { says: 'behind a global flag and its value', words: ['-P', 'work', 'privateEndpoints', 'g'], offers: ['gcp'] },
  { says: 'behind a switch', words: ['--help', 'privateEndpoints', 'g'], offers: ['gcp'] },
  { says: 'flags', words: ['privateEndpoints', 'aws', 'create', '--re'], offers: ['--region'] },
  { says: 'no hidden flag', words: ['privateEndpoints', '--'], offers: ['--help', '--profile'] },
  { says: 'profiles', words: ['privateEndpoints', 'aws', 'list', '--profile', ''], offers: ['work', 'home'] },
  { says: 'profiles, short', words: ['-P', 'h'], offers: ['home'] },
  { says: 'formats', words: ['projects', 'list', '-o', 'y'], offers: ['yaml'], directive: ':6' },
  { says: 'formats behind =', words: ['projects', 'list', '--output=y'], offers: ['--output=yaml'], directive: ':6' },
  {
    says: 'formats behind = as bash cuts it',
    words: ['projects', 'list', '--output', '=', 'y'],
    offers: ['yaml'],
    directive: ':6',
  },
  {
    says: 'formats where bash has only the =',
    words: ['projects', 'list', '--output', '='],
    offers: 'some',
    directive: ':6',
  },
  { says: 'no values of a flag that has none', words: ['projects', 'list', '--page', ''], offers: [] },
  { says: 'the values of an argument', words: ['completion', ''], offers: ['bash', 'zsh', 'fish'] },
  { says: 'nothing behind a word that is none', words: ['nope', ''], offers: [] },
  { says: 'files', words: ['deployments', 'register', 'x', '--tlsCAFile', ''], offers: [], directive: ':0' },
])('$says: $words', async ({ words, offers, directive }) => {
  const found = await completed(words)
  if (offers === 'some') expect(found.words).toContain('plaintext')
  else expect(found.words).toEqual(offers)
  expect(found.directive).toBe(directive ?? ':4')
})

test('each candidate has its sentence', async () => {
  const { stdout } = await runTrial(['__complete', 'regi'])
  expect(stdout).toBe(':4\n')
  expect((await runTrial(['__complete', 'completion', 'b'])).stdout).toBe(
    'bash\tPrint the completion script for bash.\n:4\n',
  )
})
