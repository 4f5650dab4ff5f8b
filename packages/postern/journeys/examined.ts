// The doctor at a running Postern, for journeys that break something and ask it: what it found, in which order, with which
// exit code; and its commands, pasted into a shell as they are printed.

import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runCli } from '@postern/cli/run-cli'
import { type CheckId, type Finding, isNote } from '@postern/contract/diagnosis'
import { expect } from 'vitest'
import { withCredentials } from '../src/testing/uri.ts'
import type { Running } from '../src/up/start.ts'
import { builtBin } from './built-bin.ts'

export interface Examined {
  readonly code: number
  /** What is shown without `--all`, in that order. */
  readonly found: readonly CheckId[]
  readonly findings: readonly Finding[]
  /** Everything that was printed. */
  readonly printed: string
}

interface Where {
  /** Standard input. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly inContainer?: boolean
  readonly output?: 'json' | 'plain'
  /** Sees every request that leaves for the control plane. */
  readonly fetch?: typeof fetch
}

export type Environment = Readonly<Record<string, string>>

/** On the machine that Postern runs on, as whoever owns its home. */
export const besideTheServer = ({ home }: Pick<Running, 'home'>): Environment => ({
  POSTERN_HOME: home,
  XDG_CONFIG_HOME: home,
})

/** A machine that has a connection string and nothing else. */
export const application: Environment = { POSTERN_HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' }

/** Another machine, with keys for the control plane and no home. */
export const elsewhere = ({ bootstrap }: Pick<Running, 'bootstrap'>): Environment => ({
  ...application,
  POSTERN_URL: bootstrap.apiUrl ?? '',
  POSTERN_PUBLIC_KEY: bootstrap.publicKey,
  POSTERN_PRIVATE_KEY: bootstrap.privateKey,
  POSTERN_PROJECT_ID: bootstrap.groupId,
})

const isFound = ({ status, follows }: Finding): boolean =>
  ['FAILED', 'WARNING'].includes(status) || (status === 'COULD_NOT_TELL' && follows === null)

const isNothing = (finding: Finding): boolean => ['OK', 'NOT_APPLICABLE'].includes(finding.status) && !isNote(finding)

/** The string with the user in it. */
export const signedIn: (uri: string, credentials: { readonly user: string; readonly password: string }) => string =
  withCredentials

/** What this file has seen of each check: that there was nothing to say of it, and that it was named first. */
const seenWell = new Set<string>()
const seenNamed = new Set<string>()

/** Whether a check was well at one time, and named first at another. */
export const proven = (id: string): boolean => seenWell.has(id) && seenNamed.has(id)

/** `secrets` must not be in anything that is printed. */
export function doctorAt(running: Running, secrets: readonly string[]) {
  const run = async (argv: readonly string[], where: Where) => {
    const { input = '', env = besideTheServer(running), inContainer = false } = where
    let stdout = ''
    let stderr = ''
    async function* typed() {
      yield input
    }
    const code = await runCli({
      argv,
      env,
      stdin: { [Symbol.asyncIterator]: typed },
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      inContainer: () => inContainer,
      ...(where.fetch === undefined ? {} : { fetch: where.fetch }),
    })
    for (const secret of [running.bootstrap.dbPassword, ...secrets]) expect(stdout + stderr).not.toContain(secret)
    return { code, stdout, stderr }
  }

  /** `subject`: the arguments; none is the installation. */
  async function doctor(subject: readonly string[] = [], where: Where = {}): Promise<Examined> {
    const { code, stdout, stderr } = await run(['doctor', ...subject, '-o', 'json'], where)
    if (stdout === '') throw new Error(stderr)
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] }
    for (const each of findings) if (isNothing(each)) seenWell.add(each.id)
    return { code, findings, found: findings.filter(isFound).map(({ id }) => id), printed: stdout + stderr }
  }

  /** A connection string, by standard input. */
  const examine = (string: string, where: Where = {}): Promise<Examined> =>
    doctor(['-'], { ...where, input: `${string}\n` })

  /** The same as a person reads it. */
  const examinePlainly = async (string: string, where: Where = {}): Promise<string> => {
    const { stdout, stderr } = await run(['doctor', '-', '--all'], { ...where, input: `${string}\n` })
    return stdout + stderr
  }

  return { doctor, examine, examinePlainly }
}

export const statusOf = ({ findings }: Examined, id: CheckId): Finding['status'] | undefined =>
  findings.find((each) => each.id === id)?.status

export const findingOf = ({ findings }: Examined, id: CheckId): Finding => {
  const finding = findings.find((each) => each.id === id)
  if (finding === undefined) throw new Error(`${id} was not looked at`)
  return finding
}

const told = (examined: Examined): string => JSON.stringify(examined.findings.filter(isFound), null, 1)

/** Exactly these, in this order; and the exit code of a failure. */
export const names = (examined: Examined, ...ids: readonly CheckId[]): void => {
  expect({ found: examined.found, code: examined.code }, told(examined)).toEqual({ found: ids, code: 1 })
  for (const first of ids.slice(0, 1)) seenNamed.add(first)
}

/** This one first: what comes after it is not the same at every run. */
export const namesFirst = (examined: Examined, id: CheckId): void => {
  expect({ first: examined.found[0], code: examined.code }, told(examined)).toEqual({ first: id, code: 1 })
  seenNamed.add(id)
}

/** Exactly this, and nothing failed. */
export const warns = (examined: Examined, id: CheckId): void => {
  expect({ found: examined.found, code: examined.code }, told(examined)).toEqual({ found: [id], code: 0 })
  seenNamed.add(id)
}

/** Nothing is wrong, and this is worth knowing. Answers it. */
export const notes = (examined: Examined, id: CheckId): Finding => {
  isWell(examined)
  const finding = findingOf(examined, id)
  expect(isNote(finding), JSON.stringify(finding)).toBe(true)
  seenNamed.add(id)
  return finding
}

export const isWell = (examined: Examined): void => {
  expect({ found: examined.found, code: examined.code }, told(examined)).toEqual({ found: [], code: 0 })
}

/**
 * A shell beside the server, in its home, which goes with it, in which `postern` is this program. Answers what runs a command there and rejects when it
 * ends with another code than 0.
 */
export async function createShell(running: Running): Promise<(command: string | null) => Promise<string>> {
  const folder = await mkdtemp(join(running.home, 'shell-'))
  const line = `#!/bin/sh\nexec '${process.execPath}' '${await builtBin()}' "$@"\n`
  await writeFile(join(folder, 'postern'), line, { mode: 0o755 })
  const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, HOME: folder, ...besideTheServer(running) }
  return async (command) => {
    if (command === null) throw new Error('no command was given')
    // What a shell would hand on as it is needs no shell, and no second start of this program.
    if (/^postern( [\w./:@%+=,-]+)+$/.test(command)) return inThisProcess(command.split(' ').slice(1), running)
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env, cwd: process.cwd() })
    return stdout
  }
}

async function inThisProcess(argv: readonly string[], running: Running): Promise<string> {
  let stdout = ''
  let stderr = ''
  const code = await runCli({
    argv,
    env: besideTheServer(running),
    stdin: { async *[Symbol.asyncIterator]() {} },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  })
  if (code !== 0) throw new Error(`postern ${argv.join(' ')}: ${code}\n${stdout}${stderr}`)
  return stdout
}
