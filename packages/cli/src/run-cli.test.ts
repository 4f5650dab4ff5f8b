import { describe, expect, test } from 'vitest'
import { clientCommands } from './commands.ts'
import { type Branch, type Command, entered, isBranch, type Leaf } from './core/command.ts'
import { startRecordingServer } from './trial/recording-server.ts'
import { runTrial } from './trial/run-trial.ts'

describe('finding a command', () => {
  const near = (word: string, path: string, meant: string) =>
    `Error: unknown command "${word}" for "${path}"\n\nDid you mean this?\n\t${meant}\n\nRun '${path} --help' for usage.\n`
  test.each([
    { line: ['privateEndpoints', 'aws', 'creat'], error: near('creat', 'postern privateEndpoints aws', 'create') },
    { line: ['cluster', 'lst'], error: near('lst', 'postern clusters', 'list') },
    { line: ['privateendpiont'], error: near('privateendpiont', 'postern', 'privateEndpoints') },
    {
      line: ['frobnicate'],
      error: 'Error: unknown command "frobnicate" for "postern"\nRun \'postern --help\' for usage.\n',
    },
    {
      line: ['constructor'],
      error: 'Error: unknown command "constructor" for "postern"\nRun \'postern --help\' for usage.\n',
    },
  ])('$line', async ({ line, error }) => {
    expect(await runTrial(line)).toMatchObject({ code: 1, stdout: '', stderr: error })
  })

  test.each([
    ['-P', 'work', 'privateEndpoints', 'aws', 'list'],
    ['--profile', 'work', 'privateEndpoints', 'aws', 'list'],
    ['--profile=work', 'privateEndpoints', 'aws', 'list'],
    ['privateEndpoints', '-P', 'work', 'aws', 'list'],
    ['privateEndpoints', 'aws', 'list', '-Pwork'],
    ['-o', 'json', 'privateEndpoints', 'aws', 'list', '-P', 'work'],
  ])('a value before the words is no word: %s %s %s %s %s', async (...line) => {
    const trial = await runTrial(line)
    expect(trial.stderr).toMatch(/^Error: no profile "work" in /)
    expect(trial.code).toBe(1)
  })

  test.each([
    [['private-endpoint', 'aws', 'ls', '--help'], 'postern privateEndpoints aws list [flags]'],
    [
      ['privateendpoints', 'aws', 'interface', 'add', '-h'],
      'postern privateEndpoints aws interfaces create <endpointServiceId> [flags]',
    ],
    [['cluster', 'cs', 'get', '-h'], 'postern clusters connectionStrings describe <clusterName> [flags]'],
    [['databaseUser', 'rm', '-h'], 'postern dbusers delete <username> [flags]'],
    [['help', 'projects', 'rm'], 'postern projects delete <ID> [flags]'],
    [['-h', 'orgs', 'ls'], 'postern organizations list [flags]'],
  ])('%j is found by its aliases', async (line, usage) => {
    const trial = await runTrial(line)
    expect(trial).toMatchObject({ code: 0, stderr: '' })
    expect(trial.stdout).toContain(`Usage:\n  ${usage}\n`)
  })
})

describe('help', () => {
  test('a leaf, whole', async () => {
    const trial = await runTrial(['privateEndpoints', 'gcp', 'delete', '--help'])
    expect(trial.stdout).toBe(
      [
        'Delete one Google Cloud Private Service Connect endpoint service from your project.',
        '',
        'Its interface endpoints must be deleted first. `undo` takes it back for a while.',
        'The command asks before it deletes, unless --force is given.',
        '',
        'Needs the role Project Owner.',
        '',
        'Usage:',
        '  postern privateEndpoints gcp delete <privateEndpointId> [flags]',
        '',
        'Aliases:',
        '  delete, rm',
        '',
        'Arguments:',
        '  privateEndpointId   Identifier of the private endpoint, as `create` and `list` show it.',
        '',
        'Examples:',
        '  # Without a question:',
        '  postern privateEndpoints gcp delete 5f4fe14da2b47835a58c63a2 --force',
        '',
        'Flags:',
        '      --force              Skips the question before deleting.',
        '  -h, --help               Help for this command.',
        '      --projectId string   Identifier (24 hexadecimal digits) of the project. Overrides the profile and the environment.',
        '      --timeout int        Seconds after which waiting ends with exit code 1. Without it, waiting has no end.',
        '  -w, --watch              Waits until it is done.',
        '',
        'Global Flags:',
        '  -P, --profile string   Name of the profile to use from your configuration file.',
        '',
      ].join('\n'),
    )
  })

  test.each([
    [[]],
    [['help']],
    [['--help']],
    [['help', 'local']],
    [['privateEndpoints']],
    [['privateEndpoints', 'aws', '-h']],
    [['local', 'gcp']],
  ])('%j lists the commands below, on stdout, exit 0', async (line) => {
    const trial = await runTrial(line)
    expect(trial).toMatchObject({ code: 0, stderr: '' })
    expect(trial.stdout).toContain('Available Commands:\n')
  })

  test('an unknown flag of a branch is refused', async () => {
    expect(await runTrial(['privateEndpoints', '--nope'])).toMatchObject({
      code: 1,
      stderr: 'Error: unknown flag: --nope\n',
    })
  })
})

describe('every command of the table', async () => {
  const leaves = await allOf(clientCommands, 'postern')
  test.each(leaves)('$path is well formed', async ({ path, command }) => {
    expect(command.short).toMatch(/^[A-Z].*\.$/)
    const help = await runTrial([...path.split(' ').slice(1), '--help'])
    const deprecated = isBranch(command) ? undefined : command.deprecated
    const warned = deprecated === undefined ? '' : `Command "${path.split(' ').at(-1)}" is deprecated, ${deprecated}\n`
    expect(help).toMatchObject({ code: 0, stderr: warned })
    if (isBranch(command)) return
    const names = [...(command.flags ?? []), { name: 'help' }, { name: 'profile' }, { name: 'baseUrl' }].map(
      ({ name }) => name,
    )
    expect(new Set(names).size).toBe(names.length)
    const shorts = ['h', 'P', ...(command.flags ?? []).flatMap(({ short }) => (short === undefined ? [] : [short]))]
    expect(new Set(shorts).size).toBe(shorts.length)
    for (const [says, example] of command.examples ?? []) {
      expect(says).toMatch(/:$/)
      // A deprecated one shows how its successor is called.
      if (deprecated === undefined) expect(`postern ${example}`.startsWith(path)).toBe(true)
    }
  })
})

async function allOf(
  commands: readonly Command[],
  above: string,
): Promise<readonly { readonly path: string; readonly command: Branch | Leaf }[]> {
  const all = await Promise.all(
    commands.map(async (named) => {
      const command = await entered(named)
      const path = `${above} ${command.word}`
      return [{ path, command }, ...(isBranch(command) ? await allOf(await command.load(), path) : [])]
    }),
  )
  return all.flat()
}

describe('commands of the program around', () => {
  const extraCommands: readonly Command[] = [
    { word: 'up', short: 'Start it all.', run: async () => {} },
    {
      word: 'quickstart',
      short: 'Make the journey.',
      flags: [{ name: 'fast', kind: 'switch', usage: 'Faster.' }],
      run: async (context) => {
        context.say(`fast: ${context.isOn('fast')}`)
        return 1
      },
    },
  ]

  test('are parsed and helped like any other, come first, and give their own exit code', async () => {
    expect(await runTrial(['quickstart', '--fast'], { extraCommands })).toMatchObject({
      code: 1,
      stdout: 'fast: true\n',
    })
    expect((await runTrial(['--help'], { extraCommands })).stdout).toContain('  up               Start it all.\n')
  })
})

test('--version', async () => {
  expect(await runTrial(['--version'], { version: '1.2.3' })).toMatchObject({
    code: 0,
    stdout: 'postern version 1.2.3\n',
  })
})

describe('-o, on any command', () => {
  const groups = { results: [{ id: 'g1', name: 'shop' }], totalCount: 1 }
  const answers = { 'GET /api/atlas/v2/groups?includeCount=true&itemsPerPage=100&pageNum=1': { body: groups } }

  test.each([
    { says: 'a path', env: {}, flags: ['-o', 'json-path=$.results[0].id'], stdout: '"g1"\n' },
    { says: 'a template', env: {}, flags: ['-o=go-template={{range .Results}}{{.Name}}{{end}}'], stdout: 'shop' },
    {
      says: 'yaml of the environment',
      env: { POSTERN_OUTPUT: 'yaml' },
      flags: [],
      stdout: /^results:\n {2}- id: g1\n/,
    },
    { says: '-o over the environment', env: { POSTERN_OUTPUT: 'xml' }, flags: ['-o', 'plaintext'], stdout: /^ID/ },
  ])('$says', async ({ env, flags, stdout }) => {
    const server = await startRecordingServer(answers)
    const trial = await runTrial(['projects', 'list', ...flags], { url: server.url, env })
    await server.close()
    expect(trial.code).toBe(0)
    expect(trial.stdout).toEqual(typeof stdout === 'string' ? stdout : expect.stringMatching(stdout))
  })

  test.each([
    { env: {}, flags: ['-o', 'go-template={{.x'], error: 'go-template: line 1: an action is not closed by }}' },
    { env: {}, flags: ['-o', 'json-path=$.['], error: 'json-path: ' },
    { env: { POSTERN_OUTPUT: 'go-template={{end}}' }, flags: [], error: 'go-template: line 1: {{end}} without' },
  ])('$flags $env: nothing is asked of the server', async ({ env, flags, error }) => {
    const server = await startRecordingServer(answers)
    const trial = await runTrial(['projects', 'list', ...flags], { url: server.url, env })
    await server.close()
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(`Error: ${error}`)
    expect(server.requests).toEqual([])
  })
})

describe('a server that does not answer is one clear sentence', () => {
  test('nothing listens', async () => {
    const server = await startRecordingServer()
    await server.close()
    const trial = await runTrial(['projects', 'list'], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toBe(
      `Using ${server.url} (environment)\n` +
        `Error: the Postern server at ${server.url} cannot be reached: nothing listens there. ` +
        'Is it running? Start one with `npx postern up`.\n',
    )
  })

  test('it takes too long', async () => {
    const trial = await runTrial(['projects', 'list'], {
      url: 'http://127.0.0.1:1',
      fetch: async () => {
        throw new DOMException('The operation was aborted due to timeout', 'TimeoutError')
      },
    })
    expect(trial.stderr).toContain('cannot be reached: it does not answer.')
  })
})
