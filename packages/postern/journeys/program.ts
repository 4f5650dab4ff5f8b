// `postern` as a program of its own, as a shell would run it: what it printed, how it ended.

import { type ChildProcess, spawn } from 'node:child_process'
import { builtBin } from './built-bin.ts'

export interface Program {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves once standard output holds this; rejects when the program ends before. */
  readonly prints: (what: string | RegExp) => Promise<string>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

export async function postern(
  argv: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly input?: string
    /** In a group of processes of its own, as a terminal starts it: `process.kill(-pid)` is then its Ctrl-C. */
    readonly ownGroup?: boolean
    /** Started by a shell, as npm starts a script: `child` is the shell, and signals go to it alone. */
    readonly byShell?: boolean
  } = {},
): Promise<Program> {
  const line = [process.execPath, await builtBin(), ...argv]
  const [command = '', ...args] = options.byShell ? ['sh', '-c', '"$0" "$@"; exit $?', ...line] : line
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdin.end(options.input ?? '')
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  )
  const prints = (what: string | RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof what === 'string' ? stdout.includes(what) : what.test(stdout)) resolve(stdout)
      }
      child.stdout.on('data', look)
      ended.then(() => reject(new Error(`it ended before it printed ${what}: ${stdout}${stderr}`)))
      look()
    })
  return { child, stdout: () => stdout, stderr: () => stderr, prints, ended }
}

export const jsonLineOf = async (program: Program): Promise<Record<string, unknown>> =>
  JSON.parse((await program.prints(/^\{.*\}\n/m)).trim()) as Record<string, unknown>

/** Whether a process of this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
