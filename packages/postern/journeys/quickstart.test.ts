// `postern quickstart` as users get it: from the bundle, beside whatever else runs on this machine.

import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '../build.ts'
import { endpointForms } from '../src/quickstart/forms.ts'
import { postern } from './program.ts'

let folder: string

beforeAll(async () => {
  folder = mkdtempSync(fileURLToPath(new URL('../.bundle-', import.meta.url)))
  await bundle(folder)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('makes the whole journey of all four forms and exits 0', { timeout: 120_000 }, async () => {
  const program = postern(['quickstart'], { bin: join(folder, 'bin.js') })
  const { code } = await program.ended
  expect(program.stderr()).toBe('')
  expect(code).toBe(0)
  for (const { says } of endpointForms) expect(program.stdout()).toContain(says)
  expect(program.stdout().match(/connect, write and read back/g)).toHaveLength(4)
  expect(program.stdout().match(/the live connection ends/g)).toHaveLength(4)
})
