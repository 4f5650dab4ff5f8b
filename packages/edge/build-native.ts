// `npm run native`: builds the relay for this machine, with the compiler that is here (CXX, else g++ or clang++) against the
// headers that Node.js brings along. Nothing is downloaded. `npm ci` does not do this, and nothing needs it.
// `npm run native -- --sanitize SECONDS [--seed S]` builds its core without Node.js under the address, undefined behaviour and
// thread sanitizers instead, and drives each for so long (native/drive.cc); a sanitizer's word or a wrong byte ends it with 1.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nativeFile } from './src/gateway/join/native.ts'

const here = fileURLToPath(new URL('native/', import.meta.url))
const headers = resolve(dirname(process.execPath), '../include/node')

const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { cwd: here, stdio: 'inherit' }).status === 0

/** It cannot be built here, and is not needed. */
class NotHere extends Error {}

/** Throws NotHere where there is none. */
function compiler(): string {
  const runs = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0
  const found = (process.env.CXX ? [process.env.CXX] : ['g++', 'clang++']).find(runs)
  if (found === undefined) throw new NotHere('There is no C++ compiler: install g++ or clang++, or name one in CXX.')
  return found
}

function compile(args: readonly string[]): void {
  const name = compiler()
  if (!run(name, ['-std=c++20', '-Wall', '-Wextra', '-pthread', ...args])) throw new Error(`${name} has failed.`)
}

function build(): void {
  if (!existsSync(join(headers, 'node_api.h'))) {
    throw new NotHere(
      `There are no headers of Node.js in ${headers}: they are in its archives from nodejs.org, and in some distributions in a package of their own.`,
    )
  }
  compile(['-O2', '-fPIC', '-shared', '-isystem', headers, 'addon.cc', 'relay.cc', '-o', nativeFile])
  process.stdout.write(`${join(here, nativeFile)}\nAn edge uses it where POSTERN_GATEWAY_RELAY=yes.\n`)
}

const sanitizers = ['address,undefined', 'thread'] as const

function sanitize(seconds: string, seed: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'postern-relay-'))
  try {
    for (const sanitizer of sanitizers) {
      const drive = join(folder, 'drive')
      const flags = [`-fsanitize=${sanitizer}`, '-fno-sanitize-recover=all', '-O1', '-g']
      compile([...flags, 'drive.cc', 'relay.cc', '-o', drive])
      process.stdout.write(`${sanitizer}: `)
      if (!run(drive, [seed, seconds])) throw new Error(`It did not hold under ${sanitizer}.`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  const { values } = parseArgs({ options: { sanitize: { type: 'string' }, seed: { type: 'string', default: '1' } } })
  if (process.platform !== 'linux') throw new NotHere('The relay is for Linux.')
  if (values.sanitize === undefined) build()
  else sanitize(values.sanitize, values.seed)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof NotHere ? 2 : 1
}
