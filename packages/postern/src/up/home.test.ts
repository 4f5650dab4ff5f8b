import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeHome } from './home.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-home-'))
  writeFileSync(join(folder, 'file'), '')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a home is made with what lies above it, closed to others', () => {
  const home = join(folder, 'a', "odd ö'$x")
  makeHome(home)
  expect(statSync(home).mode & 0o777).toBe(0o700)
})

test.each([
  { says: 'a file of that name', path: 'file', why: 'there is a file of that name' },
  { says: 'a file on the way', path: 'file/home', why: 'a part of its path is a file' },
])('$says: a sentence that says why and what to do', ({ path, why }) => {
  const home = join(folder, path)
  expect(() => makeHome(home)).toThrow(`${home} cannot be made a home: ${why}. Choose another with --home`)
})
