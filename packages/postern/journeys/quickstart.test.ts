// `postern quickstart` as users get it: from the bundle, beside whatever else runs on this machine.

import { expect, test } from 'vitest'
import { endpointForms } from '../src/quickstart/forms.ts'
import { postern } from './program.ts'

test('makes the whole journey of all four forms and exits 0', { timeout: 120_000 }, async () => {
  const program = await postern(['quickstart'])
  const { code } = await program.ended
  expect(program.stderr()).toBe('')
  expect(code).toBe(0)
  for (const { says } of endpointForms) expect(program.stdout()).toContain(says)
  expect(program.stdout().match(/connect, write and read back/g)).toHaveLength(4)
  expect(program.stdout().match(/the live connection ends/g)).toHaveLength(4)
})
