// One program of the supervisor: a child process that says when it is ready, is started again when it dies, and ends
// with its parent (each program exits when its IPC channel closes, which even `kill -9` of the parent does).

import { type ChildProcess, fork } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface ChildProgram {
  /** Also the word that the bin knows it by. */
  readonly name: 'server' | 'edge' | 'sandbox'
  /** The bin of another build than this one. */
  readonly bin?: string
  /**
   * Asked at every start; `before` is what the program said when it was last ready (null at first), so that a restart
   * keeps the port that the first start chose. Holds secrets, which therefore are never in argv.
   */
  readonly environment: (before: Said | null) => Readonly<Record<string, string>>
  /** Asked at every start, and sent over IPC once the process runs; never in argv. */
  readonly message?: () => object
  /** A file's descriptor, or `inherit`. */
  readonly stderr: number | 'inherit'
  readonly onDeath: (says: string) => void
  /** It was asked, through its own door, to end everything. */
  readonly onStop?: () => void
}

/** What a program says over IPC when it is ready: its addresses. */
export type Said = Readonly<Record<string, unknown>>

export interface Child {
  readonly name: ChildProgram['name']
  /** Resolves when the program is ready for the first time; rejects with its own words when it ends before that. */
  readonly started: Promise<void>
  /** What the program said when it was last ready. */
  readonly ready: () => Said
  readonly pid: () => number | undefined
  /** From now on it is not started again when it ends. */
  readonly retire: () => void
  /** SIGTERM, then SIGKILL after `graceMs`. Resolves when it is gone. */
  readonly stop: (graceMs: number) => Promise<void>
}

/** The bin of this very build: the bundle beside us, or the source while developing. */
const entry = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../bin.ts' : './bin.js', import.meta.url))

const restartDelaysMs = [100, 500, 2_000, 5_000] as const

/** Starts the program; `started` tells when it is ready. */
export function startChild(program: ChildProgram): Child {
  let stopping = false
  let current: ChildProcess | null = null
  let said: Said | null = null
  let failures = 0

  const launch = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const bin = program.bin ?? entry
      const child = fork(bin, [program.name], {
        execArgv: bin.endsWith('.ts') ? ['--import', 'tsx'] : [],
        env: { ...inheritedEnvironment(), ...program.environment(said) },
        stdio: ['ignore', program.stderr, program.stderr, 'ipc'],
      })
      current = child
      let failure: string | null = null
      let isReady = false
      child.on('message', (message) => {
        const { ready, failed, stop } = message as { ready?: Said; failed?: { message?: string }; stop?: true }
        if (stop === true) program.onStop?.()
        if (failed !== undefined) failure = failed.message ?? 'it gave no reason'
        if (ready === undefined) return
        said = ready
        isReady = true
        resolve()
      })
      child.on('error', (error) => reject(error))
      child.on('exit', (code, signal) => {
        current = null
        if (!isReady)
          return reject(new Error(failure ?? `${program.name} ended (${signal ?? `exit ${code}`}) before it was ready`))
        if (stopping) return
        program.onDeath(`${program.name} ended (${signal ?? `exit ${code}`}); starting it again`)
        // It had been ready, so it is likely to come up again: no back-off. That begins when it does not.
        failures = 0
        setTimeout(() => {
          if (!stopping) launch().catch(retryLater)
        }, restartDelaysMs[0])
      })
      if (program.message !== undefined) child.send(program.message())
    })

  const retryLater = (error: Error): void => {
    program.onDeath(`${program.name} could not be started again: ${error.message}`)
    failures += 1
    const delay = restartDelaysMs[Math.min(failures, restartDelaysMs.length - 1)]
    setTimeout(() => {
      if (!stopping) launch().catch(retryLater)
    }, delay)
  }

  return {
    name: program.name,
    started: launch(),
    ready: () => said ?? {},
    pid: () => current?.pid,
    retire: () => {
      stopping = true
    },
    stop: (graceMs) =>
      new Promise((resolve) => {
        stopping = true
        const child = current
        if (child === null) return resolve()
        const hard = setTimeout(() => child.kill('SIGKILL'), graceMs)
        child.once('exit', () => {
          clearTimeout(hard)
          resolve()
        })
        child.kill('SIGTERM')
      }),
  }
}

// Children get what a process needs to run and nothing of the caller's own secrets or POSTERN_ settings: those that
// count were parsed by the supervisor and are handed on by name.
const inheritedEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    [
      'PATH',
      'HOME',
      'TMPDIR',
      'LANG',
      'LC_ALL',
      'TZ',
      'NODE_ENV',
      'NODE_EXTRA_CA_CERTS',
      'POSTERN_MEMBER_CERT',
      'POSTERN_MEMBER_KEY',
      'POSTERN_METRICS_HOST',
      'POSTERN_METRICS_PORT',
      'POSTERN_GATEWAY_CONNECTIONS',
      'POSTERN_ENDPOINT_CONNECTIONS',
      'POSTERN_ENDPOINT_CONNECTIONS_PER_SECOND',
      'POSTERN_GATEWAY_RELAY',
      'POSTERN_GATEWAY_WORKERS',
      'SystemRoot',
      'XDG_RUNTIME_DIR',
    ]
      .map((name) => [name, process.env[name]] as const)
      .filter((pair): pair is [string, string] => pair[1] !== undefined),
  )

/** Where a child's log goes unless it goes to our stderr: noted there too, so that a reader sees why it starts anew. */
export const noteDeath = (logFile: string, says: string): void =>
  appendFileSync(logFile, `${JSON.stringify({ level: 50, time: Date.now(), name: 'up', msg: says })}\n`)
