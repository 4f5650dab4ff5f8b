// The examples as their readers run them: against the built package, whose types are checked too. They stand in
// examples/ and are copied beside a `node_modules` that holds it; what else they use is found in the repository's.

import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../build.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const tool = (path: string): string => join(root, 'node_modules', path)
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(root, 'packages/postern/.bundle-'))
  cpSync(join(root, 'examples'), folder, { recursive: true })
  // Else the repository's own would be found above.
  writeFileSync(join(folder, 'vitest/vitest.config.js'), 'export default {}')
  const installed = join(folder, 'node_modules/postern')
  mkdirSync(join(installed, 'dist'), { recursive: true })
  for (const part of ['bin', 'package.json'])
    cpSync(join(root, 'packages/postern', part), join(installed, part), { recursive: true })
  await bundle(join(installed, 'dist'))
  // Not made anew: it spares the start an initdb, and nothing else depends on it.
  const template = join(root, 'packages/postern/dist/store-template.tgz')
  if (existsSync(template)) cpSync(template, join(installed, 'dist/store-template.tgz'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ran {
  readonly code: number
  readonly printed: string
}
const run = (command: string, args: readonly string[], cwd: string): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1' }
    execFile(command, args, { cwd: join(folder, cwd), env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), printed: `${stdout}${stderr}` }),
    )
  })
const node = (args: readonly string[], cwd: string): Promise<Ran> => run(process.execPath, args, cwd)

test('the package names its library and its types', () => {
  const { exports } = JSON.parse(readFileSync(join(folder, 'node_modules/postern/package.json'), 'utf8'))
  for (const file of Object.values<string>(exports['./testing']))
    expect(existsSync(join(folder, 'node_modules/postern', file))).toBe(true)
})

// Its name in a public registry is nobody's, or somebody else's.
describe('nobody is led to a registry for the package', () => {
  const tarball = `postern-${JSON.parse(readFileSync(join(root, 'packages/postern/package.json'), 'utf8')).version}.tgz`
  const texts = [
    'README.md',
    'packages/postern/README.md',
    ...['docs', 'examples'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    ),
  ].filter((file) => /\.(md|sh|json)$/.test(file) && !file.includes('node_modules'))

  test.each(texts.filter((file) => file.endsWith('package.json')))('%s', (file) => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, file), 'utf8'))
    expect(devDependencies.postern).toBe(`file:../../${tarball}`)
  })

  test('by a line to paste', () => {
    const lines = texts.flatMap((file) => readFileSync(join(root, file), 'utf8').split('\n'))
    const installs = lines.filter((line) => /npm (i|install|exec)\b.*\bpostern\b/.test(line))
    expect(installs.length).toBeGreaterThan(0)
    expect(installs.filter((line) => !line.includes(`/${tarball}`))).toEqual([])
  })
})

test('examples/vitest', { timeout: 180_000 }, async () => {
  const { code, printed } = await node([tool('vitest/vitest.mjs'), 'run'], 'vitest')
  expect(printed).toMatch(/3 passed/)
  expect(code).toBe(0)
})

test('examples/vitest, its types', { timeout: 180_000 }, async () => {
  expect(await node([tool('typescript/bin/tsc')], 'vitest')).toEqual({ code: 0, printed: '' })
})

test('examples/node-test', { timeout: 180_000 }, async () => {
  const { code, printed } = await node(['--test'], 'node-test')
  expect(printed).toMatch(/pass 4/)
  expect(code).toBe(0)
})

describe('examples/terraform', () => {
  const missing = 'terraform, or a provider that the example names, is not found here'
  test('is formatted as terraform fmt has it, and runs', { timeout: 300_000 }, async ({ skip }) => {
    const formatted = await run('terraform', ['fmt', '-check', '-recursive'], 'terraform')
    if (formatted.code === 0) {
      const ready = await run('terraform', ['init', '-input=false'], 'terraform')
      if (ready.code === 0) {
        const { code, printed } = await run('sh', ['ci.sh'], 'terraform')
        expect(printed).toMatch(/1 passed, 0 failed/)
        expect(code).toBe(0)
        return
      }
    }
    skip(missing)
  })
})
