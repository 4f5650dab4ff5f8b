// Runs the steps of a document, one after the other, in a folder and a home of their own: a shell as its reader has one,
// in which `npx postern` is the built program and `npx … mongosh` the one of the test tools.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { buildProgram } from '../../packages/postern/journeys/built-program.ts'
import { startForTest } from '../../packages/postern/journeys/running.ts'
import { mongosh, mongoshMissing } from '../../packages/postern/journeys/shell.ts'
import { Names } from './names.ts'
import type { Step } from './steps.ts'

export interface Replayed {
  readonly step: Step
  /** As it was run. */
  readonly command: string
  /** What it printed: standard output, then what standard error said beside the server's name. Null: it was not run. */
  readonly printed: string | null
  readonly matches: boolean
  /** What a document would say of it: cut short where it was before. Null where that cannot be told. */
  readonly recorded: Pick<Step, 'command' | 'shown'> | null
}

type Ended = Omit<Replayed, 'recorded'>

/** What shows a state may be asked again until it has come: a reader types more slowly than a program. */
const shows = /\b(list|describe)\b/
const comesWithinMs = 15_000

/** In order; `each` hears of every step as it ends. Stops everything that it started. */
export async function replay(steps: readonly Step[], each: (step: Replayed) => void = () => {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-run-'))
  const running = await startForTest({ sample: true })
  const program = await buildProgram(() => ({}))
  const npx = [
    '#!/bin/sh',
    'case "$1" in',
    `  postern) shift; exec '${process.execPath}' '${program.bin}' "$@" ;;`,
    `  -y) shift 2; exec '${process.execPath}' '${mongosh}' --norc "$@" ;;`,
    'esac',
    'exit 127',
  ]
  writeFileSync(join(folder, 'npx'), `${npx.join('\n')}\n`, { mode: 0o755 })
  writeFileSync(join(folder, 'password.txt'), `${password}\n`)
  const env: Record<string, string | undefined> = {
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    HOME: folder,
    POSTERN_HOME: running.home,
    XDG_CONFIG_HOME: folder,
    NO_COLOR: '1',
  }
  const shell = { folder, env }
  try {
    const names = new Names()
    const all: string[] = []
    for (const step of steps) {
      const ended = await replayStep(step, { names, all, shell })
      if (!ended.matches && ended.printed !== null) names.follow(step.shown, ended.printed)
      all.push(ended.printed ?? '')
      each({ ...ended, recorded: recordedAs(ended, names) })
    }
  } finally {
    await running.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const password = 'a good password'

function recordedAs({ step, command, printed, matches }: Ended, names: Names): Replayed['recorded'] {
  if ([step.command, ...step.shown].some((text) => text.includes('…'))) {
    return matches ? { command: names.realOf(step.command), shown: step.shown.map((line) => names.realOf(line)) } : null
  }
  if (printed === null) return null
  const lines = printed.split('\n').map((line) => line.trimEnd())
  return { command, shown: lines.at(-1) === '' ? lines.slice(0, -1) : lines }
}

interface Shell {
  readonly folder: string
  readonly env: Record<string, string | undefined>
}

async function replayStep(
  step: Step,
  { names, all, shell }: { readonly names: Names; readonly all: readonly string[]; readonly shell: Shell },
): Promise<Ended> {
  const command = whole(names.realOf(step.command), all)
  const [, variable, value] = /^([A-Z]+)=(\S+)$/.exec(command) ?? []
  if (variable !== undefined) {
    shell.env[variable] = value
    return { step, command, printed: '', matches: step.shown.length === 0 }
  }
  if (command.includes('mongosh@')) return session(step, command, { names, shell })
  const until = Date.now() + comesWithinMs
  for (;;) {
    const printed = await run(command, shell)
    const matches = names.matches(step.shown, printed)
    if (matches || !shows.test(command) || Date.now() > until) return { step, command, printed, matches }
  }
}

/** A word that was cut short in the document, as something above has printed it. */
const whole = (command: string, all: readonly string[]): string =>
  command.replaceAll(/(\S+)…(\S+)/g, (cut, front: string, back: string) => {
    const words = all.flatMap((printed) => printed.split(/\s+/))
    return words.findLast((word) => word.startsWith(front) && word.endsWith(back)) ?? cut
  })

const start = (command: string, { folder, env }: Shell): ChildProcess =>
  spawn('/bin/sh', ['-c', command], { cwd: folder, env: env as NodeJS.ProcessEnv, stdio: ['pipe', 'pipe', 'pipe'] })

function run(command: string, shell: Shell): Promise<string> {
  const child = start(command, shell)
  child.stdin?.end()
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  return new Promise((resolve) =>
    child.once('close', () => resolve(stdout + stderr.replaceAll(/^(Using .*|Waiting for .*|\.+)\n/gm, ''))),
  )
}

const prompt = /^(\S+ \[primary\] \w+>) (.*)$/

/** A session in mongosh: the password, then one line after the other, each when the prompt has come. */
async function session(
  step: Step,
  command: string,
  { names, shell }: { readonly names: Names; readonly shell: Shell },
): Promise<Ended> {
  if (mongoshMissing !== null) return { step, command, printed: null, matches: true }
  const typed = [password, ...step.shown.flatMap((line) => prompt.exec(line)?.[2] ?? [])]
  const child = start(command, shell)
  let printed = ''
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      const asked = /(Enter password: ?|\[primary\] \w+> )\S*$/.test(printed)
      const next = asked ? typed.shift() : undefined
      if (next !== undefined) {
        printed += `${next === password ? '' : next}\n`
        child.stdin?.write(`${next}\n`)
      } else if (asked) child.stdin?.end()
    })
  }
  await ended
  // Between the password and the first prompt mongosh says much of itself; the last prompt waits for nothing any more.
  const [, lines = printed] = /^(\S+ \[primary\] \w+> [\s\S]*\n)\S+ \[primary\] \w+> *$/m.exec(printed) ?? []
  const told = `Enter password:\n${lines}`
  return { step, command, printed: told, matches: names.matches(step.shown, told) }
}
