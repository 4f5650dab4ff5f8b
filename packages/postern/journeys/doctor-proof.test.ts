// Every journey that the table names closes with its proof; else a check could stand there that nobody breaks.

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { brokenIn } from './doctor-proof.ts'

test.each([...new Set(Object.values(brokenIn).flat())])('doctor-%s.test.ts proves its checks', async (journey) => {
  const source = await readFile(new URL(`doctor-${journey}.test.ts`, import.meta.url), 'utf8')
  expect(source).toMatch(new RegExp(`^ *provesItsChecks\\('${journey}'\\)\\n`, 'm'))
})
