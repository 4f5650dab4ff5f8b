// `postern up` as a process of its own, for this one: it ends when its channel to us closes, whichever way we go. Nothing
// of it keeps this process alive.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { StartOptions } from '../testing.ts'
import type { AppliedProject } from '../up/apply-file.ts'
import type { Bootstrap } from '../up/home.ts'

/** The line that `up --json` prints: no address is missing in it. */
export type Told = { readonly [Key in keyof Bootstrap]: NonNullable<Bootstrap[Key]> } & {
  readonly applied?: readonly AppliedProject[]
}

export interface UpProcess {
  readonly told: Told
  readonly stop: () => Promise<void>
}

/** The bin of this very build: the bundle beside us, or the source while developing. */
const source = import.meta.url.endsWith('.ts')
const entry = fileURLToPath(new URL(source ? '../bin.ts' : './bin.js', import.meta.url))
const keptOfLog = 4_000
const stopGraceMs = 6_000

/** Rejects with its last words when it ends before it is ready. */
export async function startUp(options: StartOptions): Promise<UpProcess> {
  const seed = seedFile(options.apply)
  const child = fork(entry, flagsOf(options, seed.path), {
    execArgv: source ? ['--import', 'tsx'] : [],
    env: environment(options),
    stdio: ['ignore', 'pipe', options.log === true ? 'inherit' : 'pipe', 'ipc'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const words = lastWords(child.stderr)
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.ref()
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), stopGraceMs)
    await exited
    clearTimeout(hard)
  }
  try {
    const line = await Promise.race([
      firstLine(child.stdout),
      exited.then(() => Promise.reject(new Error(`Postern did not start. ${words()}`))),
    ])
    letGo(child)
    return { told: JSON.parse(line), stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    seed.remove()
  }
}

const flagsOf = ({ fidelity, unknownEndpoints, https }: StartOptions, seed: string | null): readonly string[] => [
  ...['up', '--testing', '--ephemeral', '--json', '--log-level', 'warn'],
  ...(seed === null ? [] : ['--no-sample', '--apply', seed]),
  ...(fidelity === undefined ? [] : ['--fidelity', fidelity]),
  ...(unknownEndpoints === undefined ? [] : ['--unknown-endpoints', unknownEndpoints]),
  ...(https === true ? ['--https-port', '0'] : []),
]

/** The caller's own, for passwords that the seed reads from there; a POSTERN_ setting of theirs is not meant for this one. */
const environment = ({ cloudMs = 0 }: StartOptions): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name))),
  POSTERN_LOCAL_PROVISION_MS: String(cloudMs),
})
const settings = /^(POSTERN_|NODE_OPTIONS$|npm_lifecycle_event$)/

/** A seed that is no file becomes one that only this user can read, for as long as it is needed. */
const seedFile = (apply: StartOptions['apply']): { readonly path: string | null; readonly remove: () => void } => {
  if (apply === undefined || typeof apply === 'string') return { path: apply ?? null, remove: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'postern-seed-'))
  const path = join(folder, 'seed.json')
  writeFileSync(path, JSON.stringify(apply), { mode: 0o600 })
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

const firstLine = (stdout: Readable | null): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
  })

const lastWords = (stderr: Readable | null): (() => string) => {
  let text = ''
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-keptOfLog)
  })
  return () => text.trim()
}

/** A suite that forgets `stop` ends all the same. */
const letGo = (child: ChildProcess): void => {
  child.unref()
  child.channel?.unref()
  for (const stream of [child.stdout, child.stderr]) (stream as { unref?: () => void } | null)?.unref?.()
}
