import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runTrial, type TrialParts } from '../trial/run-trial.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const config = (line: string, parts: TrialParts = {}) =>
  runTrial(['config', ...line.split(' ')], { ...parts, env: { XDG_CONFIG_HOME: folder, ...parts.env } })
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

const given = async (text: string): Promise<void> => {
  await mkdir(join(folder, 'postern'), { recursive: true })
  await writeFile(file(), text)
}
const text = () => readFile(file(), 'utf8')

describe('delete and rename', () => {
  const both = '# mine\n[work]\noutput = "json"\n\n# at home\n[home]\noutput = "yaml"\n'

  test('delete takes the profile and leaves the rest', async () => {
    await given(both)
    expect(await config('delete work --force')).toMatchObject({ code: 0, stdout: "Profile 'work' deleted\n" })
    expect(await text()).toBe('# mine\n\n# at home\n[home]\noutput = "yaml"\n')
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  test('delete asks', async () => {
    await given(both)
    const trial = await config('rm work', { terminal: [false] })
    expect(trial).toMatchObject({ stdout: 'Profile not deleted\n', asked: ['Are you sure you want to delete: work'] })
    expect(await text()).toBe(both)
  })

  test('rename keeps settings, comments and place', async () => {
    await given(both)
    expect((await config('rename work my.office')).stdout).toBe('The profile work was renamed to my.office.\n')
    expect(await text()).toBe(both.replace('[work]', '["my.office"]'))
  })

  test('rename onto another one asks, and then replaces it', async () => {
    await given(both)
    expect((await config('mv work home', { terminal: [false] })).stdout).toBe('Profile was not renamed.\n')
    expect(await text()).toBe(both)
    await config('mv work home', { terminal: [true] })
    expect(await text()).toBe('# mine\n[home]\noutput = "json"\n\n# at home\n')
  })

  test.each([
    ['delete nope --force', 'no profile "nope"'],
    ['rename nope x', 'no profile "nope"'],
    ['rename work work', 'the profile is named "work" already'],
    ['rename work', 'requires 2 arguments, received 1'],
    ['delete work', 'use --force'],
  ])('%s is refused', async (line, error) => {
    await given(both)
    const trial = await config(line)
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(error)
    expect(await text()).toBe(both)
  })
})

describe('edit', () => {
  const env = (editor: string) => ({ env: { EDITOR: editor, PATH: process.env.PATH ?? '' } })

  test('opens the file in EDITOR, which may have arguments, and makes it first', async () => {
    const editor = join(folder, 'editor.sh')
    await writeFile(editor, '#!/bin/sh\nprintf "[%s]\\n" "$1" >> "$2"\n')
    await chmod(editor, 0o700)
    expect(await config('edit', env(`"${editor}" work`))).toMatchObject({ code: 0, stderr: '' })
    expect(await text()).toBe('[work]\n')
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  test('an editor that fails is told', async () => {
    expect((await config('edit', env('exit 3;'))).stderr).toBe('Error: the editor "exit 3;" ended with 3\n')
  })
})

describe('import', () => {
  const atlas = `version = 2
skip_update_check = true
[ours]
public_api_key = 'abcdefgh'
private_api_key = 'secret-of-ours'
base_url = 'http://127.0.0.1:8080/'
mongosh_path = '/usr/bin/mongosh'
[keysOnly]
public_api_key = 'qrstuvwx'
private_api_key = 'secret-of-atlas'
[cloud]
client_id = 'mdb_sa_id_1'
client_secret = 'secret-of-cloud'
ops_manager_url = 'https://cloud-dev.mongodb.com/'
`
  beforeEach(async () => {
    await mkdir(join(folder, 'atlascli'))
    await writeFile(join(folder, 'atlascli/config.toml'), atlas)
  })

  test('takes what points to a server of its own, and passes over the rest with a line each', async () => {
    const trial = await config('import')
    expect(trial).toMatchObject({ code: 0, stdout: 'PROFILE NAME\nours\n' })
    expect(trial.stderr).toBe(
      'Passed over profile keysOnly: it has no ops_manager_url.\nPassed over profile cloud: it is for MongoDB Atlas.\n',
    )
    expect(await text()).toBe(
      '[ours]\nops_manager_url = "http://127.0.0.1:8080/"\npublic_api_key = "abcdefgh"\nprivate_api_key = "secret-of-ours"\n',
    )
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  test('a profile that is there already is replaced only with --force', async () => {
    await given('[ours]\norg_id = "x"\n')
    expect((await config('import')).stderr).toContain('there are profiles of these names already: ours; use --force')
    expect(await text()).toBe('[ours]\norg_id = "x"\n')
    expect((await config('import --force')).code).toBe(0)
    expect(await text()).not.toContain('org_id')
  })

  test('from another file; one that is not there is told', async () => {
    expect((await config(`import ${folder}/atlascli/config.toml`)).stdout).toContain('ours')
    expect((await config('import /nonexistent/x.toml')).stderr).toContain('no profiles in /nonexistent/x.toml')
  })
})
