// `npm run native`: builds the relay for this machine, with the compiler that is here (CXX, else g++ or clang++) against the
// headers that Node.js brings along. Nothing is downloaded. `npm ci` does not do this, and nothing needs it.
// `npm run native -- --sanitize SECONDS [--seed S]` builds its core without Node.js under the address, undefined behaviour and
// thread sanitizers instead, and drives each for so long (native/drive.cc); a sanitizer's word or a wrong byte ends it with 1.
// `npm run native -- --suites` builds it for Node.js under each, and runs the relay's and the gateway's suites with it there.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
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

function buildForNode(flags: readonly string[]): void {
  if (!existsSync(join(headers, 'node_api.h'))) {
    throw new NotHere(
      `There are no headers of Node.js in ${headers}: they are in its archives from nodejs.org, and in some distributions in a package of their own.`,
    )
  }
  compile([...flags, '-fPIC', '-shared', '-isystem', headers, 'addon.cc', 'relay.cc', '-o', nativeFile])
}

function build(): void {
  buildForNode(['-O2'])
  process.stdout.write(`${join(here, nativeFile)}\nAn edge uses it where POSTERN_GATEWAY_RELAY=yes.\n`)
}

const sanitizers = ['address,undefined', 'thread'] as const
const flagsOf = (sanitizer: string): readonly string[] => [
  `-fsanitize=${sanitizer}`,
  '-fno-sanitize-recover=all',
  '-O1',
  '-g',
]
/** What has to be there before Node.js is; and what keeps a sanitizer from judging Node.js, which is not built for it. */
const inNode = {
  'address,undefined': { libraries: ['libasan.so', 'libubsan.so'], options: 'detect_leaks=0' },
  thread: { libraries: ['libtsan.so'], options: 'exitcode=0' },
} as const

function sanitize(seconds: string, seed: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'postern-relay-'))
  try {
    for (const sanitizer of sanitizers) {
      const drive = join(folder, 'drive')
      compile([...flagsOf(sanitizer), 'drive.cc', 'relay.cc', '-o', drive])
      process.stdout.write(`${sanitizer}: `)
      if (!run(drive, [seed, seconds])) throw new Error(`It did not hold under ${sanitizer}.`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const repository = fileURLToPath(new URL('../../', import.meta.url))
const suites = ['relay.test.ts', 'relay-gateway.test.ts'].map((name) => `packages/edge/src/gateway/join/${name}`)

/**
 * The thread sanitizer sees no order between what Node.js's own threads do to each other, and says so; a word of it is one
 * about the relay where the relay's code is in it.
 */
const namesRelay = (word: string): boolean => word.includes('relay::') || word.includes(nativeFile)

function runSuites(): void {
  const folder = mkdtempSync(join(tmpdir(), 'postern-relay-'))
  try {
    for (const sanitizer of sanitizers) {
      buildForNode([...flagsOf(sanitizer), '-fno-omit-frame-pointer'])
      const { libraries, options } = inNode[sanitizer]
      const pathOf = (library: string): string =>
        execFileSync(compiler(), [`-print-file-name=${library}`], { encoding: 'utf8' }).trim()
      const log = `log_path=${join(folder, sanitizer.slice(0, 6))}:${options}`
      process.stdout.write(`${sanitizer}, in Node.js:\n`)
      const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...suites], {
        cwd: repository,
        stdio: 'inherit',
        env: {
          ...process.env,
          POSTERN_SUITES_NEED_RELAY: 'yes',
          LD_PRELOAD: libraries.map(pathOf).join(' '),
          ASAN_OPTIONS: log,
          UBSAN_OPTIONS: log,
          TSAN_OPTIONS: log,
        },
      })
      const words = readdirSync(folder).flatMap((name) =>
        readFileSync(join(folder, name), 'utf8').split('=================='),
      )
      const ours = words.filter(namesRelay)
      process.stdout.write(`${sanitizer}, in Node.js: ${ours.length} words about the relay\n${ours.join('\n')}`)
      if (status !== 0 || ours.length > 0) throw new Error(`It did not hold under ${sanitizer}, in Node.js.`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    build()
  }
}

try {
  const { values } = parseArgs({
    options: {
      sanitize: { type: 'string' },
      seed: { type: 'string', default: '1' },
      suites: { type: 'boolean', default: false },
    },
  })
  if (process.platform !== 'linux') throw new NotHere('The relay is for Linux.')
  if (values.suites) runSuites()
  else if (values.sanitize === undefined) build()
  else sanitize(values.sanitize, values.seed)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof NotHere ? 2 : 1
}
