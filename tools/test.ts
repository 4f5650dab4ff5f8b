// `npm test`: installs the test tools (test-tools/, a package of its own so that the first `npm ci` stays small), then
// runs every check and every suite, and ends with one line, `N passed, N failed`. Each check counts as one. Skipped
// tests are listed with their reason. `--only checks` leaves the suites out; further words filter test files.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { TestCase } from 'vitest/node'
import { startVitest } from 'vitest/node'

const words = process.argv.slice(2)
const checksOnly = words[0] === '--only' && words[1] === 'checks'
const filters = checksOnly ? [] : words
const npm = process.env.npm_execpath

const run = (says: string, command: string, args: readonly string[]): boolean => {
  process.stdout.write(`\n── ${says}\n`)
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.stdout.write(`✗ ${says} failed\n`)
  return status === 0
}
const runBin = (says: string, name: string, args: readonly string[] = []): boolean =>
  run(says, process.execPath, [`node_modules/.bin/${name}`, ...args])

function installTestTools(): boolean {
  const wanted = createHash('sha256').update(readFileSync('test-tools/package-lock.json')).digest('hex')
  const mark = 'test-tools/node_modules/.installed'
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return true
  const args = ['ci', '--prefix', 'test-tools', '--ignore-scripts', '--no-audit', '--no-fund']
  const says = 'installing the test tools (mongosh, PostgreSQL, clients of Atlas), about 30 s'
  const done = npm === undefined ? run(says, 'npm', args) : run(says, process.execPath, [npm, ...args])
  if (done) writeFileSync(mark, wanted)
  return done
}

const checks: readonly (readonly [string, () => boolean])[] = [
  ['lint and format (biome)', () => runBin('lint and format (biome)', 'biome', ['check', '--error-on-warnings', '.'])],
  ['types (tsc)', () => runBin('types (tsc)', 'tsc', ['-p', 'tsconfig.json'])],
  ["the console's types (tsc)", () => runBin("the console's types (tsc)", 'tsc', ['-p', 'packages/console'])],
  ['import walls (dependency-cruiser)', () => runBin('import walls (dependency-cruiser)', 'tsx', ['tools/walls.ts'])],
  ['unused exports and dependencies (knip)', () => runBin('unused exports and dependencies (knip)', 'knip')],
]

/** So that the suites run over it, too. Null where there is no compiler for it: nothing needs it, and it is said. */
function buildRelay(): boolean | null {
  process.stdout.write('\n── the native relay (g++ or clang++)\n')
  const { status } = spawnSync(process.execPath, ['node_modules/.bin/tsx', 'tools/native/main.ts'], {
    stdio: 'inherit',
  })
  return status === 2 ? null : status === 0
}

let passed = 0
let failed = 0
const count = (good: boolean): void => {
  if (good) passed += 1
  else failed += 1
}

if (!installTestTools()) failed += 1
if (filters.length === 0) for (const [, check] of checks) count(check())

if (!checksOnly) {
  const built = buildRelay()
  if (built !== null) count(built)
  const skips: string[] = []
  const vitest = await startVitest('test', filters, {
    watch: false,
    reporters: [
      'default',
      {
        onTestCaseResult(test: TestCase) {
          const result = test.result()
          if (result.state === 'passed') passed += 1
          if (result.state === 'failed') failed += 1
          if (result.state === 'skipped') skips.push(`${test.fullName}: ${result.note ?? 'no reason given'}`)
        },
      },
    ],
  })
  const broken = vitest.state
    .getFiles()
    .filter((file) => file.result?.state === 'fail' && file.tasks.length === 0).length
  failed += broken + vitest.state.getUnhandledErrors().length
  await vitest.close()
  if (skips.length > 0) process.stdout.write(`\nskipped:\n${skips.map((line) => `  ${line}`).join('\n')}\n`)
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
