// The relay under the sanitizers: its core alone, and in Node.js with the suites and the drills over it.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nativeFile } from '../../packages/edge/src/gateway/join/native.ts'
import { buildForNode, compile, compiler, run } from './compile.ts'

const sanitizers = ['address,undefined', 'thread'] as const
const flagsOf = (sanitizer: string): readonly string[] => [
  `-fsanitize=${sanitizer}`,
  '-fno-sanitize-recover=all',
  '-O1',
  '-g',
]
export const addressSanitizer = flagsOf('address,undefined')

/** What has to be there before Node.js is; and what keeps a sanitizer from judging Node.js, which is not built for it. */
const inNode = {
  'address,undefined': { libraries: ['libasan.so', 'libubsan.so'], options: 'detect_leaks=0' },
  thread: { libraries: ['libtsan.so'], options: 'exitcode=0' },
} as const

const repository = fileURLToPath(new URL('../../', import.meta.url))

/** Drives the core without Node.js for so many seconds under each. Throws where it does not hold. */
export function sanitizeCore(seconds: string, seed: string): void {
  withFolder((folder) => {
    for (const sanitizer of sanitizers) {
      const drive = join(folder, 'drive')
      compile([...flagsOf(sanitizer), 'drive.cc', 'relay.cc', '-o', drive])
      process.stdout.write(`${sanitizer}: `)
      if (!run(drive, [seed, seconds])) throw new Error(`It did not hold under ${sanitizer}.`)
    }
  })
}

/** A run of Node.js over the relay. */
export interface RunInNode {
  readonly says: string
  readonly args: readonly string[]
}

/** Runs these under each sanitizer, the relay built for it. Throws where one fails, or a sanitizer has a word about the relay. */
export function sanitizeInNode(runs: readonly RunInNode[], only?: string): void {
  const failed: string[] = []
  for (const sanitizer of sanitizers) {
    if (only !== undefined && !sanitizer.startsWith(only)) continue
    buildForNode([...flagsOf(sanitizer), '-fno-omit-frame-pointer'])
    for (const { says, args } of runs) {
      const what = `${says} under ${sanitizer}, in Node.js`
      process.stdout.write(`\n── ${what}\n`)
      const { held, words } = withFolder((folder) => underSanitizer(sanitizer, args, folder))
      process.stdout.write(`${what}: ${words.length} words about the relay\n${words.join('\n')}`)
      if (!held || words.length > 0) failed.push(what)
    }
  }
  if (failed.length > 0) throw new Error(`It did not hold: ${failed.join('; ')}.`)
}

function underSanitizer(sanitizer: (typeof sanitizers)[number], args: readonly string[], folder: string) {
  const { libraries, options } = inNode[sanitizer]
  const pathOf = (library: string): string =>
    execFileSync(compiler(), [`-print-file-name=${library}`], { encoding: 'utf8' }).trim()
  const log = `log_path=${join(folder, 'words')}:${options}`
  const { status } = spawnSync(process.execPath, args, {
    cwd: repository,
    stdio: 'inherit',
    env: {
      ...process.env,
      POSTERN_SUITES_NEED_RELAY: 'yes',
      LD_PRELOAD: libraries.map(pathOf).join(' '), // the processes that are started by it have it, too
      ASAN_OPTIONS: log,
      UBSAN_OPTIONS: log,
      TSAN_OPTIONS: log,
    },
  })
  const words = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('=================='),
  )
  return { held: status === 0, words: words.filter(namesRelay) }
}

/**
 * The thread sanitizer sees no order between what Node.js's own threads do to each other, and says so; a word of it is one
 * about the relay where the relay's code is in it.
 */
const namesRelay = (word: string): boolean => word.includes('relay::') || word.includes(nativeFile)

function withFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'postern-relay-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
