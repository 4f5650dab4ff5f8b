// The relay's core under libFuzzer, which clang brings along: a search for scripts (packages/edge/native/fuzz.cc) that make it do
// what it must not, led by what is covered, under the address and undefined behaviour sanitizers. It begins with what is kept
// in fuzz/corpus/relay.txt.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readKept, writeKept } from '../../fuzz/engine/kept.ts'
import { compile, findCompiler, here, NotHere, run } from './compile.ts'

const target = 'relay'
const findings = fileURLToPath(new URL('../../fuzz/findings/', import.meta.url))
const clangs = ['clang++', ...Array.from({ length: 10 }, (_, back) => `clang++-${23 - back}`)]

interface Search {
  readonly seconds: number
  readonly seed: number
  /** Writes the kept corpus anew from what was found. */
  readonly keep: boolean
}

/** Throws NotHere where there is no fuzzer, and Error where something was found. */
export function fuzz({ seconds, seed, keep }: Search): void {
  const without =
    'There is no clang++ here, whose libFuzzer this needs: install clang (Debian: clang-14 and libclang-rt-14-dev), or name it in CXX.'
  const clang = findCompiler(clangs, without)
  const folder = mkdtempSync(join(tmpdir(), 'postern-relay-'))
  try {
    const program = join(folder, 'fuzz')
    buildFuzzer(clang, program)
    const [corpus, found] = [join(folder, 'corpus'), join(folder, 'found')]
    for (const made of [corpus, found, findings]) mkdirSync(made, { recursive: true })
    writeScripts(corpus)
    const held = run(program, [
      ...[found, corpus, `-max_total_time=${seconds}`, `-seed=${seed}`, `-artifact_prefix=${findings}relay-`],
      ...['-max_len=400', '-len_control=20', '-timeout=60', '-verbosity=1', '-print_final_stats=1', '-reload=0'],
    ])
    if (keep) keepFound(program, folder, [found, corpus])
    if (!held) throw new Error(`It did not hold. Again: npm run native -- --replay fuzz/findings/relay-…`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function buildFuzzer(clang: string, program: string): void {
  try {
    const flags = ['-g', '-O2', '-fsanitize=fuzzer,address,undefined', '-fno-sanitize-recover=all']
    compile([...flags, 'fuzz.cc', 'relay.cc', '-o', program], clang)
  } catch {
    throw new NotHere(
      `${clang} could not build it: where it says that libclang_rt.fuzzer is missing, install clang's runtime (Debian: libclang-rt-14-dev).`,
    )
  }
}

/** The smallest that cover what is covered. */
function keepFound(program: string, folder: string, from: readonly string[]): void {
  const smallest = join(folder, 'smallest')
  mkdirSync(smallest)
  run(program, ['-merge=1', '-max_len=400', '-verbosity=0', smallest, ...from])
  writeKept(
    target,
    readdirSync(smallest).map((name) => readFileSync(join(smallest, name))),
  )
}

function writeScripts(into: string): readonly string[] {
  return readKept(target).map(({ input }, index) => {
    const path = join(into, `kept-${index}`)
    writeFileSync(path, input)
    return path
  })
}

/**
 * Runs scripts as any compiler builds it: these files, or all that are kept. Throws NotHere where there is no compiler, and an
 * Error with what was said where one does not hold.
 */
export function replay(files: readonly string[] | null, flags: readonly string[] = []): void {
  const folder = mkdtempSync(join(tmpdir(), 'postern-relay-'))
  try {
    const program = join(folder, 'replay')
    compile([...flags, '-DRELAY_REPLAY', 'fuzz.cc', 'relay.cc', '-o', program])
    const { status, stdout, stderr } = spawnSync(program, files ?? writeScripts(folder), {
      cwd: here,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    if (status !== 0) throw new Error(`${stdout}${stderr.split('\n').slice(-40).join('\n')}`)
    process.stdout.write(stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
