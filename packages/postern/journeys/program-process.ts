// Programs as production runs them, without a supervisor: `server` and `edge`, each a process of its own that is
// configured by its environment alone. Several servers on one PostgreSQL are a fleet; the benchmark starts one at a time.

import { type ChildProcess, fork } from 'node:child_process'
import { builtBin } from './built-bin.ts'

export interface ProgramProcess<Ready> {
  readonly ready: Ready
  readonly pid: number
  /** Every line of its log so far, parsed. */
  readonly log: () => readonly LogLine[]
  /** kill -9; resolves when it is gone. Nothing to do where it is gone already. */
  readonly kill: () => Promise<void>
  /** SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>
}

interface LogLine {
  readonly msg: string
  readonly level: number
  readonly kind?: string
  readonly id?: string
}

export interface ProgramOptions {
  readonly word: 'server' | 'edge'
  /** Another build than that of the journeys. */
  readonly bin?: string
  readonly env: Readonly<Record<string, string>>
  /** The one message that it waits for, if any. */
  readonly message?: { readonly seed: unknown }
}

/** Resolves when it says that it is ready. Rejects with its own sentence when it cannot start. */
export async function startProgram<Ready>({ word, bin, env, message }: ProgramOptions): Promise<ProgramProcess<Ready>> {
  const child = fork(bin ?? (await builtBin()), [word], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH, ...env },
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  if (message !== undefined) child.send(message)
  const ready = await readiness<Ready>(child, exited).catch((error: Error) => {
    throw new Error(`${word}: ${error.message} ${log.slice(-2000)}`)
  })
  return {
    ready,
    pid: child.pid ?? 0,
    log: () => log.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as LogLine] : [])),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

const readiness = <Ready>(child: ChildProcess, exited: Promise<number | null>): Promise<Ready> =>
  new Promise((resolve, reject) => {
    exited.then((code) => reject(new Error(`it ended with ${code} before it was ready.`)))
    child.on('message', (said: { readonly ready?: Ready; readonly failed?: { readonly message: string } }) => {
      if (said.ready !== undefined) resolve(said.ready)
      if (said.failed !== undefined) reject(new Error(said.failed.message))
    })
  })
