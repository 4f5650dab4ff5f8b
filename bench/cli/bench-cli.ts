// What a cold command costs beyond a bare `node -e 0`: both are started by turns, so that whatever else the machine does
// weighs on both. Each command is the built program, against a server that runs. Wall time is what a person waits; CPU
// time says the same on a busy machine.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from '../../packages/postern/build.ts'
import { upOptions } from '../../packages/postern/src/up/flags.ts'
import { start } from '../../packages/postern/src/up/start.ts'
import { figureOf, table } from '../figures.ts'
import { wholeNumbers } from '../usage.ts'

const cache = fileURLToPath(new URL('../../node_modules/.cache/postern-bench-cli/', import.meta.url))

const commands = ['--help', 'privateEndpoints --help', 'privateEndpoints aws list', 'clusters list'] as const

interface Taken {
  readonly wallMs: number
  readonly cpuMs: number
}

export const cliFlags = '[--times 20]'

/** Prints the table on stdout. Throws UsageError, and what parseArgs throws. */
export async function benchCli(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { times: { type: 'string', default: '20' } } })
  const [times = 1] = wholeNumbers('times', values.times)
  mkdirSync(cache, { recursive: true })
  await bundle(cache)
  const home = mkdtempSync(join(tmpdir(), 'postern-bench-'))
  const server = await start({
    ...upOptions(
      { optional: (name) => (name === 'port' ? '0' : undefined), isOn: () => false },
      { POSTERN_HOME: home },
    ),
    tell: () => {},
  })
  try {
    const env = { PATH: process.env.PATH, HOME: home, POSTERN_HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home }
    const lines = commands.map((command) => line(command, measured(command, { times, env })))
    process.stdout.write(
      table([
        ['command', 'node -e 0', 'command', 'more', 'CPU node -e 0', 'CPU command', 'CPU more', 'runs'],
        ...lines,
      ]),
    )
    process.stdout.write(`\nMedians in milliseconds. Node.js ${process.version}.\n`)
  } finally {
    await server.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

function measured(
  command: string,
  { times, env }: { readonly times: number; readonly env: NodeJS.ProcessEnv },
): readonly { readonly bare: Taken; readonly ours: Taken }[] {
  const program = ['node', join(cache, 'bin.js'), ...command.split(' ')]
  run(program, env)
  return Array.from({ length: times }, () => ({ bare: run(['node', '-e', '0'], env), ours: run(program, env) }))
}

/** The shell's own clock: Node.js does not tell what a child took. */
function run(program: readonly string[], env: NodeJS.ProcessEnv): Taken {
  const { status, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="took %3R %3U %3S"; time "$@"', 'bash', ...program], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [, wall, user, system] = /^took ([\d.]+) ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? []
  if (status !== 0 || wall === undefined) throw new Error(`${program.join(' ')}: ${stderr}`)
  return { wallMs: Number(wall) * 1000, cpuMs: (Number(user) + Number(system)) * 1000 }
}

function line(command: string, pairs: readonly { readonly bare: Taken; readonly ours: Taken }[]): readonly string[] {
  const median = (numbers: readonly number[]): number => figureOf(numbers).p50
  const cells = (['wallMs', 'cpuMs'] as const).flatMap((field) => [
    median(pairs.map(({ bare }) => bare[field])),
    median(pairs.map(({ ours }) => ours[field])),
    median(pairs.map(({ bare, ours }) => ours[field] - bare[field])),
  ])
  return [command, ...cells.map((ms) => ms.toFixed(0)), `${pairs.length}`]
}
