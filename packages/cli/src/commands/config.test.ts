import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runTrial, type TrialParts } from '../trial/run-trial.ts'
import { withProperty } from './config/set-property.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const config = (line: string, parts: TrialParts = {}) =>
  runTrial(['config', ...line.split(' ')], { ...parts, env: { XDG_CONFIG_HOME: folder } })
const file = () => join(folder, 'postern/config.toml')

test('set makes the file, for its owner only, and the other commands read it', async () => {
  const set = await config('set ops_manager_url http://127.0.0.1:8080/')
  expect(set).toMatchObject({ code: 0, stdout: "Updated property 'ops_manager_url'\n", stderr: '' })
  await config('set public_api_key abcdefgh -P work')
  await config('set private_api_key -P work', { stdin: 'se"cret\n' })
  expect((await stat(file())).mode & 0o777).toBe(0o600)
  expect((await config('list')).stdout).toBe('PROFILE NAME\ndefault\nwork\n')
  expect((await config('describe default')).stdout).toBe(
    'SETTING           VALUE\nops_manager_url   http://127.0.0.1:8080/\n',
  )
  expect((await config('describe work')).stdout).toBe(
    'SETTING           VALUE\npublic_api_key    abcdefgh\nprivate_api_key   redacted\n',
  )
  expect(await readFile(file(), 'utf8')).toContain('private_api_key = "se\\"cret"')
})

test.each([
  ['set nope x', 'invalid property: "nope"'],
  ['set constructor x', 'invalid property: "constructor"'],
  ['set project_id x', "the provided value 'x' is not a valid ID"],
  ['set ops_manager_url x', '"x" is not an http or https URL'],
  ['set output xml', 'invalid output format "xml"'],
  ['describe nope', 'no profile "nope"'],
])('%s is refused', async (line, error) => {
  const trial = await config(line)
  expect(trial).toMatchObject({ code: 1, stdout: '' })
  expect(trial.stderr).toContain(error)
})

test('a file that is broken, or written in a way we do not edit, stays as it is', async () => {
  await config('set output json')
  for (const text of ['[default\n', '[default]\n"output" = "json"\n', 'default = { output = "json" }\n']) {
    await writeFile(file(), text)
    expect((await config('set output plaintext')).code).toBe(1)
    expect(await readFile(file(), 'utf8')).toBe(text)
  }
})

describe('editing the text of a file', () => {
  const change = { profile: 'work', property: 'output', value: 'json' }
  test.each([
    { says: 'an empty file', before: '', after: '[work]\noutput = "json"\n' },
    {
      says: 'a file with another profile',
      before: '# mine\nversion = 2\n[other]\noutput = "x"\n',
      after: '# mine\nversion = 2\n[other]\noutput = "x"\n\n[work]\noutput = "json"\n',
    },
    {
      says: 'a key of this profile, others of the same name left alone',
      before: '[other]\noutput = "x"\n[work] # main\n# why\noutput="y"\norg_id = "z"\n[last]\noutput = "x"\n',
      after: '[other]\noutput = "x"\n[work] # main\n# why\noutput = "json"\norg_id = "z"\n[last]\noutput = "x"\n',
    },
    {
      says: 'a profile without the key',
      before: '[work]\norg_id = "z"\n\n[last]\n',
      after: '[work]\norg_id = "z"\noutput = "json"\n\n[last]\n',
    },
  ])('$says', ({ before, after }) => {
    expect(withProperty(before, change)).toBe(after)
  })

  test('a name that TOML wants quoted', () => {
    expect(withProperty('', { ...change, profile: 'my team' })).toBe('["my team"]\noutput = "json"\n')
  })
})
