import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { isStale } from './native.ts'

const directory = mkdtempSync(join(tmpdir(), 'postern-native-'))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('what was built is stale once a source beside it is newer', () => {
  const [built, source, other] = ['relay.node', 'relay.cc', 'notes.txt'].map((name) => join(directory, name))
  for (const [file, at] of [
    [source, 1],
    [built, 2],
    [other, 3],
  ] as const) {
    writeFileSync(file ?? '', '')
    utimesSync(file ?? '', at, at)
  }
  expect(isStale(built ?? '')).toBe(false)
  utimesSync(source ?? '', 3, 3)
  expect(isStale(built ?? '')).toBe(true)
})
